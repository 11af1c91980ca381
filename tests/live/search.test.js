/** 거꾸로 찾기: 스텝의 차례와 고르기. 모델의 자리에는 손으로 셈할 수 있는 것을 둡니다. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { allLetters, between, oneHot, search, smallest } from "../../docs/assets/live/search.js";

const SETTINGS = {
  starts: 2, steps: 4, rate: 0.5, prior: 0.25, epsilon: 1e-8, latent_size: 2, classes: 3,
};
const ASKED = { letters: [2, 0], targets: Float32Array.of(7), begun: Float32Array.of(1, 2, 3, 4) };

/** 학습률만큼 줄이고, 손실은 첫 수인 모델입니다. 받은 것을 적어 둡니다. */
function model() {
  const seen = [];
  const run = async (name, given) => {
    assert.equal(name, "hand");
    seen.push(given);
    const { parameters, momentum, variance, learning_rate: [rate] } = given;
    return {
      new_parameters: parameters.map((value) => value - rate),
      new_momentum: momentum.map((value) => value + 1),
      new_variance: variance.map((value) => value + 2),
      loss: Float32Array.of(parameters[0], -parameters[2]),
    };
  };
  return { run, seen };
}

test("학습률은 곧게 줄고, 상태는 이어지고, 마지막에는 손실만 잼", async () => {
  const { run, seen } = model();
  const found = await search(run, SETTINGS, ASKED);
  assert.deepEqual(seen.map(({ learning_rate: rate }) => rate[0]), [0.5, 0.375, 0.25, 0.125, 0]);
  assert.deepEqual(seen.map(({ step }) => step[0]), [1, 2, 3, 4, 5]);
  assert.deepEqual([...seen[4].momentum], [4, 4, 4, 4]);
  assert.deepEqual([...seen[4].variance], [8, 8, 8, 8]);
  assert.deepEqual([...seen[0].letters], [0, 0, 1, 1, 0, 0]);
  assert.deepEqual([seen[3].prior[0], seen[3].targets[0]], [0.25, 7]);
  assert.deepEqual([...found.losses], [-0.25, -1.75]);
  assert.deepEqual([found.loss, ...found.z], [-1.75, 1.75, 2.75]);
  assert.deepEqual([...ASKED.begun], [1, 2, 3, 4]);
});

test("찾는 사이에는 그때 가장 나은 것을 보임", async () => {
  const { run } = model();
  const watched = [];
  await search(run, { ...SETTINGS, steps: 21 }, ASKED, async (step, z) => {
    watched.push([step, z[0]]);
  });
  assert.deepEqual(watched.map(([step]) => step), [0, 20]);
  assert.equal(watched[0][1], 3);
});

test("원-핫과 열네 글자의 입력", () => {
  assert.deepEqual([...oneHot([1], 3)], [0, 1, 0]);
  assert.deepEqual([...allLetters(Float32Array.of(5, 6), 2)], [5, 6, 1, 0, 5, 6, 0, 1]);
});

test("사이는 곧은 길", () => {
  const [start, end] = [Float32Array.of(0, 4), Float32Array.of(8, 0)];
  assert.deepEqual([...between(start, end, 0)], [0, 4]);
  assert.deepEqual([...between(start, end, 0.25)], [2, 3]);
  assert.deepEqual([...between(start, end, 1)], [8, 0]);
});

test("가장 작은 것: 먼저 것을, NaN은 아닌 것을", () => {
  assert.equal(smallest([3, 1, 1]), 1);
  assert.equal(smallest([NaN, 2, 1]), 2);
});
