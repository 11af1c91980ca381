/**
 * 찾는 말을 다듬어 검색 일꾼에게 건넵니다: 문장 부호는 빈칸이 되고, 이름에 든 것(`wgan-gp`, `gan100.py`,
 * `R1+R2`)과 빼라는 `-`, 꼭 있으라는 `+`만 남습니다. 테마는 자판의 소식(`keyup`)만 들으므로, 마우스로
 * 붙이거나 말로 적은 것도 소식으로 알립니다. 주소의 `?h=`는 페이지의 글자와 같은 꼴로 고칩니다.
 * 테마의 스크립트보다 먼저 실행되어야 합니다.
 */
(() => {
  const ASKED = 2; // 테마가 일꾼에게 묻는 말의 번호
  const SIGNS = /[^\p{L}\p{M}\p{N}_\s]+/gu;
  const NAME = /^[\p{L}\p{N}_]$/u;

  /** 풀어 쓴 한글을 모아쓰고, 넓은 글자를 보통 글자로 바꿉니다. @param {string} text */
  const composed = (text) =>
    text.normalize("NFC").replace(/[\uff01-\uff5e]/g, (wide) => wide.normalize("NFKC"));

  /** @param {string} text */
  function cleaned(text) {
    const whole = composed(text);
    return whole.replace(SIGNS, (sign, at) => {
      const before = whole[at - 1] ?? " ";
      const after = whole[at + sign.length] ?? " ";
      if (".-+".includes(sign) && NAME.test(before) && NAME.test(after)) return sign;
      if (sign === "/" && /\d/.test(before) && /\d/.test(after)) return sign; // 1/9
      const orders = "-+".includes(sign) && before.trim() === "" && /^[^\d\s]$/.test(after);
      return orders ? sign : " ";
    });
  }

  const { postMessage } = Worker.prototype;
  Worker.prototype.postMessage = function (/** @type {any[]} */ ...given) {
    const [message] = given;
    if (message?.type === ASKED && typeof message.data === "string") {
      given[0] = { ...message, data: cleaned(message.data) };
    }
    return postMessage.apply(this, /** @type {any} */ (given));
  };

  addEventListener(
    "input",
    ({ target }) => {
      if (target instanceof Element && target.matches(".md-search__input")) {
        target.dispatchEvent(new Event("keyup"));
      }
    },
    true,
  );

  const here = new URL(location.href);
  const marked = here.searchParams.get("h");
  if (marked !== null && marked !== composed(marked)) {
    here.searchParams.set("h", composed(marked));
    history.replaceState(history.state, "", here);
  }

  Object.assign(globalThis, { searchQuery: { cleaned, composed } });
})();
