/** 8×8 칸에 그리는 그림판입니다. 손가락, 마우스, 자판으로 그립니다. */
import { ARROWS, pointed } from "./pointer.js";
import { brush, button, make } from "./stage.js";

const SIDE = 8;

export class Pad {
  /** @type {Float32Array} 획은 1, 바탕은 -1. 윗줄부터 */
  cells = new Float32Array(SIDE * SIDE).fill(-1);
  /** @type {Float32Array[]} 더한 그림들 */
  kept = [];
  cursor = [0, 0];
  /** @type {number | undefined} 누른 채 지나가는 칸에 칠할 값 */
  ink = undefined;
  /** @type {number[] | undefined} 누른 채 마지막으로 지나간 칸 */
  last = undefined;

  /**
   * @param {import("./stage.js").Stage} stage
   * @param {(drawings: Float32Array[]) => void} change 더한 그림이 바뀌면 부를 함수
   */
  constructor(stage, change) {
    this.stage = stage;
    this.change = change;
    this.canvas = make("canvas", { className: "live__pad", tabIndex: 0, role: "img" });
    this.count = make("span", { className: "live__number" });
    this.element = make(
      "div",
      { hidden: true },
      make(
        "p",
        { className: "live__hint" },
        "칸에 그리고 더하세요. 자판으로는 그림판에 초점을 두고 화살표로 움직여 스페이스로 칠하거나 지웁니다.",
      ),
      this.canvas,
      make(
        "div",
        { className: "live__row" },
        button("그림 더하기", () => this.keep()),
        button("모두 지우기", () => this.erase()),
        this.count,
      ),
    );
    this.canvas.addEventListener("keydown", (event) => this.keyboard(event));
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => event.buttons & 1 && this.paint(event));
    this.canvas.addEventListener("pointerleave", () => (this.last = undefined));
    for (const name of /** @type {const} */ (["focus", "blur"])) {
      this.canvas.addEventListener(name, () => this.draw());
    }
  }

  keep() {
    if (this.cells.every((cell) => cell < 0)) {
      this.stage.announce("빈 그림판은 더할 수 없습니다. 먼저 그리세요.");
      return;
    }
    this.kept = [...this.kept, this.cells];
    this.cells = new Float32Array(SIDE * SIDE).fill(-1);
    this.draw();
    this.change(this.kept);
    this.stage.announce(`그림 ${this.kept.length}장을 배웁니다.`);
  }

  erase() {
    this.kept = [];
    this.cells = new Float32Array(SIDE * SIDE).fill(-1);
    this.draw();
    this.change(this.kept);
    this.stage.announce("그림을 모두 지웠습니다.");
  }

  draw() {
    const { clientWidth: size } = this.canvas;
    this.count.textContent = `더한 그림 ${this.kept.length}장`;
    const filled = this.cells.filter((cell) => cell > 0).length;
    this.canvas.setAttribute("aria-label", `여덟 칸씩 여덟 줄의 그림판: ${filled}칸을 칠함`);
    if (!size) return;
    const context = brush(this.canvas, size, size);
    const { ink, rule, generator } = this.stage.colours();
    const cell = size / SIDE;
    context.fillStyle = ink;
    this.cells.forEach((value, place) => {
      if (value > 0) context.fillRect((place % SIDE) * cell, Math.floor(place / SIDE) * cell, cell, cell);
    });
    context.strokeStyle = rule;
    context.lineWidth = 1;
    context.beginPath();
    for (let line = 1; line < SIDE; line++) {
      context.moveTo(line * cell, 0);
      context.lineTo(line * cell, size);
      context.moveTo(0, line * cell);
      context.lineTo(size, line * cell);
    }
    context.stroke();
    if (document.activeElement !== this.canvas) return;
    context.strokeStyle = generator;
    context.lineWidth = 2;
    context.strokeRect(this.cursor[0] * cell + 1, this.cursor[1] * cell + 1, cell - 2, cell - 2);
  }

  /** @param {KeyboardEvent} event */
  keyboard(event) {
    const move = ARROWS[event.key];
    if (move) {
      this.cursor = this.cursor.map((place, axis) =>
        Math.max(0, Math.min(SIDE - 1, place + move[axis])),
      );
    } else if (event.key === " " || event.key === "Enter") {
      const place = SIDE * this.cursor[1] + this.cursor[0];
      this.cells[place] = -this.cells[place];
    } else {
      return;
    }
    event.preventDefault();
    this.draw();
    const [column, row] = this.cursor;
    const filled = this.cells[SIDE * row + column] > 0;
    this.stage.announce(`${row + 1}째 줄 ${column + 1}째 칸, ${filled ? "칠함" : "빔"}`);
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    const [column, row] = this.under(event);
    this.ink = -this.cells[SIDE * row + column];
    this.last = undefined;
    this.paint(event);
  }

  /**
   * 앞의 칸에서 지금의 칸까지 곧게 칠합니다: 빨리 그어도 사이의 칸이 비지 않게.
   *
   * @param {PointerEvent} event
   */
  paint(event) {
    if (!event.isPrimary) return;
    const here = this.under(event);
    const from = this.last ?? here;
    const count = Math.max(1, ...here.map((place, axis) => Math.abs(place - from[axis])));
    for (let step = 0; step <= count; step++) {
      const [column, row] = from.map((place, axis) => Math.round(place + ((here[axis] - place) * step) / count));
      this.cells[SIDE * row + column] = this.ink ?? 1;
    }
    this.cursor = this.last = here;
    this.draw();
  }

  /** @param {PointerEvent} event */
  under(event) {
    return pointed(this.canvas, event).map((share) => Math.min(SIDE - 1, Math.floor(SIDE * share)));
  }
}
