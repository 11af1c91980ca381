/** 손실의 식을 적는 두 칸입니다. 틀린 곳을 칸 아래에 표시하고, 맞으면 로짓을 몇 개 넣어 값과 기울기를 보입니다. */
import { evaluate, FUNCTIONS } from "./dual.js";
import { FormulaError, parse } from "./formula.js";
import { make } from "./stage.js";
import { MOVED, PLAYERS } from "./training.js";

/** @typedef {import("./training.js").Formulas} Formulas */
/** @typedef {import("./dual.js").Tree} Tree */
/** @typedef {keyof Formulas} Player */

const NAMES = { discriminator: "L_D", generator: "L_G" };
const HELP = [
  "a는 진짜의 로짓, b는 가짜의 로짓입니다. 표본의 짝마다 셈해 평균을 줄입니다.",
  `수와 + - * / ^ ( ), ${Object.keys(FUNCTIONS).join(", ")}를 쓸 수 있습니다.`,
];
const SURE = -5; // 판별기가 가짜라고 확신하는 로짓
/** 식을 읽었으면 칸 아래에 적을 것: 로짓을 넣어 본 값과 기울기 */
const TOLD = {
  discriminator: (/** @type {Tree} */ tree) => {
    const { value, a, b } = evaluate(tree, 0, 0);
    return `a = b = 0에서 값 ${short(value)}, a의 기울기 ${short(a)}, b의 기울기 ${short(b)}`;
  },
  generator: (/** @type {Tree} */ tree) => {
    const [unsure, sure] = [0, SURE].map((b) => short(evaluate(tree, 0, b).b));
    return `b의 기울기: b = 0에서 ${unsure}, b = ${SURE}에서 ${sure}`;
  },
};
let count = 0; // 칸과 그 아래의 글을 이을 번호

export class FormulaFields {
  /**
   * @param {(formulas: Formulas) => void} act 두 식이 모두 맞게 바뀌면 부를 함수
   * @param {(text: string) => void} announce 틀린 식을 알릴 함수
   */
  constructor(act, announce) {
    this.act = act;
    this.announce = announce;
    /** @type {Formulas} 마지막으로 건네거나 받은 두 식 */
    this.kept = { discriminator: "", generator: "" };
    this.fields = { discriminator: this.field("discriminator"), generator: this.field("generator") };
    this.element = make(
      "details",
      { className: "live__fold live__formulas" },
      make("summary", {}, "손실을 식으로 보고 고치기"),
      ...HELP.map((text) => make("p", { className: "live__hint" }, text)),
      ...Object.values(this.fields).map(({ element }) => element),
    );
  }

  /** @param {Player} player */
  field(player) {
    const id = `live-formula-${++count}`;
    const note = make("p", { className: "live__hint live__formula-note", id: `${id}-note` });
    const input = make("input", {
      type: "text",
      id,
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: false,
      enterKeyHint: "done",
      "aria-describedby": note.id,
    });
    input.setAttribute("autocorrect", "off");
    input.addEventListener("input", () => {
      if (input.getAttribute("aria-invalid") === "true") this.check(player); // 고치는 동안에만 바로
    });
    input.addEventListener("change", () => this.changed(player));
    const title = `${PLAYERS[player]}의 손실 ${NAMES[player]}`;
    const element = make("div", { className: "live__formula" }, make("label", { for: id }, title), input, note);
    return { element, input, note };
  }

  /**
   * 지금 쓰는 식을 칸에 채웁니다. 그대로면 독자가 고치던 글을 두고, `again`이면 그래도 채웁니다.
   *
   * @param {Formulas} formulas
   * @param {boolean} [again]
   */
  show(formulas, again = false) {
    if (!again && players().every((player) => formulas[player] === this.kept[player])) return;
    this.kept = { ...formulas };
    for (const player of players()) {
      this.fields[player].input.value = formulas[player];
      this.check(player);
    }
  }

  /** 칸을 펴고 첫 칸에 초점을 둡니다. */
  open() {
    this.element.open = true;
    this.fields.discriminator.input.focus();
  }

  /** @param {Player} player 방금 고친 칸 */
  changed(player) {
    const wrong = [player, ...players()].map((one) => ({ one, error: this.check(one) })).find(({ error }) => error);
    if (wrong?.error) {
      const { one, error } = wrong;
      this.announce(`${PLAYERS[one]}의 식에서 ${error.message}. 고칠 때까지 앞의 손실을 씁니다.`);
      return;
    }
    const written = { discriminator: this.text("discriminator"), generator: this.text("generator") };
    if (players().every((one) => written[one] === this.kept[one])) return;
    this.kept = written;
    this.act(written);
  }

  /** @param {Player} player */
  text(player) {
    return this.fields[player].input.value.trim();
  }

  /**
   * 한 칸을 읽어 아래에 알립니다.
   *
   * @param {Player} player
   * @returns {FormulaError | undefined} 틀렸으면 그 이유
   */
  check(player) {
    const { input, note } = this.fields[player];
    const text = this.text(player);
    try {
      note.replaceChildren(TOLD[player](parse(text, MOVED[player])));
      input.setAttribute("aria-invalid", "false");
      return undefined;
    } catch (error) {
      if (!(error instanceof FormulaError)) throw error;
      note.replaceChildren(...marked(text, error));
      input.setAttribute("aria-invalid", "true");
      const place = text ? `${error.start + 1}번째 글자: ` : "";
      return new FormulaError(place + error.message, error.start, error.end);
    }
  }
}

/** @returns {Player[]} */
function players() {
  return /** @type {Player[]} */ (Object.keys(PLAYERS));
}

/**
 * 식을 옮겨 적고 틀린 곳을 표시합니다. 식의 끝이면 빈 자리를 표시합니다.
 *
 * @param {string} text
 * @param {FormulaError} error
 */
function marked(text, { message, start, end }) {
  if (!text) return [message];
  const wrong = make("mark", { className: "live__wrong" }, text.slice(start, end) || "\u00a0");
  const code = make("code", {}, text.slice(0, start), wrong, text.slice(end));
  return [code, make("br"), `${start + 1}번째 글자: ${message}`];
}

/** @param {number} value */
function short(value) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : "셈할 수 없음";
}
