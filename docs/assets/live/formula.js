/**
 * 손실의 식을 읽습니다: 글자를 낱말로, 낱말을 나무로. 아무것도 실행하지 않으며, 틀린 식은 자리와 함께 알립니다.
 * 셈은 `dual.js`가 합니다.
 */
import { evaluate, FUNCTIONS } from "./dual.js";

/** @typedef {import("./dual.js").Tree} Tree */
/** @typedef {{kind: "number" | "name" | "sign" | "end", text: string, start: number, end: number}} Token */

export const VARIABLES = ["a", "b"];
export const LONGEST = 200; // 글자
export const DEEPEST = 24; // 겹
const EXAMPLE = "softplus(-a) + softplus(b)";

/** 연산자마다 묶는 세기입니다. 앞에 붙는 -는 곱하기보다 세고 거듭제곱보다 약합니다. */
const BINDING = { "+": 1, "-": 1, "*": 2, "/": 2, "^": 4 };
const NEGATION = 3;

/** 같은 뜻으로 받는 글자입니다. 길이가 같아 자리가 밀리지 않습니다. */
const SAME = { "−": "-", "–": "-", "×": "*", "·": "*", "∗": "*", "÷": "/", "（": "(", "）": ")", "，": ",", "＋": "+" };
/** 흔히 치는, 쓸 수 없는 글자와 대신 칠 것입니다. */
const INSTEAD = {
  "ㅁ": "한글 자판입니다. 영문 자판으로 바꿔 a를 누르세요",
  "ㅠ": "한글 자판입니다. 영문 자판으로 바꿔 b를 누르세요",
  "²": "위 첨자는 읽지 못합니다. ^2로 적으세요",
  "=": "등호는 빼고 오른쪽만 적으세요",
  "|": "절댓값은 max(a, -a)처럼 적으세요",
  "[": "괄호는 ( )만 씁니다",
  "{": "괄호는 ( )만 씁니다",
};
/** 다른 곳에서 쓰는 이름과 여기에서 적는 법입니다. */
const RENAMED = {
  ln: "log로 적으세요",
  x: "곱하기는 *로 적으세요",
  e: "exp(1)로 적으세요",
  abs: "max(a, -a)처럼 적으세요",
  sqrt: "^0.5로 적으세요",
  min: "-max(-a, -b)처럼 적으세요",
  pow: "^로 적으세요",
  tanh: "2 * sigmoid(2 * a) - 1처럼 적으세요",
  logsigmoid: "-softplus(-a)처럼 적으세요",
};

/** 식의 어느 자리가 왜 틀렸는지입니다. `message`는 그대로 보일 수 있습니다. */
export class FormulaError extends Error {
  name = "FormulaError";

  /**
   * @param {string} message
   * @param {number} start 틀린 곳의 첫 글자(0부터)
   * @param {number} end 틀린 곳의 다음 글자. 식의 끝이면 `start`와 같습니다
   */
  constructor(message, start, end) {
    super(message);
    this.start = start;
    this.end = end;
  }
}

/**
 * 식을 읽습니다.
 *
 * @param {string} text
 * @param {string[]} [needed] 이 가운데 하나는 있어야 합니다
 * @returns {Tree}
 * @throws {FormulaError} 식이 틀렸을 때
 */
export function parse(text, needed = VARIABLES) {
  if (!text.trim()) throw new FormulaError(`식이 비어 있습니다. 예: ${EXAMPLE}`, 0, 0);
  if (text.length > LONGEST) {
    const message = `${LONGEST}자까지 적을 수 있습니다: 받은 것 ${text.length}자`;
    throw new FormulaError(message, LONGEST, text.length);
  }
  const tree = new Parser(text, tokens(text)).whole();
  if (!variables(tree).some((name) => needed.includes(name))) {
    throw new FormulaError(`${needed.join("나 ")}가 없어 배울 것이 없습니다`, tree.start, tree.end);
  }
  return tree;
}

/**
 * @param {string} text
 * @returns {Token[]} 마지막은 식의 끝
 */
