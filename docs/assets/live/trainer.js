/** 2차원 실시간 학습: 이 패키지의 한 스텝을 브라우저에서 실행하고, 그 모습을 그립니다. */
import { query, read } from "./address.js";
import { Choices, DATA } from "./choices.js";
import { Comparison } from "./comparison.js";
import { latest, named, reason, rows, seedField, written } from "./controls.js";
import { Drawing } from "./drawing.js";
import { FormulaFields } from "./formulas.js";
import { drawLosses, drawPlane } from "./picture.js";
import { readSeed } from "./random.js";
import { button, brush, make } from "./stage.js";
import { Share } from "./share.js";
import { Slow } from "./slow.js";
import { OWN, sizeName } from "./training.js";

/** @typedef {import("./stage.js").Stage} Stage */

const LAYERS = { field: "판별기의 점수 지도", lattice: "휘어진 잠재 공간", push: "가짜가 밀리는 쪽" };
const KEPT = 400; // 손실의 그림에 남기는 점의 수
const DRAW_FIRST = "먼저 평면에 데이터를 그리세요.";
const NOT_RECEIVED =
  "주소에 적힌 설정의 파일을 받지 못해 기본 설정으로 시작합니다. 네트워크를 확인하고 페이지를 새로 고치세요.";
const SLOW = 1000; // 움직임을 줄인 화면에서 다시 그리는 간격(ms)

/** @param {Stage} stage */
export async function open(stage) {
  /** @type {Trainer | undefined} */
  let trainer;
  const manifest = await stage.open((message) => trainer?.listen(message), {
    kindOfWork: "plane",
    seed: 0,
    milliseconds: stage.reduced ? SLOW : undefined,
  });
  trainer = new Trainer(stage, manifest);
  trainer.take(await stage.ask("look"));
  await trainer.restore(location.search);
  stage.redraw(() => trainer?.draw());
  const { act } = trainer;
  return { close: () => {}, act: act.bind(trainer) };
}

class Trainer {
  seed = 0;
  running = false;
  /** @type {(number | undefined)[][]} */
  history = [];
  lastStep = -1;
  /** @type {any} */
  frame = undefined;
  shown = { field: true, lattice: true, push: true };
  end = Infinity; // 이 스텝에 이르면 일꾼이 스스로 멈춤
  /** @type {(() => void) | undefined} 멈추기를 기다리는 안내를 깨움 */
  woken = undefined;

  /**
   * @param {Stage} stage
   * @param {any} manifest
   */
  constructor(stage, manifest) {
    this.stage = stage;
    this.manifest = manifest;
    this.settings = { ...manifest.plane.defaults };
    this.kept = this.settings; // 일꾼이 쓰는 것으로 확인된 설정
    this.canvas = make("canvas", {
      className: "live__plane",
      tabIndex: 0,
      role: "img",
      "aria-label": "진짜와 가짜가 놓인 평면",
    });
    this.chart = make("canvas", { className: "live__chart", role: "img", "aria-label": "두 손실" });
    this.play = button("시작", () => this.toggle(), { className: "live__button live__button--main" });
    const steps = [
      button("판별기 한 스텝", () => this.step("discriminator")),
      button("생성기 한 스텝", () => this.step("generator")),
      button("둘 다 한 스텝", () => this.step("both")),
    ];
    this.slow = new Slow((place) => this.part(place), (text) => stage.announce(text));
    this.seedInput = seedField();
    const presets = [
      button("붕괴시키기", () => this.collapse()),
      button("고치기", () => this.cure()),
    ];
    this.choices = new Choices(
      manifest.plane,
      (settings) => this.configure(settings),
      (loss) => this.chooseLoss(loss),
    );
    this.share = new Share({
      query: () => this.query(),
      canvas: this.canvas,
      caption: () => this.caption(),
      colours: () => stage.colours(),
      announce: (text) => stage.announce(text),
    });
    this.formulas = new FormulaFields(
      (formulas) => this.writeLoss(formulas),
      (text) => this.stage.announce(text),
    );
    this.values = Object.fromEntries(
      ["스텝", "판별기 손실", "생성기 손실", "닿은 봉우리", "역 KL", "초당 스텝"].map((name) => [
        name,
        make("dd", {}, "–"),
      ]),
    );
    this.drawing = new Drawing(this.canvas, manifest.plane.window, {
      changed: latest(() => this.redrawn(), (text) => stage.announce(text)),
      moved: () => this.draw(),
    });
    const { selects, ranges } = this.choices;
    stage.root.append(
      make(
        "div",
        { className: "live__bench" },
        make(
          "div",
          { className: "live__scene" },
          this.canvas,
          make("p", { className: "live__key" }, ...key()),
          stage.status,
          this.chart,
        ),
        make(
          "div",
          { className: "live__controls" },
          make("div", { className: "live__row" }, this.play, ...steps, this.slow.button),
          this.slow.list,
          make(
            "div",
            { className: "live__row" },
            button("처음으로", () => this.reset()),
            make("label", {}, "시드 ", this.seedInput),
          ),
          make("div", { className: "live__row" }, ...presets),
          make("dl", { className: "live__values" }, ...rows(this.values)),
          named("데이터", selects.data),
          this.drawing.hint,
          this.drawing.erase,
          named("손실", selects.loss),
          this.formulas.element,
          named("벌점", selects.penalty),
          ...Object.values(ranges).map(({ element }) => element),
          named("차례", selects.discriminator_steps),
          named("너비", selects.width),
          named("깊이", selects.depth),
          make("fieldset", { className: "live__layers" }, make("legend", {}, "보기"), ...this.layers()),
          this.share.element,
        ),
      ),
      new Comparison(stage, () => this.halt(), (found) => this.differences(found)).element,
    );
    this.showSettings();
  }

