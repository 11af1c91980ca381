/** 브라우저에서 재현한 스텝이 PyTorch의 기록과 얼마나 다른지를, 단추를 누르면 표로 적습니다. */
import { exponent, reason, row } from "./controls.js";
import { button, make } from "./stage.js";

const SAME = 1e-4; // 이보다 작은 차이는 반올림

/**
 * 일꾼이 잰 것을 읽어 적을 것입니다.
 *
 * @typedef {object} Differences
 * @property {number} steps 재현한 스텝의 수
 * @property {string[]} heads 표의 머리
 * @property {[string, ...number[]][]} rows 줄의 이름과 그 차이들
 */

export class Comparison {
  /**
   * @param {import("./stage.js").Stage} stage
   * @param {() => void} halt 배우는 중이면 멈춘 것으로 적음. 일꾼은 견주기 전에 스스로 멈춤
   * @param {(found: any) => Differences} read
   */
  constructor(stage, halt, read) {
    this.stage = stage;
    this.halt = halt;
    this.read = read;
    this.answer = make("div", { className: "live__answer" });
    this.element = make(
      "div",
      { className: "live__check" },
      button("PyTorch와 같은지 확인", () => this.compare()),
      this.answer,
    );
  }

  async compare() {
    this.halt();
    this.stage.announce("PyTorch로 실행한 스텝을 재현합니다.");
    let found;
    try {
      found = await this.stage.ask("compare");
    } catch (error) {
      this.stage.announce(reason(error));
      return;
    }
    this.show(this.read(found));
  }

  /** @param {Differences} found */
  show({ steps, heads, rows }) {
    const largest = Math.max(...rows.flatMap(([, ...differences]) => differences));
    this.answer.replaceChildren(
      make(
        "table",
        { className: "live__table" },
        make("caption", {}, `${steps}스텝 동안 PyTorch와 가장 크게 다른 값`),
        make("thead", {}, row("th", ...heads)),
        make("tbody", {}, ...rows.map(([name, ...differences]) => row("td", name, ...differences.map(exponent)))),
      ),
    );
    const told = largest <= SAME ? "같습니다. 가장 큰 차이는" : "다릅니다. 가장 큰 차이가";
    this.stage.announce(`${told} ${exponent(largest)}입니다.`);
  }
}
