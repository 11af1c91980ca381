/**
 * 테마가 코드마다 붙이는 단추를 다듬습니다: 이름 없는 길잡이(nav)로 읽히지 않게 하고,
 * 명령은 물음표(`$`)와 출력을 뺀 채 복사되게 합니다.
 */
const NAVIGATION = ".md-code__nav";
const PROMPT = /^(?:\$|>>>|\.\.\.|>) ?/;

/**
 * 화면의 글에서 명령만 남깁니다. 물음표로 시작하는 줄이 하나도 없으면 그대로 둡니다.
 *
 * @param {string} text
 */
export function commands(text) {
  const lines = text.trimEnd().split("\n");
  const asked = lines.filter((line) => PROMPT.test(line));
  return (asked.length ? asked : lines).map((line) => line.replace(PROMPT, "")).join("\n");
}

/** @param {ParentNode} place */
function mend(place) {
  for (const buttons of place.querySelectorAll(NAVIGATION)) {
    buttons.setAttribute("role", "none");
    const block = buttons.closest(".language-console, .language-pycon");
    const copy = buttons.querySelector("[data-clipboard-target]");
    const code = block?.querySelector("code");
    if (copy && code) copy.setAttribute("data-clipboard-text", commands(code.textContent ?? ""));
  }
}

if (globalThis.document) {
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const added of addedNodes) {
        if (added instanceof Element) mend(added.parentElement ?? document);
      }
    }
  }).observe(document.body, { childList: true, subtree: true });
  mend(document);
}
