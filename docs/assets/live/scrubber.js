/** 작동방식: 이 빌드가 배운 기록을 슬라이더 하나로 훑습니다. 모델은 부르지 않습니다. */
import { fetchAsset, fetchManifest, splitArrays } from "./files.js";
import { drawLosses, glyphImage } from "./picture.js";
import { brush, button, make } from "./stage.js";

/** @typedef {import("./stage.js").Stage} Stage */

const BASE = new URL(".", import.meta.url);
const POINTS = 300; // 손실의 선에 놓는 점의 수
const MILLISECONDS_A_FRAME = 350;
const HEIGHT = 110;

/** @param {Stage} stage */
export async function open(stage) {
  const { record } = await fetchManifest(BASE, stage.signal);
  const content = await fetchAsset(BASE, record.arrays, stage.signal);
  const scrubber = new Scrubber(stage, record, splitArrays(content, record.arrays.layout));
  return { close: () => clearInterval(scrubber.playing) };
}

/**
 * 스텝마다의 손실을 `count`점으로 줄입니다. 점마다 그 둘레의 평균입니다.
 *
 * @param {ArrayLike<number>} losses `[판별기, 생성기, 판별기, …]`
 * @param {number} count
 */
export function thinned(losses, count) {
  const steps = losses.length / 2;
  return Array.from({ length: Math.min(count, steps) }, (_, place) => {
    const first = Math.floor((place * steps) / Math.min(count, steps));
    const last = Math.floor(((place + 1) * steps) / Math.min(count, steps));
    const mean = (/** @type {number} */ which) => {
      let sum = 0;
      for (let step = first; step < last; step++) sum += losses[2 * step + which];
      return sum / (last - first);
    };
    return [mean(0), mean(1)];
  });
}

class Scrubber {
  place = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  playing = undefined;

  /**
   * @param {Stage} stage
   * @param {any} record
   * @param {Record<string, import("./files.js").Values>} arrays
   */
  constructor(stage, record, arrays) {
    this.stage = stage;
    this.record = record;
    this.arrays = arrays;
    this.curve = thinned(arrays.losses.data, POINTS);
    this.place = record.steps.length - 1;
    const last = record.steps.length - 1;
    this.glyphs = make("canvas", { className: "live__glyphs", role: "img" });
    this.scores = make("canvas", { className: "live__chart", role: "img" });
    this.losses = make("canvas", { className: "live__chart", role: "img", "aria-label": "스텝마다의 두 손실과 지금의 자리" });
    this.slider = make("input", { type: "range", min: "0", max: String(last), step: "1", value: String(last), "aria-label": "스텝" });
    this.slider.addEventListener("input", () => {
      this.pause();
      this.move(Number(this.slider.value));
    });
    this.play = button("처음부터 보기", () => (this.playing ? this.pause() : this.start()), {
      hidden: stage.reduced,
      className: "live__button live__button--main",
    });
    this.before = button("이전", () => this.turn(-1));
    this.after = button("다음", () => this.turn(1));
    this.caption = make("p", { className: "live__caption" });
    stage.root.append(
      make(
        "div",
        { className: "live__row live__row--slider" },
        this.before,
        this.slider,
        this.after,
        this.play,
      ),
      this.caption,
      this.glyphs,
      make("p", { className: "live__key" }, make("span", { className: "live__mark live__mark--real" }, "■ 진짜의 점수"), make("span", { className: "live__mark live__mark--fake" }, "┄ 가짜의 점수")),
      this.scores,
      this.losses,
      stage.status,
    );
    stage.redraw(() => this.draw());
    this.move(this.place);
  }

  start() {
    this.play.textContent = "멈춤";
    this.move(0);
    this.playing = setInterval(() => {
      if (this.place >= this.record.steps.length - 1) this.pause();
      else this.move(this.place + 1);
    }, MILLISECONDS_A_FRAME);
  }

  pause() {
    clearInterval(this.playing);
    this.playing = undefined;
    this.play.textContent = "처음부터 보기";
  }

  /** @param {number} by */
  turn(by) {
    this.pause();
    this.move(Math.max(0, Math.min(this.record.steps.length - 1, this.place + by)));
    this.stage.announce(/** @type {string} */ (this.caption.textContent));
  }

  /** @param {number} place */
  move(place) {
    this.place = place;
    this.slider.value = String(place);
    this.slider.setAttribute("aria-valuetext", `${this.record.steps[place]}스텝`);
    this.caption.textContent = this.said(place);
    const ended = [[this.before, place === 0], [this.after, place === this.record.steps.length - 1]];
    for (const [turner, over] of /** @type {[HTMLButtonElement, boolean][]} */ (ended)) {
      if (over && document.activeElement === turner) this.slider.focus(); // 끝에 닿아도 초점을 잃지 않게
      turner.disabled = over;
    }
    this.draw();
  }

