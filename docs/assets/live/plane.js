/** 평면의 학습에서 모델을 부르지 않고 셈하는 것들입니다. */
import { Random } from "./random.js";

/** @typedef {{centers: number[][], sigma: number}} Mixture */

/**
 * 봉우리를 균등하게 골라 그 둘레의 점을 뽑습니다. `[x, y, x, y, …]`
 *
 * @param {Mixture} data
 * @param {number} count
 * @param {Random} random
 */
export function sample({ centers, sigma }, count, random) {
  const points = new Float32Array(2 * count);
  for (let place = 0; place < points.length; place += 2) {
    const [x, y] = centers[random.whole(centers.length)];
    points[place] = x + sigma * random.normal();
    points[place + 1] = y + sigma * random.normal();
  }
  return points;
}

/**
 * PyTorch의 선형층처럼 ±1/√(입력의 수)에서 균등하게 뽑은 처음 매개변수입니다.
 *
 * @param {number[][]} shapes 가중치와 편향이 번갈아 나오는 모양들
 * @param {Random} random
 */
export function initialParameters(shapes, random) {
  /** @type {number[]} */
  const values = [];
  let bound = 1;
  for (const shape of shapes) {
    if (shape.length === 2) bound = 1 / Math.sqrt(shape[1]); // 편향도 앞선 가중치의 폭을 씀
    const count = shape.reduce((product, side) => product * side, 1);
    for (let turn = 0; turn < count; turn++) values.push(bound * (2 * random.uniform() - 1));
  }
  return Float32Array.from(values);
}

/**
 * 봉우리를 얼마나 찾고, 얼마나 또렷하고 균등하게 찍었는지입니다. `gan_docs.metrics.mode_statistics`와 같습니다.
 *
 * @param {Float32Array} points
 * @param {Mixture} data
 */
export function modeStatistics(points, { centers, sigma }) {
  const count = points.length / 2;
  const hits = new Array(centers.length).fill(0);
  const nearest = new Array(centers.length).fill(0);
  for (let place = 0; place < points.length; place += 2) {
    let best = Infinity;
    let mode = 0;
    for (let other = 0; other < centers.length; other++) {
      const distance = Math.hypot(
        points[place] - centers[other][0],
        points[place + 1] - centers[other][1],
      );
      if (distance < best) [best, mode] = [distance, other];
    }
    nearest[mode]++;
    if (best <= 3 * sigma) hits[mode]++;
  }
  const sum = (/** @type {number[]} */ values) => values.reduce((total, one) => total + one, 0);
  return {
    modes: hits.filter((hit) => hit > 0).length,
    strictModes: hits.filter((hit) => 10 * centers.length * hit >= count).length,
    highQuality: sum(hits) / count,
    reverseKl: Math.max(
      0,
      sum(nearest.map((n) => (n ? (n / count) * Math.log((n / count) * centers.length) : 0))),
    ),
  };
}

/**
 * 정사각형에 균등하게 놓은 점들입니다. 윗줄부터, 왼쪽부터.
 *
 * @param {number} side
 * @param {number} half
 */
export function square(side, half) {
  const points = new Float32Array(2 * side * side);
  const place = (/** @type {number} */ turn) => -half + (2 * half * turn) / (side - 1);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      points.set([place(column), -place(row)], 2 * (row * side + column));
    }
  }
  return points;
}

/**
 * 손실마다 눈금이 다른 로짓을 0–1로 옮깁니다. 양 끝 5%는 자릅니다.
 *
 * @param {Float32Array} logits
 */
export function normalised(logits) {
  const sorted = Float32Array.from(logits).sort();
  const low = sorted[Math.floor(0.05 * (sorted.length - 1))];
  const high = sorted[Math.ceil(0.95 * (sorted.length - 1))];
  const width = high - low || 1;
  return logits.map((logit) => Math.min(1, Math.max(0, (logit - low) / width)));
}

/**
 * 두 배열에서 가장 크게 다른 자리의 차이입니다. 유한하지 않은 값이 있으면 무한대입니다.
 *
 * @param {ArrayLike<number>} first
 * @param {ArrayLike<number>} second
 */
export function largestDifference(first, second) {
  if (first.length !== second.length) return Infinity;
  let largest = 0;
  for (let place = 0; place < first.length; place++) {
    const difference = Math.abs(first[place] - second[place]);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Infinity : difference;
  }
  return largest;
}
