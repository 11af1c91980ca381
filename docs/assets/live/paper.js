/** 글자를 쓰는 종이입니다: 손가락, 마우스, 자판으로 획을 긋습니다. */
import { ARROWS, pointed } from "./pointer.js";
import { brush, make } from "./stage.js";
import { SIDE } from "./strokes.js";

/** @typedef {import("./strokes.js").Stroke} Stroke */

const NEAREST = 0.2; // 이보다 가까운 점은 덧붙이지 않음

export class Paper {
  /** @type {Stroke[]} */
  strokes = [];
  pen = [SIDE / 4, SIDE / 4];
  down = false; // 자판의 펜이 종이에 닿았는지
  /** @type {number | undefined} 획을 긋고 있는 손가락. 다른 손가락은 그동안 긋지 못함 */
  pointer = undefined;
  width = 2;
  letter = "가";

  /**
   * @param {import("./stage.js").Stage} stage
   * @param {(strokes: Stroke[]) => void} change 획이 바뀌면 부를 함수
   */
  constructor(stage, change) {
    this.stage = stage;
    this.change = change;
    this.canvas = make("canvas", { className: "live__paper", tabIndex: 0, role: "img" });
    this.canvas.addEventListener("pointerdown", (event) => this.press(event));
    this.canvas.addEventListener("pointermove", (event) => this.drag(event));
    this.canvas.addEventListener("keydown", (event) => this.keyboard(event));
    this.canvas.addEventListener("focus", () => this.draw());
    this.canvas.addEventListener("blur", () => this.lift());
  }

  /**
   * @param {string} letter
   * @param {Stroke[]} strokes
   */
  show(letter, strokes) {
    this.letter = letter;
    this.strokes = strokes;
    this.lift();
  }

  undo() {
    this.strokes = this.strokes.slice(0, -1);
    this.changed();
  }

  clear() {
    this.strokes = [];
    this.changed();
  }

  lift() {
    this.down = false;
    this.pointer = undefined;
    this.draw();
  }

  changed() {
    this.lift();
    this.change(this.strokes);
  }

  /** @param {number[]} point */
  begin(point) {
    this.strokes = [...this.strokes, { width: this.width, points: [point] }];
    this.pen = point;
    this.update();
  }

  /** @param {number[]} point */
  extend(point) {
    const { points } = this.strokes[this.strokes.length - 1];
    const last = points[points.length - 1];
    if (Math.hypot(point[0] - last[0], point[1] - last[1]) < NEAREST) return;
    points.push(point);
    this.pen = point;
  }

  update() {
    this.draw();
    this.change(this.strokes);
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0 || !event.isPrimary) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.down = false;
    this.pointer = event.pointerId;
    this.begin(this.under(event));
  }

  /** @param {PointerEvent} event */
  drag(event) {
    if (event.pointerId !== this.pointer || !this.canvas.hasPointerCapture(event.pointerId)) return;
    const passed = event.getCoalescedEvents?.() ?? [];
    for (const each of passed.length ? passed : [event]) this.extend(this.under(each));
    this.update(); // 지나간 점이 여럿이어도 한 번만 그림
  }

  /** @param {PointerEvent} event */
  under(event) {
    return pointed(this.canvas, event).map((share) => SIDE * share);
  }

  /** @param {KeyboardEvent} event */
  keyboard(event) {
    const move = ARROWS[event.key];
    if (move) {
      this.step(move);
    } else if (event.key === " ") {
      this.down = !this.down;
      if (this.down) this.begin(this.pen);
      else this.draw();
      this.stage.announce(this.down ? "펜을 내렸습니다. 화살표로 그으세요." : "펜을 들었습니다.");
    } else if (event.key === "Backspace") {
      this.undo();
      this.stage.announce(`획 하나를 되돌렸습니다. 남은 획 ${this.strokes.length}개.`);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** @param {number[]} move */
  step(move) {
    const point = this.pen.map((place, axis) => Math.min(SIDE, Math.max(0, place + move[axis])));
    if (this.down) {
      this.extend(point);
      this.update();
      return;
    }
    this.pen = point;
    this.draw();
  }

  draw() {
    const { clientWidth: size } = this.canvas;
    const name = `${this.letter} 자를 쓰는 종이: 획 ${this.strokes.length}개`;
    this.canvas.setAttribute("aria-label", name);
    if (!size) return;
    const context = brush(this.canvas, size, size);
    const { ink, rule, generator } = this.stage.colours();
    const unit = size / SIDE;
    guide(context, size, rule);
    context.lineCap = context.lineJoin = "round";
    context.strokeStyle = ink;
    for (const { width, points } of this.strokes) {
      context.lineWidth = unit * width;
      context.beginPath();
      for (const [x, y] of [points[0], ...points]) context.lineTo(unit * x, unit * y);
      context.stroke();
    }
    if (document.activeElement !== this.canvas) return;
    context.strokeStyle = generator;
    context.lineWidth = this.down ? 3 : 1.5;
    context.beginPath();
    context.arc(unit * this.pen[0], unit * this.pen[1], (unit * this.width) / 2 + 2, 0, 2 * Math.PI);
    context.stroke();
  }
}

/**
 * 가운데를 알리는 옅은 열십자입니다.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} size
 * @param {string} colour
 */
function guide(context, size, colour) {
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.setLineDash([3, 5]);
  context.beginPath();
  for (const [x, y] of [[0, 1], [1, 0]]) {
    context.moveTo((x ? 0 : 0.5) * size, (y ? 0 : 0.5) * size);
    context.lineTo((x ? 1 : 0.5) * size, (y ? 1 : 0.5) * size);
  }
  context.stroke();
  context.setLineDash([]);
}
