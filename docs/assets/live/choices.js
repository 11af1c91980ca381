/** 2차원 실시간 학습의 설정을 고르는 것들: 목록과, 로그 눈금의 슬라이더. */
import { MOST_TURNS, REACH } from "./address.js";
import { choice } from "./controls.js";
import { make } from "./stage.js";
import { OWN } from "./training.js";

export const DATA = { ring: "고리", grid: "격자", moons: "반달", drawing: "내가 그리기" };

export class Choices {
  /**
   * @param {any} plane 목록에 적힌 무대
   * @param {(settings: Record<string, any>) => void} configure
   * @param {(loss: string) => void} chooseLoss
   */
  constructor(plane, configure, chooseLoss) {
    const { losses, penalties, widths, depths } = plane;
    const titles = Object.entries(losses).map(([name, { title }]) => [name, title]);
    const counted = (/** @type {number[]} */ counts, /** @type {(count: number) => string} */ title) =>
      Object.fromEntries(counts.map((count) => [count, title(count)]));
    const turns = Array.from({ length: MOST_TURNS }, (_, place) => place + 1);
    this.selects = {
      data: choice(DATA, (data) => configure({ data })),
      loss: choice(Object.fromEntries([...titles, [OWN, "직접 쓰기"]]), chooseLoss),
      penalty: choice(penalties, (penalty) => configure({ penalty })),
      discriminator_steps: choice(
        counted(turns, (count) => `판별기 ${count}번에 생성기 1번`),
        (count) => configure({ discriminator_steps: Number(count) }),
      ),
      width: choice(
        counted(widths, (width) => `은닉층마다 ${width}개`),
        (width) => configure({ width: Number(width) }),
      ),
      depth: choice(
        counted(depths, (depth) => `은닉층 ${depth}개`),
        (depth) => configure({ depth: Number(depth) }),
      ),
    };
    this.ranges = {
      strength: new Range("벌점의 세기 γ", REACH.strength, (strength) => configure({ strength })),
      discriminator_rate: new Range("판별기의 학습률", REACH.discriminator_rate, (rate) =>
        configure({ discriminator_rate: rate }),
      ),
      generator_rate: new Range("생성기의 학습률", REACH.generator_rate, (rate) => configure({ generator_rate: rate })),
    };
  }

  /** @param {Record<string, any>} settings */
  show(settings) {
    for (const [name, select] of Object.entries(this.selects)) select.value = settings[name];
    for (const [name, range] of Object.entries(this.ranges)) range.show(settings[name]);
    this.ranges.strength.input.disabled = settings.penalty === "none";
  }
}

/** 로그 눈금의 슬라이더입니다. */
class Range {
  /**
   * @param {string} title
   * @param {number[]} reach 양 끝. 10의 거듭제곱
   * @param {(value: number) => void} act
   */
  constructor(title, [least, most], act) {
    this.input = make("input", { type: "range", min: String(least), max: String(most), step: "0.1" });
    this.output = make("span", { className: "live__number", "aria-hidden": "true" });
    this.element = make("label", { className: "live__range" }, make("span", {}, title), this.output, this.input);
    this.input.addEventListener("input", () => {
      const value = 10 ** Number(this.input.value);
      this.show(value);
      act(value);
    });
  }

  /** @param {number} value */
  show(value) {
    this.input.value = String(Math.log10(value));
    this.output.textContent = String(Number(value.toPrecision(2)));
    this.input.setAttribute("aria-valuetext", this.output.textContent);
  }
}
