/** 평면의 셈: 파이썬이 적어 둔 답과, 뽑은 점의 분포. */
import assert from "node:assert/strict";
import { test } from "node:test";

import {
  initialParameters,
  largestDifference,
  modeStatistics,
  normalised,
  sample,
  square,
} from "../../docs/assets/live/plane.js";
import { Random } from "../../docs/assets/live/random.js";
import { KNOWN, mean, near } from "./known.js";

function deviation(values) {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

for (const { name, points, centers, sigma, answer } of KNOWN.statistics) {
  test(`봉우리를 센 값이 파이썬과 같음: ${name}`, () => {
    const { reverseKl, ...counted } = modeStatistics(Float32Array.from(points), { centers, sigma });
    const { reverseKl: wanted, ...others } = answer;
    assert.deepEqual(counted, others);
    near(reverseKl, wanted, 1e-12);
  });
}

test("점은 봉우리마다 균등하게, 둘레의 정규분포로", () => {
  const [centers, sigma, count] = [[[-5, 2], [3, 4], [6, -7]], 0.5, 30_000];
  const points = sample({ centers, sigma }, count, new Random(4));
  assert.ok(points instanceof Float32Array);
  assert.equal(points.length, 2 * count);
  const parts = centers.map(() => []);
  for (let place = 0; place < points.length; place += 2) {
    const [x, y] = [points[place], points[place + 1]];
    const far = centers.map(([a, b]) => Math.hypot(x - a, y - b));
    parts[far.indexOf(Math.min(...far))].push([x, y]);
  }
  for (const [place, part] of parts.entries()) {
    near(part.length / count, 1 / 3, 0.011);
    const axes = [0, 1].map((axis) => part.map((point) => point[axis] - centers[place][axis]));
    for (const values of axes) {
      near(mean(values), 0, 0.02);
      near(deviation(values), sigma, 0.015);
    }
    near(mean(axes[0].map((value, turn) => value * axes[1][turn])) / sigma ** 2, 0, 0.04);
  }
});

test("처음 매개변수의 길이와 폭: 편향도 앞선 가중치의 폭", () => {
  const shapes = [[900, 4], [900], [30, 400], [2000], [5, 25], [5]];
  const values = initialParameters(shapes, new Random(0));
  assert.ok(values instanceof Float32Array);
  assert.equal(values.length, 3600 + 900 + 12000 + 2000 + 125 + 5);
  let start = 0;
  for (const [place, shape] of shapes.entries()) {
    const count = shape.reduce((product, side) => product * side, 1);
    const part = Array.from(values.subarray(start, start + count));
    const bound = 1 / Math.sqrt(shapes[place - (place % 2)][1]);
    assert.ok(part.every((value) => Math.abs(value) <= bound * (1 + 1e-6)), `${shape}의 폭`);
    if (count > 500) {
      near(Math.max(...part), bound, 0.01 * bound);
      near(Math.min(...part), -bound, 0.01 * bound);
      near(mean(part), 0, (4 * bound) / Math.sqrt(3 * count));
      near(deviation(part), bound / Math.sqrt(3), 0.05 * bound);
    }
    start += count;
  }
});

for (const [name, { shapes, total, deviations }] of Object.entries(KNOWN.initial)) {
  test(`처음 매개변수가 PyTorch처럼 흩어짐: ${name}`, () => {
    const many = Array.from({ length: KNOWN.repeats }, (_, seed) =>
      initialParameters(shapes, new Random(seed)),
    );
    assert.ok(many.every((one) => one.length === total));
    let start = 0;
    for (const [place, shape] of shapes.entries()) {
      const end = start + shape.reduce((product, side) => product * side, 1);
      const values = many.flatMap((one) => Array.from(one.subarray(start, end)));
      near(deviation(values) / deviations[place], 1, 2.6 / Math.sqrt(values.length)); // 표준 오차의 네 배
      start = end;
    }
  });
}

for (const { side, half, points } of KNOWN.squares) {
  test(`한 변에 ${side}점인 정사각형이 파이썬과 같음`, () => {
    const found = square(side, half);
    assert.equal(found.length, 2 * side * side);
    assert.ok(largestDifference(found, points) <= 2e-7 * half);
  });
}

test("정사각형은 윗줄부터, 왼쪽부터", () => {
  assert.deepEqual(Array.from(square(2, 1.5)), [-1.5, 1.5, 1.5, 1.5, -1.5, -1.5, 1.5, -1.5]);
});

test("로짓을 0과 1 사이로: 차례를 지키고 양 끝 5%를 자름", () => {
  const logits = Float32Array.from({ length: 101 }, (_, place) => 3 * ((place * 37) % 101) - 50);
  const found = normalised(logits);
  assert.ok(found instanceof Float32Array && found !== logits);
  for (const [place, logit] of logits.entries()) {
    const rank = (logit + 50) / 3;
    near(found[place], Math.min(1, Math.max(0, (rank - 5) / 90)), 1e-6);
  }
  assert.equal(logits[1], 3 * 37 - 50); // 받은 배열은 그대로
});

test("외톨이 로짓 하나가 나머지를 뭉개지 않음", () => {
  const logits = Float32Array.from({ length: 100 }, (_, place) => (place === 50 ? 1e6 : place % 10));
  const found = normalised(logits);
  assert.equal(Math.max(...found), 1);
  near(found[4], 4 / 9, 1e-6);
});

test("모두 같은 로짓은 0", () => {
  assert.deepEqual(normalised(new Float32Array(9).fill(-3)), new Float32Array(9));
  assert.deepEqual(normalised(Float32Array.of(5)), Float32Array.of(0));
});

test("가장 크게 다른 자리", () => {
  assert.equal(largestDifference([], []), 0);
  assert.equal(largestDifference([1, 2, 3], [1, 2, 3]), 0);
  assert.equal(largestDifference([1, 2, 3], Float32Array.of(1, 4, 2.5)), 2);
  assert.equal(largestDifference([1, -2], [1, 3]), 5);
});

test("유한하지 않거나 길이가 다르면 무한대", () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    assert.equal(largestDifference([0, bad, 9], [0, 1, 0]), Infinity);
    assert.equal(largestDifference([0, 1, 9], [0, bad, 0]), Infinity);
    assert.equal(largestDifference([bad], [bad]), Infinity);
  }
  assert.equal(largestDifference([1, 2], [1, 2, 3]), Infinity);
  assert.equal(largestDifference([1, 2, 3], [1, 2]), Infinity);
});
