/** 무대의 단추와 글 가운데 여러 요소가 함께 쓰는 것입니다. */
import { LARGEST_SEED } from "./random.js";
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

/** 시드를 적는 칸입니다. */
export function seedField() {
  return make("input", {
    type: "number", min: "0", max: String(LARGEST_SEED), step: "1", value: "0", inputMode: "numeric",
  });
}

/**
 * 글자 하나를 고르는 단추입니다. 첫 글자를 골라 둡니다.
 *
 * @param {string} group 함께 하나만 고를 단추들의 이름
 * @param {string} letter
 * @param {number} place
 * @param {() => void} act
 */
export function letterChoice(group, letter, place, act) {
  const input = make("input", { type: "radio", name: group, value: String(place), checked: place === 0 });
  input.addEventListener("change", act);
  return make("label", { className: "live__letter" }, input, make("span", {}, letter));
}

/**
 * 하는 사이에 여러 번 부탁받아도 마지막 것만 다시 합니다: 슬라이더를 빨리 움직여도 밀리지 않게.
 *
 * @param {() => Promise<void>} work
 * @param {(text: string) => void} announce 하지 못한 까닭을 알릴 함수
 */
export function latest(work, announce) {
  let wanted = false;
  let busy = false;
  return async () => {
    wanted = true;
    if (busy) return;
    busy = true;
    try {
      while (wanted) {
        wanted = false;
        await work();
      }
    } catch (error) {
      announce(reason(error));
    } finally {
      busy = false;
    }
  };
}

/** @param {unknown} error */
export function reason(error) {
  return error instanceof Error ? error.message : String(error);
}
