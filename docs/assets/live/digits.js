/** 100줄을 이 자리에서: `gan100.py`의 한 스텝을 브라우저에서 실행하고, 같은 잠재 벡터의 숫자를 봅니다. */
import { Comparison } from "./comparison.js";
import { choice, duration, named, reason, rows, seedField, written } from "./controls.js";
import { Pad } from "./pad.js";
import { channels } from "./picture.js";
import { readSeed } from "./random.js";
import { button, make } from "./stage.js";

/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./digit_training.js").Settings} Settings */

const BETWEEN = 200; // 다시 그리는 간격(ms): 보는 데 드는 시간보다 배우는 데 드는 시간이 길도록
const SLOW = 1000; // 움직임을 줄인 화면에서
const NARROW_SCREEN = 480; // 이보다 좁으면 좁은 신경망으로 엽니다
const CELL = 40;
const COLUMNS = 8;
const VALUES = ["스텝", "초당 스텝", "남은 시간", "생성기 손실", "점수의 차이"];
const DRAW_FIRST = "먼저 그림판에 그림을 그려 더하세요.";
const DONE = "계획한 스텝을 다 배웠습니다. 처음으로 돌아가거나 스텝 수를 바꾸세요.";

/** @param {Stage} stage */
export async function open(stage) {
  /** @type {DigitTrainer | undefined} */
  let trainer;
  const small = stage.element.clientWidth < NARROW_SCREEN;
  const { digits } = await stage.open((message) => trainer?.listen(message), {
    kindOfWork: "digits",
    seed: 0,
    milliseconds: stage.reduced ? SLOW : BETWEEN,
    settings: { width: small ? "narrow" : "wide", steps: 0, data: "digits" },
  });
  trainer = new DigitTrainer(stage, digits, small);
  trainer.take(await stage.ask("configure", { settings: trainer.settings })); // 계획은 목록에 있음
  stage.redraw(() => trainer?.draw());
  return { close: () => {} };
}

class DigitTrainer {
  running = false;
  /** @type {any} */
  frame = undefined;

  /**
   * @param {Stage} stage
   * @param {any} chosen 목록에 적힌 설정
   * @param {boolean} small 화면이 좁은지
   */
  constructor(stage, chosen, small) {
    this.stage = stage;
    this.chosen = chosen;
    /** @type {Settings} */
    this.settings = { width: small ? "narrow" : "wide", steps: chosen.steps_each, data: "digits" };
    this.canvas = make("canvas", {
      className: "live__digits",
      role: "img",
      width: CELL * COLUMNS,
      height: (CELL * chosen.shown) / COLUMNS,
    });
    this.play = button("시작", () => this.toggle(), { className: "live__button live__button--main" });
    this.seedInput = seedField();
    this.values = Object.fromEntries(VALUES.map((name) => [name, make("dd", {}, "–")]));
    const { wide, narrow } = chosen.widths;
    this.selects = {
      data: choice({ digits: "손글씨 숫자", drawing: "내가 그린 그림" }, (data) => this.configure({ data })),
      width: choice(
        { wide: `${wide.size} (파일 그대로)`, narrow: `${narrow.size} (좁고 빠름)` },
        (width) => this.configure({ width }),
      ),
      steps: choice(
        Object.fromEntries([
          [chosen.steps_each, counted(chosen.steps_each)],
          [chosen.file_steps, `${counted(chosen.file_steps)} (파일 그대로)`],
        ]),
        (steps) => this.configure({ steps: Number(steps) }),
      ),
    };
    this.pad = new Pad(stage, (drawings) => this.redrawn(drawings));
    this.note = make(
      "p",
      { className: "live__hint", hidden: !small },
      `화면이 좁아 좁은 신경망(너비 ${narrow.size})으로 열었습니다. 한 스텝이 빠른 대신 숫자가 조금 덜 또렷합니다.`,
    );
    const comparison = new Comparison(stage, () => this.halt(), (found) => this.differences(found));
    stage.root.append(this.bench(), comparison.element);
    this.showSettings();
  }

  bench() {
    return make(
      "div",
      { className: "live__bench" },
      make("div", { className: "live__scene" }, this.canvas, this.stage.status),
      make(
        "div",
        { className: "live__controls" },
        make(
          "div",
          { className: "live__row" },
          this.play,
          button("처음으로", () => this.reset()),
          make("label", {}, "시드 ", this.seedInput),
        ),
        make("dl", { className: "live__values" }, ...rows(this.values)),
        named("데이터", this.selects.data),
        this.pad.element,
        named("너비", this.selects.width),
        this.note,
        named("스텝 수", this.selects.steps),
      ),
    );
  }

  /** @param {any} message 물음 없이 온 말 */
  listen(message) {
    if (message.kind === "frame") {
      this.take(message.frame);
      if (!message.finite) this.stopped("손실이 유한하지 않게 되어 멈췄습니다. 처음으로 돌아가세요.");
      else if (message.frame.finished) this.stopped(DONE);
    } else if (message.kind === "failed") {
      this.stopped(message.message);
    }
  }

