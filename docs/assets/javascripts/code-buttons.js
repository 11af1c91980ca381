/**
 * 테마가 코드마다 붙이는 단추를 다듬습니다: 이름 없는 길잡이(nav)로 읽히지 않게 하고,
 * 명령은 물음표(`$`)와 출력을 뺀 채 복사되게 합니다. 가리킬 것이 없는 화면(`hover: none`)에서 테마는 밀어
 * 볼 코드의 초점을 떼므로, 빌드가 준 초점을 되돌립니다: 자판을 이은 태블릿에서도 밀어 볼 수 있게.
 */
const NAVIGATION = ".md-code__nav";
const CODE = "pre > code";
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
  if (!matchMedia("(hover)").matches) keepFocus();
}

function keepFocus() {
  new MutationObserver((changes) => {
    for (const { target, oldValue } of changes) {
      if (target instanceof Element && target.matches(CODE) && oldValue !== null) focusable(target);
    }
  }).observe(document.body, {
    attributeFilter: ["tabindex"],
    attributeOldValue: true,
    subtree: true,
  });
  for (const code of document.querySelectorAll(CODE)) {
    // 이 스크립트보다 테마가 빨랐던 것. 접힌 글 속은 펼칠 때 위에서: 지금 재면 모두 그려야 함
    if (code.checkVisibility() && code.scrollWidth > code.clientWidth) focusable(code);
  }
}

/** @param {Element} code */
function focusable(code) {
  if (!code.hasAttribute("tabindex")) code.setAttribute("tabindex", "0");
}
