/** 브라우저에서 재현한 스텝이 PyTorch의 기록과 얼마나 다른지를 표로 적습니다. */
import { exponent, row } from "./controls.js";
import { make } from "./stage.js";

const SAME = 1e-4; // 이보다 작은 차이는 반올림

/**
 * @param {number} steps 재현한 스텝의 수
 * @param {string[]} heads 표의 머리
 * @param {[string, ...number[]][]} rows 줄의 이름과 그 차이들
 */
export function comparison(steps, heads, rows) {
  const largest = Math.max(...rows.flatMap(([, ...differences]) => differences));
  const table = make(
    "table",
    { className: "live__table" },
    make("caption", {}, `${steps}스텝 동안 PyTorch와 가장 크게 다른 값`),
    make("thead", {}, row("th", ...heads)),
    make("tbody", {}, ...rows.map(([name, ...differences]) => row("td", name, ...differences.map(exponent)))),
  );
  return { table, largest, same: largest <= SAME };
}
