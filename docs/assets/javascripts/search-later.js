/**
 * 검색의 색인은 찾으려 할 때 받습니다. 테마는 페이지를 열자마자 `XMLHttpRequest`로 받으므로, 그 요청만
 * 붙들어 둡니다. 검색 결과로 연 페이지(`?h=`)에서는 찾은 말을 칠해야 하므로 붙들지 않습니다.
 * 테마의 스크립트보다 먼저 실행되어야 합니다.
 */
(() => {
  const { open, send } = XMLHttpRequest.prototype;
  /** @type {WeakSet<XMLHttpRequest>} */
  const index = new WeakSet();

  XMLHttpRequest.prototype.open = function (/** @type {any[]} */ ...given) {
    if (/\/search\/search_index\.json$/.test(String(given[1]))) index.add(this);
    return open.apply(this, /** @type {any} */ (given));
  };

  XMLHttpRequest.prototype.send = function (body) {
    const marking = new URLSearchParams(location.search).has("h");
    if (marking || !index.has(this)) return send.call(this, body);
    const ask = () => {
      for (const kind of KINDS) removeEventListener(kind, wanted, true);
      send.call(this, body);
    };
    const wanted = (/** @type {Event} */ { target }) => {
      if (target instanceof Element && target.closest(".md-search, [for=__search]")) ask();
    };
    for (const kind of KINDS) addEventListener(kind, wanted, true);
  };

  const KINDS = ["focusin", "pointerdown", "pointerover"];
})();