  /** @param {number} place */
  said(place) {
    const { steps } = this.record;
    const [real, fake] = this.arrays.scores.data.subarray(2 * place, 2 * place + 2);
    const number = (/** @type {number} */ value) => value.toLocaleString("ko");
    const apart = `진짜와 가짜의 점수 차이는 ${(real - fake).toFixed(2)}입니다.`;
    if (place === 0) return `배우기 전입니다. ${apart}`;
    const changed = Math.round(100 * this.changed(place));
    const [d, g] = this.around(steps[place]);
    return (
      `${number(steps[place - 1])}스텝에서 ${number(steps[place])}스텝으로 오며 글자의 획이 ${changed}% 바뀌었습니다. ` +
      `판별기 손실 ${d.toFixed(2)}, 생성기 손실 ${g.toFixed(2)}. ${apart}`
    );
  }

  /**
   * 앞 시점과 견주어 바뀐 잉크의 비율입니다.
   * @param {number} place
   */
  changed(place) {
    const [before, after] = [this.frame(place - 1), this.frame(place)];
    let [moved, total] = [0, 0];
    for (let pixel = 0; pixel < after.length; pixel++) {
      moved += Math.abs(after[pixel] - before[pixel]);
      total += Math.max(after[pixel], before[pixel]);
    }
    return moved / (total || 1);
  }

  /**
   * 스텝 둘레 20스텝의 평균 손실입니다.
   * @param {number} step
   */
  around(step) {
    const losses = this.arrays.losses.data;
    return thinned(losses.subarray(2 * Math.max(0, step - 20), 2 * step), 1)[0];
  }

  /** @param {number} place */
  frame(place) {
    const { shape, data } = this.arrays.frames;
    const size = shape[1] * shape[2] * shape[3];
    return data.subarray(place * size, (place + 1) * size);
  }

  draw() {
    if (!this.stage.root.clientWidth) return;
    const colours = this.stage.colours();
    this.drawGlyphs(colours);
    const width = this.scores.clientWidth;
    this.drawScores(brush(this.scores, width, HEIGHT), width, colours);
    const { steps } = this.record;
    drawLosses(brush(this.losses, width, HEIGHT), width, HEIGHT, this.curve, colours, steps[this.place] / steps[steps.length - 1]);
  }

  /** @param {Record<string, string>} colours */
  drawGlyphs(colours) {
    const [, count, height, width] = this.arrays.frames.shape;
    const frame = this.frame(this.place);
    const columns = 7;
    const rows = Math.ceil(count / columns);
    const scale = this.stage.root.clientWidth >= 2 * columns * (width + 2) ? 2 : 1; // 화소를 흐리지 않게
    this.glyphs.width = columns * (width + 2);
    this.glyphs.height = rows * (height + 2);
    this.glyphs.style.width = `${scale * this.glyphs.width}px`;
    const context = /** @type {CanvasRenderingContext2D} */ (this.glyphs.getContext("2d"));
    for (let which = 0; which < count; which++) {
      const start = which * width * height;
      const share = (/** @type {number} */ pixel) => frame[start + pixel] / (this.record.levels - 1);
      const [right, down] = [which % columns, Math.floor(which / columns)];
      context.putImageData(
        glyphImage(context, width, height, share, colours),
        right * (width + 2) + 1,
        down * (height + 2) + 1,
      );
    }
    this.glyphs.setAttribute("aria-label", `${this.record.steps[this.place]}스텝의 생성기가 쓴 글자 ${count}자`);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} width
   * @param {Record<string, string>} colours
   */
  drawScores(context, width, colours) {
    const bins = this.arrays.counts.shape[2];
    const [low, high] = this.record.edges;
    const rows = [0, 1].map((which) =>
      this.arrays.counts.data.subarray((2 * this.place + which) * bins, (2 * this.place + which + 1) * bins),
    );
    const most = Math.max(...rows[0], ...rows[1]);
    const x = (/** @type {number} */ bin) => (bin / bins) * width;
    const y = (/** @type {number} */ value) => HEIGHT - 20 - (value / most) * (HEIGHT - 30);
    context.fillStyle = colours.real;
    context.globalAlpha = 0.4;
    rows[0].forEach((value, bin) => context.fillRect(x(bin), y(value), x(1), HEIGHT - 20 - y(value)));
    context.globalAlpha = 1;
    context.strokeStyle = colours.generator;
    context.setLineDash([5, 3]);
    context.lineWidth = 1.6;
    context.beginPath();
    rows[1].forEach((value, bin) => {
      context.lineTo(x(bin), y(value));
      context.lineTo(x(bin + 1), y(value));
    });
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = colours.quiet;
    context.font = `12px ${colours.face}`;
    context.textBaseline = "alphabetic";
    for (const tick of [Math.ceil(low), 0, Math.floor(high)]) {
      const place = ((tick - low) / (high - low)) * width;
      context.textAlign = place < 20 ? "left" : place > width - 20 ? "right" : "center";
      context.fillText(String(tick), place, HEIGHT - 5);
    }
    context.textAlign = "left";
    const [real, fake] = this.arrays.scores.data.subarray(2 * this.place, 2 * this.place + 2);
    this.scores.setAttribute("aria-label", `점수의 분포: 진짜의 평균 ${real.toFixed(1)}, 가짜의 평균 ${fake.toFixed(1)}`);
  }
}
