/** 100줄 GAN의 학습: 모델에 건너가는 것과 차례. 모델은 가짜입니다. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { DigitTraining, unpacked } from "../../docs/assets/live/digit_training.js";

const SHAPES = [[3, 2], [3]];
const CHOSEN = {
  batch: 2,
  latent_size: 3,
  shown: 4,
  widths: {
    narrow: {
      networks: { discriminator: SHAPES, generator: SHAPES },
      models: { step: "step", samples: "samples" },
    },
  },
};
const SETTINGS = { width: "narrow", steps: 2, data: "digits" };
const DIGITS = [Float32Array.of(1, 1), Float32Array.of(1, 1)];

/** 부른 것을 적어 두고, 상태마다 1을 더해 내는 가짜 학습입니다. */
function training(seed = 0) {
  const calls = [];
  const run = async (name, values) => {
    calls.push({ name, ...values });
    const moved = Object.entries(values).map(([key, value]) => [`new_${key}`, value.map((one) => one + 1)]);
    return { ...Object.fromEntries(moved), loss: [0.5], gap: [0.25], large: values.z };
  };
  return { made: new DigitTraining(run, CHOSEN, DIGITS, SETTINGS, seed), calls };
}

test("한 스텝은 상태와 스텝과 계획을 건네고, 나온 상태를 다음 스텝에 건넨다", async () => {
  const { made, calls } = training();
  await made.step("both");
  await made.step("both");
  const [first, second] = calls;
  assert.deepEqual([...first.step, ...first.steps, ...second.step, ...second.steps], [0, 2, 1, 2]);
  assert.deepEqual([first.z.length, first.real.length], [6, 4]);
  for (const name of ["discriminator", "discriminator_variance", "generator", "average"]) {
    assert.deepEqual(second[name], first[name].map((one) => one + 1), name);
  }
  assert.deepEqual(first.average, first.generator); // 평균은 생성기에서 시작
  assert.deepEqual([made.loss, made.gap, made.finished], [0.5, 0.25, true]);
});

test("시드가 같으면 같은 가중치에서, 설정을 바꾸면 처음부터 배운다", async () => {
  const [one, same, other] = [training(3), training(3), training(4)].map(({ made }) => made);
  assert.deepEqual(one.state, same.state);
  assert.notDeepEqual(one.state, other.state);
  await one.step("both");
  one.settings = { ...SETTINGS, steps: 9 };
  assert.deepEqual([one.steps, one.finished, one.loss], [0, false, undefined]);
  assert.deepEqual(one.state, same.state);
});

test("그린 그림을 고르면 그것만 배운다", async () => {
  const { made, calls } = training();
  made.drawings = [Float32Array.of(-1, 0)];
  made.settings = { ...SETTINGS, data: "drawing" };
  await made.step("both");
  assert.deepEqual([...calls[0].real], [-1, 0, -1, 0]);
});

test("보는 잠재 벡터는 늘 같고 학습의 난수를 쓰지 않는다", async () => {
  const { made, calls } = training();
  const before = made.random.state;
  await made.look();
  made.reset(5);
  await made.look();
  assert.deepEqual(calls[0].z, calls[1].z);
  made.reset(0);
  assert.equal(made.random.state, before);
});

test("정수로 적은 숫자를 나눈다", () => {
  const values = { data: Int16Array.of(-8, 0, 8, 4), shape: [2, 2] };
  assert.deepEqual(unpacked(values, 8).map((one) => [...one]), [[-1, 0], [1, 0.5]]);
});
