/**
 * 그리기 전에 화면의 밝기를 정합니다: 독자가 골랐으면 그것을, 처음이면 기기를 따릅니다.
 * 그래서 어두운 기기에서 밝은 화면이 번쩍이지 않고, 쓰지 않을 밝은 그림을 받지도 않습니다.
 */
(() => {
  const chosen = /** @type {any} */ (globalThis).__md_get("__palette")?.color?.scheme;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.body.dataset.mdColorScheme = chosen ?? (dark ? "slate" : "default");
})();