function tokens(text) {
  /** @type {Token[]} */
  const found = [];
  const plain = [...text].map((one) => listed(SAME, one) ?? one).join("").toLowerCase();
  // 수, 이름, 연산자와 괄호의 차례로 찾고, 남은 것은 모르는 글자
  const each = /\s+|((?:\d|\.\d)[\d.]*(?:e[+-]?\d+)?)|([a-z_][a-z_\d]*)|(\*\*|[-+*/^(),])|./gsu;
  for (const match of plain.matchAll(each)) {
    const [whole, number, name, sign] = match;
    const [start, end] = [match.index, match.index + whole.length];
    if (number) found.push({ kind: "number", text: number, start, end });
    else if (name) found.push({ kind: "name", text: name, start, end });
    else if (sign) found.push({ kind: "sign", text: sign === "**" ? "^" : sign, start, end });
    else if (whole.trim()) {
      const instead = listed(INSTEAD, whole) ?? quoted(whole);
      throw new FormulaError(`쓸 수 없는 글자입니다: ${instead}`, start, end);
    }
  }
  found.push({ kind: "end", text: "", start: text.length, end: text.length });
  return found;
}

class Parser {
  place = 0;
  depth = 0;

  /**
   * @param {string} text
   * @param {Token[]} list
   */
  constructor(text, list) {
    this.text = text;
    this.list = list;
  }

  get next() {
    return this.list[this.place];
  }

  take() {
    return this.list[this.place++];
  }

  /** @param {string} sign */
  is(sign) {
    return this.next.kind === "sign" && this.next.text === sign;
  }

  whole() {
    const tree = this.expression(1);
    if (this.next.kind === "end") return tree;
    if (this.is(")")) throw wrong("여는 괄호가 없는 닫는 괄호입니다", this.next);
    if (this.is(",")) throw wrong("쉼표는 max(a, b)처럼 함수의 괄호 안에서만 씁니다", this.next);
    throw this.noOperator();
  }

  /** 앞의 것과 이어지지 않는 것이 왔을 때의 말입니다. */
  noOperator() {
    const hint = listed(RENAMED, this.next.text) ?? "곱하기는 *로 적습니다";
    return wrong(`연산자가 와야 할 자리입니다: 온 것은 ${quoted(this.next.text)}. ${hint}`, this.next);
  }

  /**
   * 세기가 `least` 이상인 연산자로 이어진 데까지 읽습니다.
   *
   * @param {number} least
   * @returns {Tree}
   */
  expression(least) {
    if (++this.depth > DEEPEST) throw wrong(`${DEEPEST}겹까지만 묶을 수 있습니다`, this.next);
    let left = this.prefixed();
    for (;;) {
      const binding = listed(BINDING, this.next.text);
      if (!binding || binding < least) break;
      const { text } = this.take();
      this.notAnother(text);
      const right = this.expression(text === "^" ? binding : binding + 1); // 거듭제곱은 오른쪽부터
      left = this.made(text, [left, right], left.start, right.end);
    }
    this.depth--;
    return left;
  }

  /** @returns {Tree} */
  prefixed() {
    if (!this.is("-")) return this.primary();
    const { start, text } = this.take();
    this.notAnother(text);
    const part = this.expression(NEGATION);
    return this.made("negate", [part], start, part.end);
  }

  /**
   * 연산자 다음에 또 연산자가 오지 않았는지 봅니다. 곱하기 다음의 음수처럼 앞에 붙는 -는 받습니다.
   *
   * @param {string} before
   */
  notAnother(before) {
    const { text } = this.next;
    if (listed(BINDING, text) && (text !== "-" || before === "-")) {
      throw wrong(`연산자가 잇달아 있습니다: ${quoted(before)} 다음에 ${quoted(text)}`, this.next);
    }
  }

