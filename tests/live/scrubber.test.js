/** 학습 기록: 스텝마다의 손실을 그릴 만큼으로 줄이기. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { thinned } from "../../docs/assets/live/scrubber.js";

/** 판별기는 스텝의 수, 생성기는 그 열 배인 손실입니다. */
function losses(steps) {
  return Float32Array.from({ length: 2 * steps }, (_, place) => (place >> 1) * (place % 2 ? 10 : 1));
}

test("나누어떨어지면 같은 수씩의 평균", () => {
  assert.deepEqual(thinned(losses(6), 3), [[0.5, 5], [2.5, 25], [4.5, 45]]);
  assert.deepEqual(thinned(losses(5), 1), [[2, 20]]);
});

test("나누어떨어지지 않아도 빠지거나 겹치는 스텝이 없음", () => {
  for (const [steps, count] of [[7, 3], [1001, 300], [599, 300], [300, 299]]) {
    const found = thinned(losses(steps), count);
    assert.equal(found.length, count);
    const sizes = Array.from({ length: count }, (_, place) =>
      Math.floor(((place + 1) * steps) / count) - Math.floor((place * steps) / count),
    );
    assert.ok(sizes.every((size) => size >= 1));
    const total = found.reduce((sum, [mean], place) => sum + mean * sizes[place], 0);
    assert.ok(Math.abs(total - (steps * (steps - 1)) / 2) < 1e-6 * total);
    assert.ok(found.every(([d], place) => place === 0 || d > found[place - 1][0]));
  }
});

test("스텝이 점보다 적거나 같으면 그대로", () => {
  const wanted = [[0, 0], [1, 10], [2, 20]];
  assert.deepEqual(thinned(losses(3), 300), wanted);
  assert.deepEqual(thinned(losses(3), 3), wanted);
  assert.deepEqual(thinned([0.5, -0.5], 300), [[0.5, -0.5]]);
});

test("스텝이 없으면 점도 없음", () => {
  assert.deepEqual(thinned([], 300), []);
});