  layers() {
    return Object.entries(LAYERS).map(([name, title]) => {
      const layer = /** @type {keyof typeof LAYERS} */ (name);
      const box = make("input", { type: "checkbox", checked: this.shown[layer] });
      box.addEventListener("change", () => {
        this.shown[layer] = box.checked;
        this.draw();
      });
      return make("label", {}, box, ` ${title}`);
    });
  }

  /** @param {any} message 물음 없이 온 말 */
  listen(message) {
    if (message.kind === "frame") {
      this.take(message.frame);
      if (!message.finite) this.stopped("손실이 유한하지 않게 되어 멈췄습니다. 학습률을 낮추거나 벌점을 키우고 처음으로 돌아가세요.");
    } else if (message.kind === "failed") {
      this.failed(message.message);
    } else if (message.kind === "compared") {
      this.stage.announce(`견주는 중입니다: 손실 ${message.done}/${message.total}`);
    }
  }

  /** @param {any} frame */
  take(frame) {
    if (!frame) return;
    this.frame = frame;
    if (frame.steps < this.lastStep) this.history = []; // 처음부터 다시 시작함
    if (this.history.length === 0 || frame.steps !== this.lastStep) this.history.push(frame.losses);
    this.lastStep = frame.steps;
    if (this.history.length > KEPT) this.history = this.history.filter((_, place) => place % 2);
    const { modes, losses, steps, rate } = frame;
    const text = {
      스텝: steps.toLocaleString("ko"),
      "판별기 손실": written(losses[0]),
      "생성기 손실": written(losses[1]),
      "닿은 봉우리": this.drawing.empty ? "–" : `${modes.strictModes}/${modes.total}`,
      "역 KL": this.drawing.empty ? "–" : modes.reverseKl.toFixed(2),
      "초당 스텝": rate ? Math.round(rate).toLocaleString("ko") : "–",
    };
    for (const [name, value] of Object.entries(text)) this.values[name].textContent = value;
    this.draw();
    if (steps >= this.end) this.woken?.();
  }

  draw() {
    if (!this.frame) return;
    const colours = this.stage.colours();
    const side = this.canvas.clientWidth;
    if (!side) return;
    const { window, field, lattice } = this.manifest.plane;
    const { empty } = this.drawing;
    drawPlane(brush(this.canvas, side, side), side, empty ? { ...this.frame, real: [] } : this.frame, {
      window,
      field: this.shown.field ? field.side : 0,
      lattice: this.shown.lattice ? lattice.side : 0,
      push: this.shown.push && !empty,
      cursor: this.drawing.cursor,
      colours,
    });
    const width = this.chart.clientWidth;
    drawLosses(brush(this.chart, width, 90), width, 90, this.history, colours);
    const { modes, steps } = this.frame;
    const reached = `가짜가 봉우리 ${modes.total}개 가운데 ${modes.strictModes}개에 닿음`;
    this.canvas.setAttribute("aria-label", `${steps}스텝의 평면: ${empty ? "그린 데이터가 없음" : reached}`);
  }

