/**
 * 페이지의 코드를 모두 이은 파이썬 파일을 한 번에 복사합니다.
 */

/** @param {string} address */
async function read(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${answer.status}: ${address}`);
  return new Blob([await answer.text()], { type: "text/plain" });
}

/**
 * 약속을 그대로 클립보드에 건넵니다: 파일을 받는 사이에 누른 손길이 잊히지 않습니다.
 *
 * @param {HTMLButtonElement} button
 */
async function copy(button) {
  const { script = "", copied = "", failed = "" } = button.dataset;
  const status = button.parentElement?.querySelector("[role=status]");
  if (!status) return;
  status.textContent = "";
  try {
    const address = new URL(script, document.baseURI).href;
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": read(address) })]);
    status.textContent = copied;
  } catch {
    status.textContent = failed;
  }
}

document.addEventListener("click", ({ target }) => {
  const button = target instanceof Element && target.closest("button[data-script]");
  if (button instanceof HTMLButtonElement) copy(button);
});
