// 페이지의 스크립트보다 먼저 실행되어, 어느 엔진에서나 같은 길로 어긴 정책과 오류를 모읍니다.
globalThis.watched = { violations: [], errors: [] };
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  watched.violations.push(`${effectiveDirective} ${blockedURI}`);
});
// 크기를 다음 장면에 알린다는 말은 오류가 아님: 화면 밖에 미루어 둔 수식을 엔진이 그리면 스스로 냄
const LATER = "ResizeObserver loop completed";
// 그림과 스크립트를 받지 못한 것은 위로 번지지 않으므로 내려가는 길에서 들음
addEventListener("error", ({ message, target }) => {
  if (message?.startsWith(LATER)) return;
  watched.errors.push(message ?? `받지 못함: ${target.src ?? target.href ?? target.localName}`);
}, true);
addEventListener("unhandledrejection", ({ reason }) => watched.errors.push(String(reason)));
console.error = ((say) => (...words) => {
  watched.errors.push(words.map(String).join(" "));
  say.apply(console, words);
})(console.error);
