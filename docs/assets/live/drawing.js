/** 독자가 평면에 그리는 데이터: 손가락과 마우스로 긋거나, 자판으로 찍습니다. */
import { toPlane } from "./picture.js";
import { ARROWS } from "./pointer.js";
import { button, make } from "./stage.js";

const STEP = 0.1; // 자판으로 그릴 때 움직이는 거리
const MOST_CENTERS = 400;

export class Drawing {
  on = false;
  /** @type {number[][]} */
  centers = [];
  place = [0, 0];

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {number} window 보이는 평면의 절반 너비
   * @param {{changed: () => void, moved: () => void}} told 그린 것이 바뀌었을 때와, 자판의 자리를 옮겼을 때 부를 함수
   */
  constructor(canvas, window, told) {
    this.canvas = canvas;
    this.window = window;
    this.told = told;
    this.erase = button("그림 지우기", () => this.change([]), { hidden: true });
    this.hint = make(
      "p",
      { className: "live__hint", hidden: true },
      "평면에 그리세요. 자판으로는 평면에 초점을 두고 화살표로 움직여 스페이스로 찍습니다.",
    );
    canvas.addEventListener("keydown", (event) => this.keyboard(event));
    canvas.addEventListener("pointerdown", (event) => this.pointer(event));
    canvas.addEventListener("pointermove", (event) => event.buttons & 1 && this.pointer(event));
  }

  /** @param {boolean} on 그리는 중인지 */
  show(on) {
    this.on = on;
    this.erase.hidden = this.hint.hidden = !on;
    this.canvas.classList.toggle("live__plane--drawing", on);
  }

  /** 그리기로 했지만 아직 그린 것이 없는지 */
  get empty() {
    return this.on && this.centers.length === 0;
  }

  /** 보일 자판의 자리입니다. 평면에 초점이 없으면 비어 있습니다. */
  get cursor() {
    return this.on && document.activeElement === this.canvas ? this.place : undefined;
  }

  /** @param {number[][]} centers */
  change(centers) {
    this.centers = centers.slice(-MOST_CENTERS);
    this.told.changed();
  }

  /** @param {KeyboardEvent} event */
  keyboard(event) {
    if (!this.on) return;
    const move = ARROWS[event.key];
    if (move) {
      const { window } = this;
      this.place = this.place.map((place, axis) =>
        Math.max(-window, Math.min(window, place + (axis ? -STEP : STEP) * move[axis])), // 평면은 위가 +
      );
      this.told.moved();
    } else if (event.key === " " || event.key === "Enter") {
      this.change([...this.centers, this.place]);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  pointer(event) {
    if (!this.on || event.button > 0) return; // 오른쪽 단추는 메뉴
    const box = this.canvas.getBoundingClientRect();
    const place = toPlane(event.clientX - box.left, event.clientY - box.top, box.width, this.window);
    const near = this.centers.some(([x, y]) => Math.hypot(x - place[0], y - place[1]) < STEP / 2);
    if (!near) this.change([...this.centers, place]);
  }
}
