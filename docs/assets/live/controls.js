/** 무대의 단추와 글 가운데 여러 요소가 함께 쓰는 것입니다. */
import { make } from "./stage.js";

let namedCount = 0; // 이름표와 짝을 이룰 번호

/**
 * @param {Record<string, string>} options
 * @param {(name: string) => void} act
 */
export function choice(options, act) {
  const select = make(
    "select",
    {},
    ...Object.entries(options).map(([value, title]) => make("option", { value }, title)),
  );
  select.addEventListener("change", () => act(select.value));
  return select;
}

/**
 * @param {string} title
 * @param {HTMLElement} control
 */
export function named(title, control) {
  control.id = `live-${++namedCount}`;
  return make("div", { className: "live__choice" }, make("label", { for: control.id }, title), control);
}

/** @param {Record<string, HTMLElement>} values */
export function rows(values) {
  return Object.entries(values).map(([name, value]) => make("div", {}, make("dt", {}, name), value));
}

/**
 * @param {"td" | "th"} tag
 * @param {string[]} cells
 */
export function row(tag, ...cells) {
  return make("tr", {}, ...cells.map((cell) => make(tag, {}, cell)));
}

/** @param {number | undefined} value */
export function written(value) {
  return value !== undefined && Number.isFinite(value) ? value.toFixed(3) : "–";
}

/** @param {number} value */
export function exponent(value) {
  return Number.isFinite(value) ? value.toExponential(1) : "무한대";
}

/**
 * 남은 시간을 올려서 분과 초로 적습니다.
 *
 * @param {number} seconds
 */
export function duration(seconds) {
  const whole = Math.ceil(seconds);
  const minutes = Math.floor(whole / 60);
  return `${minutes ? `${minutes}분 ` : ""}${whole % 60}초`;
}
