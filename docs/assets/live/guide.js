/**
 * 안내: `<gan-guide>`에 이어지는 목록을 한 번에 물음 하나씩 보입니다. **해 보기**를 누르면 물음에 적힌 일
 * (`data-act`)을 곁의 `<gan-trainer>`에게 시키고, 다 한 다음에 답을 폅니다. 스크립트가 없으면 목록이 글로 남습니다.
 */

/**
 * @typedef {HTMLElement & {act: (script: string) => Promise<boolean>}} Actor 일을 시킬 요소
 */

/** @param {HTMLElement} element */
export function guide(element) {
  const room = /** @type {HTMLElement} */ (element.closest(".guided"));
  const actor = /** @type {Actor} */ (room.querySelector("gan-trainer"));
  const stops = /** @type {HTMLElement[]} */ ([...room.querySelectorAll("ol > li")]);
  let current = 0;

  const count = document.createElement("span");
  count.className = "guide__count";
  count.setAttribute("role", "status");
  const before = press("이전", () => show(current - 1));
  const play = press("해 보기", act);
  const after = press("다음", () => show(current + 1));
  play.classList.add("live__button--main");
  const row = document.createElement("div");
  row.className = "guide__row live";
  row.append(before, play, after, count);
  element.replaceChildren(row);
  element.closest(".guide")?.classList.add("guide--open");
  show(0);

  /** @param {number} place */
  function show(place) {
    current = Math.min(stops.length - 1, Math.max(0, place));
    stops.forEach((stop, index) => {
      stop.hidden = index !== current;
    });
    before.disabled = current === 0;
    after.disabled = current === stops.length - 1;
    count.textContent = `물음 ${current + 1}/${stops.length}`;
  }

  /** 화면의 위에 머무는 물음 바로 아래에 그림이 오게 합니다. */
  function look() {
    const board = /** @type {HTMLElement} */ (element.closest(".guide"));
    const canvas = actor.querySelector("canvas");
    if (!canvas) return;
    const above = parseFloat(getComputedStyle(board).top) + board.offsetHeight;
    canvas.style.scrollMarginTop = `${above + 8}px`;
    canvas.scrollIntoView({ block: "start" });
  }

  async function act() {
    const stop = stops[current];
    const answer = /** @type {HTMLDetailsElement} */ (stop.querySelector("details"));
    const script = stop.querySelector("[data-act]")?.getAttribute("data-act") ?? "";
    const buttons = [before, play, after];
    for (const button of buttons) button.disabled = true;
    count.textContent = "하는 중입니다…";
    look();
    const waiting = new AbortController();
    let away = false; // 기다리는 사이에 독자가 다른 곳을 보거나 만졌는지
    for (const kind of ["wheel", "pointerdown", "keydown"]) {
      addEventListener(kind, () => (away = true), { passive: true, signal: waiting.signal });
    }
    const done = await actor.act(script);
    waiting.abort();
    answer.open = true;
    play.disabled = false;
    show(current);
    if (!done) count.textContent = "여기에서는 돌리지 못해 답만 폅니다.";
    if (away) return;
    play.focus({ preventScroll: true });
    requestAnimationFrame(look); // 답을 펴 자리가 밀린 다음에
  }
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function press(text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "live__button";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}