  async toggle() {
    if (this.running) await this.pause();
    else await this.start();
  }

  /**
   * @param {number} [count] 지금부터 배우고 멈출 스텝의 수. 생략하면 독자가 멈출 때까지
   * @returns {Promise<boolean>} 시작했는지
   */
  async start(count = Infinity) {
    if (this.drawing.empty) {
      this.stage.announce(DRAW_FIRST);
      return false;
    }
    this.slow.forget();
    this.woken?.(); // 앞서 시킨 일은 여기에서 끝남
    this.running = true;
    this.play.textContent = "멈춤";
    this.stage.announce("학습하는 중입니다.");
    this.end = this.frame.steps + count;
    await this.stage.ask("run", { until: this.end });
    return true;
  }

  /** 배우는 중이면 멈춥니다. */
  async rest() {
    if (this.running) await this.pause();
  }

  async pause() {
    this.halt();
    this.take(await this.stage.ask("pause"));
    this.told(`${this.frame.steps.toLocaleString("ko")}스텝에서 멈췄습니다. ${this.summary()}`);
  }

  /** 누른 때에 멈춘 것으로 적습니다. 답을 기다리는 사이에 다시 시작한 것을 덮지 않습니다. */
  halt() {
    this.running = false;
    this.play.textContent = "시작";
    this.woken?.();
  }

  /** @param {string} text 멈춘 뒤의 답. 그 사이에 다시 시작했으면 지난 일이라 알리지 않음 */
  told(text) {
    if (!this.running) this.stage.announce(text);
  }

  /** @param {string} text */
  stopped(text) {
    this.halt();
    this.told(text);
  }

  /**
   * 나누어 하는 스텝의 한 대목입니다.
   *
   * @param {number} place
   */
  async part(place) {
    if (this.drawing.empty) {
      this.stage.announce(DRAW_FIRST);
      return undefined;
    }
    this.halt();
    try {
      const part = await this.stage.ask("part", { place });
      this.take(part.frame);
      return part;
    } catch (error) {
      this.stopped(reason(error));
      return undefined;
    }
  }

  /**
   * 실행하다 멈춘 까닭을 알리고, 멈춘 자리의 모습을 다시 봅니다.
   *
   * @param {string} text
   */
  async failed(text) {
    this.stopped(text);
    this.take(await this.stage.ask("look").catch(() => undefined)); // 볼 수 없으면 앞의 모습 그대로
  }

  summary() {
    const { modes } = this.frame;
    return `봉우리 ${modes.total}개 가운데 ${modes.strictModes}개에 닿았고, 역 KL은 ${modes.reverseKl.toFixed(2)}입니다.`;
  }

  /**
   * @param {"discriminator" | "generator" | "both"} turn
   * @param {number} [count] 여러 번이면 마지막에 한 번만 알림
   */
  async step(turn, count = 1) {
    if (this.drawing.empty) {
      this.stage.announce(DRAW_FIRST);
      return;
    }
    this.slow.forget();
    this.halt();
    try {
      for (let done = 0; done < count && !this.running; done++) this.take(await this.stage.ask("step", { turn }));
    } catch (error) {
      this.stopped(reason(error));
      return;
    }
    const who = { discriminator: "판별기가", generator: "생성기가", both: "둘이 차례로" }[turn];
    this.told(`${who} ${count === 1 ? "한 " : count}스텝 학습했습니다. ${this.summary()}`);
  }

  /** @returns {Promise<boolean>} 돌아갔는지 */
  async reset() {
    const { seed, refusal } = readSeed(this.seedInput.value);
    if (refusal !== undefined) {
      this.stage.announce(refusal);
      return false;
    }
    this.slow.forget();
    this.seed = seed;
    this.history = [];
    this.take(await this.stage.ask("reset", { seed }));
    this.stage.announce(`시드 ${seed}의 처음으로 돌아갔습니다.`);
    return true;
  }