  /** @param {any} frame */
  take(frame) {
    if (!frame) return;
    const { steps, loss, gap } = frame;
    const rate = frame.rate ?? (steps > 0 ? this.frame?.rate : undefined); // 멈춘 뒤에는 마지막 빠르기
    this.frame = { ...frame, rate };
    const text = [
      steps.toLocaleString("ko"),
      rate ? (rate < 10 ? rate.toFixed(1) : Math.round(rate).toLocaleString("ko")) : "–",
      rate ? duration((this.settings.steps - steps) / rate) : "–",
      written(loss),
      written(gap),
    ];
    VALUES.forEach((name, place) => (this.values[name].textContent = text[place]));
    this.draw();
  }

  draw() {
    this.pad.draw();
    if (!this.frame) return;
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    paint(context, this.frame.large, this.stage.colours());
    this.canvas.setAttribute(
      "aria-label",
      `${counted(this.frame.steps)}을 배운 생성기가 만든 ${this.chosen.shown}장`,
    );
  }

  /** 그린 것을 배우기로 했지만 아직 더한 그림이 없는지 */
  get empty() {
    return this.settings.data === "drawing" && this.pad.kept.length === 0;
  }

  async toggle() {
    if (this.running) await this.pause();
    else await this.start();
  }

  async start() {
    if (this.empty || this.frame.finished) {
      this.stage.announce(this.empty ? DRAW_FIRST : DONE);
      return;
    }
    this.running = true;
    this.play.textContent = "멈춤";
    this.stage.announce("학습하는 중입니다.");
    await this.stage.ask("run");
  }

  /** 배우는 중이면 멈춥니다. */
  async rest() {
    if (this.running) await this.pause();
  }

  async pause() {
    this.halt();
    this.take(await this.stage.ask("pause"));
    if (this.running) return; // 그 사이에 다시 시작함
    this.stage.announce(this.frame.finished ? DONE : `${counted(this.frame.steps)}에서 멈췄습니다.`);
  }

  /** 누른 때에 멈춘 것으로 적습니다. */
  halt() {
    this.running = false;
    this.play.textContent = "시작";
  }

  /** @param {string} text */
  stopped(text) {
    this.halt();
    this.stage.announce(text);
  }

  async reset() {
    const { seed, refusal } = readSeed(this.seedInput.value);
    if (refusal !== undefined) {
      this.stage.announce(refusal);
      return;
    }
    this.take(await this.stage.ask("reset", { seed }));
    this.stage.announce(`시드 ${seed}의 처음으로 돌아갔습니다.`);
  }

  /** @param {Partial<Record<keyof Settings, any>>} settings */
  async configure(settings) {
    await this.rest();
    const before = this.settings;
    this.settings = { ...before, ...settings };
    this.showSettings();
    try {
      this.take(await this.stage.ask("configure", { settings: this.settings }));
      this.stage.announce(this.empty ? DRAW_FIRST : "설정이 바뀌어 처음으로 돌아갔습니다.");
    } catch (error) {
      this.settings = before; // 받지 못한 설정은 되돌림
      this.showSettings();
      this.stage.announce(reason(error));
    }
  }

  showSettings() {
    for (const [name, select] of Object.entries(this.selects)) {
      select.value = String(this.settings[/** @type {keyof Settings} */ (name)]);
    }
    this.pad.element.hidden = this.settings.data !== "drawing";
    this.pad.draw();
  }

  /** @param {Float32Array[]} drawings */
  async redrawn(drawings) {
    if (this.running && this.empty) await this.pause();
    await this.stage.ask("draw", { drawings });
  }

  /**
   * @param {any} found 너비 하나의 스텝을 견준 것
   * @returns {import("./comparison.js").Differences}
   */
  differences(found) {
    const { size, golden } = this.chosen.widths[this.settings.width];
    return {
      steps: golden.layout.index.shape[0],
      heads: ["너비", "생성기 손실", "점수의 차이", "표본의 화소"],
      rows: [[String(size), found.loss, found.gap, found.pixels]],
    };
  }
}

/**
 * 키운 표본들을 늘어놓아 그립니다. 화소가 많아 색은 한 번만 섞어 둡니다.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} large 값이 [-1, 1]인 표본들
 * @param {Record<string, string>} colours
 */
function paint(context, large, { ink, paper }) {
  const { width, height } = context.canvas;
  const [dark, light] = [ink, paper].map(channels);
  const image = context.createImageData(width, height);
  const shades = new Uint8ClampedArray(4 * 256).map((_, place) => {
    const [level, channel] = [Math.floor(place / 4) / 255, place % 4];
    return channel === 3 ? 255 : light[channel] + level * (dark[channel] - light[channel]);
  });
  const [colours, pixels] = [shades, image.data].map(({ buffer }) => new Uint32Array(buffer));
  for (let place = 0; place < large.length; place++) {
    const which = Math.floor(place / (CELL * CELL));
    const x = (which % COLUMNS) * CELL + (place % CELL);
    const y = Math.floor(which / COLUMNS) * CELL + (Math.floor(place / CELL) % CELL);
    const level = Math.round(Math.min(1, Math.max(0, (large[place] + 1) / 2)) * 255);
    pixels[y * width + x] = colours[level];
  }
  context.putImageData(image, 0, 0);
}

/** @param {number} steps */
function counted(steps) {
  return `${steps.toLocaleString("ko")}스텝`;
}
