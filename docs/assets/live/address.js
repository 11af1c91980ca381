/** 학습의 설정을 주소에 적고, 주소에서 읽습니다. 주소는 누구나 고칠 수 있으므로 값마다 확인합니다. */
import { FormulaError, parse } from "./formula.js";
import { readSeed } from "./random.js";
import { MOVED, OWN, PLAYERS } from "./training.js";

/** @typedef {import("./training.js").Settings} Settings */
/** @typedef {{settings: Record<string, any>, seed: number | undefined, problems: string[]}} Found */

/** 로그 눈금의 슬라이더가 닿는 10의 거듭제곱입니다. */
export const REACH = {
  strength: [-3, 1],
  discriminator_rate: [-5, -1.5],
  generator_rate: [-5, -1.5],
};
export const MOST_TURNS = 5; // 생성기를 한 번 고치는 동안 판별기를 고치는 가장 많은 횟수
const TURNS = "discriminator_steps";
const SEED = "seed";
const FORMULAS = { discriminator: "L_D", generator: "L_G" };
const SLACK = 1e-9; // 끝의 값을 10의 거듭제곱으로 옮길 때의 반올림

/**
 * 설정과 시드를 주소의 물음표 뒤에 올 글로 적습니다.
 *
 * @param {Settings} settings
 * @param {number} seed
 */
export function query(settings, seed) {
  const { formulas, ...values } = settings;
  const own = settings.loss === OWN && formulas ? formulas : undefined;
  const written = own ? players().map((player) => [FORMULAS[player], own[player]]) : [];
  const plain = Object.entries(values).map(([name, value]) => [name, String(value)]);
  return new URLSearchParams([...plain, ...written, [SEED, String(seed)]]).toString();
}

/**
 * 주소에 적힌 설정을 읽습니다. 쓸 수 없는 값은 빼고 그 이유를 적습니다. 모르는 이름은 지나칩니다.
 *
 * @param {string} text 주소의 물음표 뒤
 * @param {any} plane 목록에 적힌 무대
 * @returns {Found}
 */
export function read(text, plane) {
  const given = new URLSearchParams(text);
  /** @type {Found} */
  const found = { settings: {}, seed: undefined, problems: [] };
  /** @param {string} name @param {string} wanted */
  const refuse = (name, wanted) => {
    const value = String(given.get(name)).slice(0, 30);
    found.problems.push(`${name} 값: ${wanted}여야 합니다. 받은 것 ${value || "없음"}`);
  };
  const choices = {
    data: Object.keys(plane.data),
    loss: [...Object.keys(plane.losses), OWN],
    penalty: Object.keys(plane.penalties),
    width: plane.widths,
    depth: plane.depths,
  };
  for (const [name, known] of Object.entries(choices)) {
    if (!given.has(name)) continue;
    const value = known.find((/** @type {string | number} */ one) => String(one) === given.get(name));
    if (value !== undefined) found.settings[name] = value;
    else refuse(name, `${known.join(", ")} 가운데 하나`);
  }
  for (const [name, [least, most]] of Object.entries(REACH)) {
    if (!given.has(name)) continue;
    const value = number(given.get(name));
    const power = Math.log10(value);
    if (power >= least - SLACK && power <= most + SLACK) found.settings[name] = value;
    else refuse(name, `${short(10 ** least)}부터 ${short(10 ** most)}까지의 수`);
  }
  if (given.has(TURNS)) {
    const turns = number(given.get(TURNS));
    if (Number.isInteger(turns) && turns >= 1 && turns <= MOST_TURNS) found.settings[TURNS] = turns;
    else refuse(TURNS, `1부터 ${MOST_TURNS}까지의 정수`);
  }
  if (given.has(SEED)) {
    const { seed, refusal } = readSeed(given.get(SEED) ?? "");
    if (refusal === undefined) found.seed = seed;
    else found.problems.push(refusal);
  }
  if (found.settings.loss === OWN) readFormulas(given, found);
  return found;
}

/**
 * 두 식을 읽습니다. 하나라도 틀리면 손실을 바꾸지 않습니다.
 *
 * @param {URLSearchParams} given
 * @param {Found} found
 */
function readFormulas(given, found) {
  try {
    found.settings.formulas = Object.fromEntries(
      players().map((player) => {
        const text = given.get(FORMULAS[player]) ?? "";
        parse(text, MOVED[player]);
        return [player, text];
      }),
    );
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error;
    delete found.settings.loss;
    found.problems.push(`손실의 식: ${error.message}`);
  }
}

/**
 * 십진수로 적힌 수입니다. 빈 글은 0이 아니라 수가 아닙니다.
 * @param {string | null} text
 */
function number(text) {
  return /^[\d.]+(e[+-]?\d+)?$/i.test(text ?? "") ? Number(text) : NaN;
}

/** @returns {(keyof typeof FORMULAS)[]} */
function players() {
  return /** @type {(keyof typeof FORMULAS)[]} */ (Object.keys(PLAYERS));
}

/** @param {number} value */
function short(value) {
  return String(Number(value.toPrecision(2)));
}