  /** @returns {Tree} */
  primary() {
    const token = this.take();
    const { kind, text, start, end } = token;
    if (kind === "number") return this.number(token);
    if (kind === "name" && VARIABLES.includes(text)) return { kind: "variable", name: text, start, end };
    if (kind === "name") return this.called(token);
    if (kind === "sign" && text === "(") {
      const inside = this.expression(1);
      return { ...inside, start, end: this.closed(token).end };
    }
    const wanted = `수, ${VARIABLES.join(", ")}, 함수, 여는 괄호 가운데 하나가 와야 할 자리입니다`;
    throw wrong(`${wanted}: ${kind === "end" ? "식이 끝났습니다" : `온 것은 ${quoted(text)}`}`, token);
  }

  /**
   * @param {Token} token
   * @returns {Tree}
   */
  number(token) {
    const { text, start, end } = token;
    const value = Number(text);
    if (Number.isNaN(value)) throw wrong(`수를 읽지 못합니다: ${quoted(text)}`, token);
    if (!Number.isFinite(value)) throw wrong(`수가 너무 큽니다: ${quoted(text)}`, token);
    return { kind: "number", value, start, end };
  }

  /**
   * @param {Token} name
   * @returns {Tree}
   */
  called(name) {
    const counted = listed(FUNCTIONS, name.text);
    if (counted === undefined) {
      const known = [...VARIABLES, ...Object.keys(FUNCTIONS)].join(", ");
      const hint = listed(RENAMED, name.text) ?? `쓸 수 있는 것은 ${known}입니다`;
      throw wrong(`모르는 이름입니다: ${quoted(name.text)}. ${hint}`, name);
    }
    if (!this.is("(")) {
      const came = this.next.kind === "end" ? "식이 끝났습니다" : `온 것은 ${quoted(this.next.text)}`;
      throw wrong(`${name.text} 다음에는 여는 괄호가 와야 합니다: ${came}`, this.next);
    }
    const opened = this.take();
    if (this.is(")")) throw wrong(`${name.text}의 괄호 안이 비었습니다`, this.next);
    const parts = [this.expression(1)];
    while (this.is(",")) {
      this.take();
      parts.push(this.expression(1));
    }
    const { end } = this.closed(opened);
    if (parts.length !== counted) {
      const message = `${name.text}의 괄호 안에는 값이 ${counted}개여야 합니다: 받은 것 ${parts.length}개`;
      throw new FormulaError(message, name.start, end);
    }
    return this.made(name.text, parts, name.start, end);
  }

  /** @param {Token} opened */
  closed(opened) {
    if (this.is(")")) return this.take();
    if (this.next.kind !== "end" && !this.is(",")) throw this.noOperator();
    const came = this.is(",") ? "쉼표가 왔습니다" : "식이 끝났습니다";
    throw wrong(`닫는 괄호가 와야 합니다. ${opened.start + 1}번째에서 연 뒤에 ${came}`, this.next);
  }

  /**
   * 식을 묶습니다. a도 b도 없는 부분은 지금 셈해 보아 유한한지 확인합니다.
   *
   * @param {string} name
   * @param {Tree[]} parts
   * @param {number} start
   * @param {number} end
   * @returns {Tree}
   */
  made(name, parts, start, end) {
    /** @type {Tree} */
    const tree = { kind: "operation", name, parts, start, end };
    if (!variables(tree).length && !Number.isFinite(evaluate(tree, 0, 0).value)) {
      throw new FormulaError(`값이 유한하지 않습니다: ${quoted(this.text.slice(start, end))}`, start, end);
    }
    return tree;
  }
}

/**
 * 표에 적힌 것입니다. `constructor`처럼 모든 객체가 물려받는 이름은 적힌 것이 아닙니다.
 *
 * @template Value
 * @param {Record<string, Value>} table
 * @param {string} name
 * @returns {Value | undefined}
 */
function listed(table, name) {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/**
 * @param {string} message
 * @param {Token} token
 */
function wrong(message, { start, end }) {
  return new FormulaError(message, start, end);
}

/**
 * 식에 나오는 a와 b입니다.
 *
 * @param {Tree} tree
 * @returns {string[]}
 */
function variables(tree) {
  if (tree.kind === "variable") return [tree.name];
  return tree.kind === "operation" ? tree.parts.flatMap(variables) : [];
}

/** @param {string} text */
function quoted(text) {
  return `‘${text}’`;
}