  /**
   * @param {Record<string, any>} settings
   * @returns {Promise<boolean>} 그 설정으로 바뀌었는지
   */
  async configure(settings) {
    this.slow.forget();
    const wanted = (this.settings = { ...this.settings, ...settings });
    this.showSettings();
    if (this.drawing.empty) {
      await this.rest();
      this.take(this.frame); // 배우던 데이터는 감춤
      this.stage.announce(DRAW_FIRST);
      return false;
    }
    try {
      this.take(await this.stage.ask("configure", { settings: wanted }));
      const resized = sizeName(wanted) !== sizeName(this.kept);
      this.kept = wanted;
      if (resized) this.stage.announce(this.resized());
      return true;
    } catch (error) {
      if (this.settings === wanted) this.settings = this.kept; // 받지 못한 설정은 되돌림. 그 사이에 또 바꿨으면 그 답이 정함
      this.showSettings();
      this.stage.announce(reason(error));
      return false;
    }
  }

  /** 크기를 바꾼 뒤에 알릴 글입니다. */
  resized() {
    const { width, depth } = this.settings;
    return `너비 ${width}, 은닉층 ${depth}개인 신경망으로 시드 ${this.seed}의 처음부터 다시 시작합니다. 크기가 다르면 가중치를 이어 쓸 수 없습니다.`;
  }

  /**
   * 손실을 고릅니다. 직접 쓰기를 고르면 지금 손실의 식에서 시작합니다.
   *
   * @param {string} loss
   */
  async chooseLoss(loss) {
    if (loss !== OWN) {
      this.formulas.show(this.manifest.plane.losses[loss].formulas, true);
      await this.configure({ loss });
      return;
    }
    this.formulas.open();
    await this.writeLoss(this.formulas.kept);
  }

  /** @param {import("./training.js").Formulas} formulas */
  async writeLoss(formulas) {
    const changed = await this.configure({ loss: OWN, formulas });
    if (changed) this.stage.announce("직접 쓴 손실로 이어 갑니다.");
  }

  showSettings() {
    const { loss, formulas } = this.settings;
    this.formulas.show(loss === OWN ? formulas : this.manifest.plane.losses[loss].formulas);
    this.choices.show(this.settings);
    this.drawing.show(this.settings.data === "drawing");
  }

  /** 주소에 적을 설정입니다. 그린 데이터는 주소에 담지 못합니다. */
  query() {
    if (!this.drawing.on) return query(this.settings, this.seed);
    this.stage.announce("그린 데이터는 주소에 담지 못합니다. 다른 데이터를 고르세요.");
    return undefined;
  }

  /**
   * 주소에 적힌 설정과 시드로 시작합니다. 쓸 수 없는 값은 알리고 기본값을 씁니다.
   *
   * @param {string} text 주소의 물음표 뒤
   */
  async restore(text) {
    const { settings, seed, problems } = read(text, this.manifest.plane);
    const received = !Object.keys(settings).length || (await this.configure(settings));
    if (seed !== undefined) {
      this.seedInput.value = String(seed);
      await this.reset();
    }
    this.formulas.element.open = this.settings.loss === OWN;
    const restored = Object.keys(settings).length || seed !== undefined;
    const begun = received ? "주소에 적힌 설정으로 시작합니다." : NOT_RECEIVED;
    const told = [restored ? begun : "", ...problems.map((each) => `${each}.`)];
    this.stage.status.textContent = told.filter(Boolean).join(" ");
  }

  /** 저장하는 그림의 아래에 적을 줄들입니다. */
  caption() {
    const { losses, penalties } = this.manifest.plane;
    const { data, loss, formulas, penalty, discriminator_steps, width, depth } = this.settings;
    const short = (/** @type {string} */ name) => Number(this.settings[name].toPrecision(2));
    const own = loss === OWN ? [`L_D = ${formulas.discriminator}`, `L_G = ${formulas.generator}`] : [];
    const strength = penalty === "none" ? "" : `, γ ${short("strength")}`;
    const turns = discriminator_steps > 1 ? `, 차례 ${discriminator_steps}:1` : "";
    return [
      `${DATA[/** @type {keyof typeof DATA} */ (data)]}, 시드 ${this.seed}, ${this.frame.steps}스텝`,
      ...(own.length ? own : [`손실 ${losses[loss].title}`]),
      `벌점 ${penalties[penalty]}${strength}`,
      `학습률 ${short("discriminator_rate")}, ${short("generator_rate")}${turns}`,
      `은닉층 ${depth}개, 너비 ${width}`,
    ];
  }

