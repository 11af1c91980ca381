/**
 * 이원수(dual number)로 식의 값과 기울기를 한 번에 셈합니다. 값 하나에 a와 b로 미분한 것을 달고 다니며,
 * 연산마다 연쇄 법칙을 한 번씩 적용합니다.
 */
import { LiveError } from "./files.js";

/**
 * @typedef {{start: number, end: number} & (
 *   {kind: "number", value: number} | {kind: "variable", name: string} |
 *   {kind: "operation", name: string, parts: Tree[]}
 * )} Tree 식. `start`와 `end`는 글에서의 자리
 */
/** @typedef {{value: number, a: number, b: number}} Dual 값과 두 기울기 */
/** @typedef {{value: (...parts: number[]) => number, slopes: (...parts: number[]) => number[]}} Rule */

const MOST = 1e5; // 손실이나 기울기가 이보다 크면 발산한 것으로 봄

/** @param {number} x */
function sigmoid(x) {
  const small = Math.exp(-Math.abs(x)); // 넘치지 않는 쪽으로
  return (x >= 0 ? 1 : small) / (1 + small);
}

/** @type {Record<string, Rule>} 연산의 값과, 받은 것마다의 기울기 */
const RULES = {
  "+": { value: (x, y) => x + y, slopes: () => [1, 1] },
  "-": { value: (x, y) => x - y, slopes: () => [1, -1] },
  "*": { value: (x, y) => x * y, slopes: (x, y) => [y, x] },
  "/": { value: (x, y) => x / y, slopes: (x, y) => [1 / y, -x / (y * y)] },
  "^": {
    value: (x, y) => x ** y,
    slopes: (x, y) => [y === 0 ? 0 : y * x ** (y - 1), x ** y * Math.log(x)],
  },
  negate: { value: (x) => -x, slopes: () => [-1] },
  exp: { value: (x) => Math.exp(x), slopes: (x) => [Math.exp(x)] },
  log: { value: (x) => Math.log(x), slopes: (x) => [1 / x] },
  softplus: {
    value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    slopes: (x) => [sigmoid(x)],
  },
  sigmoid: { value: sigmoid, slopes: (x) => [sigmoid(x) * sigmoid(-x)] },
  relu: { value: (x) => Math.max(x, 0), slopes: (x) => [x > 0 ? 1 : 0] },
  max: {
    value: (x, y) => Math.max(x, y),
    slopes: (x, y) => (x === y ? [0.5, 0.5] : [Number(x > y), Number(y > x)]), // 같으면 반씩
  },
  square: { value: (x) => x * x, slopes: (x) => [2 * x] },
};

/** @type {Record<string, number>} 이름으로 부르는 함수와 받는 값의 수 */
export const FUNCTIONS = Object.fromEntries(
  Object.entries(RULES)
    .filter(([name]) => /^[a-z]+$/.test(name) && name !== "negate")
    .map(([name, { value }]) => [name, value.length]),
);

/**
 * @param {Tree} tree
 * @param {number} a 진짜의 로짓
 * @param {number} b 가짜의 로짓
 * @returns {Dual}
 */
export function evaluate(tree, a, b) {
  if (tree.kind === "number") return { value: tree.value, a: 0, b: 0 };
  if (tree.kind === "variable") {
    return tree.name === "a" ? { value: a, a: 1, b: 0 } : { value: b, a: 0, b: 1 };
  }
  return combined(tree.name, tree.parts.map((part) => evaluate(part, a, b)));
}

/**
 * @param {string} name
 * @param {Dual[]} parts
 * @returns {Dual}
 */
function combined(name, parts) {
  const { value, slopes } = RULES[name];
  const values = parts.map((part) => part.value);
  const found = { value: value(...values), a: 0, b: 0 };
  slopes(...values).forEach((slope, place) => {
    // 상수의 기울기는 0이므로 무한대를 곱하지 않음
    if (parts[place].a) found.a += slope * parts[place].a;
    if (parts[place].b) found.b += slope * parts[place].b;
  });
  return found;
}

/**
 * 로짓의 짝마다 식을 셈합니다. 같은 자리의 진짜와 가짜가 짝입니다.
 *
 * @param {string} title 알릴 때 쓸, 식의 이름
 * @param {string} text 식의 글
 * @param {Tree} tree
 * @param {Float32Array} real 진짜의 로짓 a
 * @param {Float32Array} fake 가짜의 로짓 b
 * @returns 손실의 평균과, 로짓마다의 기울기
 * @throws {LiveError} 값이나 기울기가 유한하지 않거나 너무 커졌을 때
 */
export function differentiate(title, text, tree, real, fake) {
  const slopes = { real_slopes: new Float32Array(real.length), fake_slopes: new Float32Array(real.length) };
  let total = 0;
  for (let place = 0; place < real.length; place++) {
    const found = evaluate(tree, real[place], fake[place]);
    if (![found.value, found.a, found.b].every((one) => Math.abs(one) <= MOST)) {
      throw new LiveError(`${title}의 식이 발산해 멈췄습니다. ${blame(text, tree, real[place], fake[place])}`);
    }
    total += found.value;
    slopes.real_slopes[place] = found.a;
    slopes.fake_slopes[place] = found.b;
  }
  return { loss: total / real.length, slopes };
}

/**
 * 화살표를 그릴 때의 기울기입니다. 유한하지 않은 자리는 0으로 두어 그림이 멈추지 않습니다.
 *
 * @param {Tree} tree
 * @param {Float32Array} real
 * @param {Float32Array} fake
 */
export function drawnSlopes(tree, real, fake) {
  return real.map((a, place) => {
    const slope = evaluate(tree, a, fake[place]).b;
    return Math.abs(slope) <= MOST ? slope : 0;
  });
}

/**
 * 발산이 시작된, 가장 안쪽의 식과 그때의 로짓을 말합니다.
 *
 * @param {string} text
 * @param {Tree} tree
 * @param {number} a
 * @param {number} b
 */
function blame(text, tree, a, b) {
  const at = `a = ${short(a)}, b = ${short(b)}`;
  if (![a, b].every(Number.isFinite)) return "판별기의 로짓이 유한하지 않습니다.";
  let part = tree;
  for (;;) {
    /** @type {Tree | undefined} */
    const inner = part.kind === "operation" ? part.parts.find((one) => !tame(evaluate(one, a, b))) : undefined;
    if (!inner) break;
    part = inner;
  }
  const found = evaluate(part, a, b);
  const [what, value] = Math.abs(found.value) <= MOST
    ? ["기울기", Math.abs(found.a) <= MOST ? found.b : found.a]
    : ["값", found.value];
  return `${at}에서 ${text.slice(part.start, part.end)}의 ${what}: ${short(value)}.`;
}

/** @param {Dual} dual */
function tame({ value, a, b }) {
  return [value, a, b].every((one) => Math.abs(one) <= MOST);
}

/** @param {number} value */
function short(value) {
  if (Number.isNaN(value)) return "셈할 수 없음";
  if (!Number.isFinite(value)) return value > 0 ? "무한대" : "-무한대";
  return String(Number(value.toPrecision(3)));
}
