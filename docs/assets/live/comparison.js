/** 브라우저에서 재현한 스텝이 PyTorch의 기록과 얼마나 다른지를 표로 적습니다. */
import { exponent, row } from "./controls.js";
import { make } from "./stage.js";

const SAME = 1e-4; // 이보다 작은 차이는 반올림

/**
 * @param {any} manifest
 * @param {any[]} found 손실마다의 차이
 */
export function comparison({ golden, plane }, found) {
  const largest = Math.max(...found.flatMap(apart));
  const table = make(
    "table",
    { className: "live__table" },
    make("caption", {}, `${golden.steps_each}스텝 동안 PyTorch와 가장 크게 다른 값`),
    make("thead", {}, row("th", "손실 함수", "손실의 차이", "가중치의 차이", "식으로 적었을 때")),
    make(
      "tbody",
      {},
      ...found.map((one) => row("td", plane.losses[one.loss].title, ...apart(one).map(exponent))),
    ),
  );
  const told =
    largest <= SAME
      ? `같습니다. 가장 큰 차이는 ${exponent(largest)}입니다.`
      : `다릅니다. 가장 큰 차이가 ${exponent(largest)}입니다.`;
  return { table, largest, told };
}

/**
 * 본보기와의 차이: 손실, 가중치, 그리고 식으로 적었을 때의 둘 가운데 큰 것
 *
 * @param {any} found
 */
function apart({ losses, parameters, own }) {
  return [losses, parameters, Math.max(own.losses, own.parameters)];
}