  /**
   * @param {number} [count] 배우고 멈출 스텝의 수
   * @returns {Promise<boolean>} 그 설정으로 시작했는지
   */
  async collapse(count) {
    const { collapse } = this.manifest.plane.presets;
    const begun = (await this.configure(collapse)) && (await this.reset()) && (await this.start(count));
    if (begun) this.stage.announce("벌점 없이, 생성기의 학습률을 세 배로 키웁니다. 봉우리를 잃는 것을 보세요.");
    return begun;
  }

  /**
   * @param {number} [count] 배우고 멈출 스텝의 수
   * @returns {Promise<boolean>} 그 설정으로 시작했는지
   */
  async cure(count) {
    const begun = (await this.configure(this.manifest.plane.presets.cure)) && (await this.start(count));
    if (begun) this.stage.announce("짝지은 손실에 벌점을 더했습니다. 봉우리를 되찾는 것을 보세요.");
    return begun;
  }

  /**
   * 안내가 시키는 일을 차례로 하고 멈춥니다. 일은 `;`로 잇습니다.
   *
   * - `reset 시드`: 기본 설정으로, 그 시드의 처음으로
   * - `discriminator 스텝`, `generator 스텝`: 한쪽만
   * - `run 스텝`: 둘이 번갈아
   * - `collapse 스텝`, `cure 스텝`: 단추 하나로 거는 설정으로 바꾸고 번갈아
   *
   * @param {string} script
   * @returns {Promise<boolean>} 모두 했는지. 하나라도 하지 못하면 거기에서 멈춤
   */
  async act(script) {
    await this.rest();
    for (const order of script.split(";")) {
      const [name, written] = order.trim().split(/\s+/);
      const count = Number(written ?? 0);
      if (name === "reset") {
        if (!(await this.configure(this.manifest.plane.defaults))) return false;
        this.seedInput.value = String(count);
        if (!(await this.reset())) return false;
      } else if (name === "discriminator" || name === "generator") {
        await this.step(name, count);
      } else if (name === "run" || name === "collapse" || name === "cure") {
        const begin = {
          run: () => this.start(count),
          collapse: () => this.collapse(count),
          cure: () => this.cure(count),
        };
        if (!(await begin[name]())) return false;
        await this.over();
      } else {
        throw new Error(`모르는 일입니다: ${order}`);
      }
    }
    return true;
  }

  /** 정한 스텝에 이르거나 독자가 먼저 멈추기를 기다립니다. */
  async over() {
    const { end } = this;
    if (this.running && this.frame.steps < end) {
      await new Promise((wake) => (this.woken = () => wake(undefined)));
      this.woken = undefined;
    }
    if (this.end === end) await this.rest(); // 독자가 다시 시작한 것은 멈추지 않음
  }

  /**
   * @param {any[]} found 손실마다 견준 것
   * @returns {import("./comparison.js").Differences}
   */
  differences(found) {
    const { golden, plane } = this.manifest;
    return {
      steps: golden.steps_each,
      heads: ["손실 함수", "손실의 차이", "가중치의 차이", "식으로 적었을 때"],
      rows: found.map(({ loss, losses, parameters, own }) => {
        return [plane.losses[loss].title, losses, parameters, Math.max(own.losses, own.parameters)];
      }),
    };
  }

  /** 그린 것이 바뀌면 그것을 배웁니다. */
  async redrawn() {
    const { centers } = this.drawing;
    if (centers.length === 0) {
      await this.rest();
      this.take(this.frame);
      this.stage.announce("그림을 지웠습니다.");
      return;
    }
    const seen = await this.stage.ask("draw", { centers });
    if (this.kept === this.settings) this.take(seen);
    else if (!(await this.configure({}))) return; // 그린 것이 없는 동안 미룬 설정
    if (!this.running) this.stage.announce(`봉우리 ${centers.length}개를 그렸습니다.`);
  }
}

function key() {
  return [
    make("span", { className: "live__mark live__mark--real" }, "○ 진짜"),
    make("span", { className: "live__mark live__mark--fake" }, "◆ 가짜와 휘어진 격자"),
    make("span", { className: "live__mark live__mark--field" }, "■ 판별기가 진짜로 보는 곳"),
  ];
}
