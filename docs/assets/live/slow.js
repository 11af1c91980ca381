/** 한 스텝을 천천히: 누를 때마다 한 대목씩 나아가며, 그때의 수를 목록에 적습니다. */
import { written } from "./controls.js";
import { button, make } from "./stage.js";
import { PARTS } from "./training.js";

const START = "한 스텝을 천천히";

/** @typedef {{losses: (number | undefined)[], penalty: number, moved: number, logits: number[], frame: any}} Part */

/** @type {((part: Part) => string)[]} 대목마다 적을 글 */
const TOLD = [
  ({ logits: [real, fake] }) =>
    `판별기가 진짜와 가짜를 봅니다. 로짓의 평균은 진짜 ${written(real)}, 가짜 ${written(fake)}입니다.`,
  ({ losses, penalty, moved }) => {
    const added = penalty ? `, 벌점 ${written(penalty)}` : "";
    return `판별기를 고칩니다. 손실 ${written(losses[0])}${added}. 가중치가 ${written(moved)}만큼 움직였습니다.`;
  },
  ({ logits: [real, fake] }) =>
    `고친 판별기가 같은 것을 다시 봅니다. 진짜 ${written(real)}, 가짜 ${written(fake)}입니다.`,
  ({ losses, moved, logits }) =>
    `생성기를 고칩니다. 손실 ${written(losses[1])}. 가중치가 ${written(moved)}만큼 움직였고, 가짜의 로짓은 ${written(logits[1])}입니다.`,
];

export class Slow {
  place = 0;
  round = {}; // 다른 일이 끼어들면 바뀜

  /**
   * @param {(place: number) => Promise<Part | undefined>} act 그 대목을 하고 수를 돌려주는 함수. 못 하면 비어 있음
   * @param {(text: string) => void} announce
   */
  constructor(act, announce) {
    this.act = act;
    this.announce = announce;
    this.button = button(START, () => this.next());
    this.list = make("ol", { className: "live__slow", hidden: true });
  }

  /** 잇달아 누르면 누른 만큼 차례로 나아갑니다. */
  async next() {
    const { place, round } = this;
    this.show((place + 1) % PARTS.length);
    const part = await this.act(place);
    if (round !== this.round) return; // 답이 오기 전에 다른 일이 끼어듦
    if (!part) {
      this.forget();
      return;
    }
    if (place === 0) this.list.replaceChildren();
    const text = TOLD[place](part);
    this.list.append(make("li", {}, text));
    this.list.hidden = false;
    this.announce(text);
  }

  /** @param {number} place */
  show(place) {
    this.place = place;
    this.button.textContent = place ? `다음 대목 (${place + 1}/${PARTS.length})` : START;
  }

  /** 다른 일이 끼어들면 처음 대목부터 다시 합니다. */
  forget() {
    this.round = {};
    this.show(0);
  }
}
