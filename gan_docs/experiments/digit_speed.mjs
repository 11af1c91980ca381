// 100줄 GAN의 스텝으로 겨룰 참가자들입니다.

import { batch } from "./browser_race.mjs";
import { chain, fresh, makeAdam, preparation } from "./browser_tensorflow.mjs";

const PLAYERS = ["discriminator", "generator"];

/** 이 사이트의 방법 하나와, 견줄 상대 둘입니다. */
export async function makeRunners({ ort, tf, models, start }) {
  return {
    onnxruntime: await onnxruntime(ort, models, start),
    tensorflow_wasm: await tensorflow(tf, start),
    tensorflow_tuned: await tensorflow(tf, start, true),
  };
}

// --8<-- [start:onnxruntime]
/** 이 사이트의 방법: 파일에서 내보낸 한 스텝을 그대로 부릅니다. */
async function onnxruntime(ort, models, start) {
  const tensor = (values, ...shape) => new ort.Tensor("float32", values, shape);
  const number = (value) => tensor(Float32Array.of(value));
  const session = await ort.InferenceSession.create(models.step);
  const fixed = { steps: number(start.steps), epsilon: number(start.epsilon) };
  const parts = [...PLAYERS.flatMap((name) => [name, `${name}_variance`]), "average"];
  const vector = (values) => tensor(values, values.length);
  let state = Object.fromEntries(
    PLAYERS.flatMap((name) => [
      [name, vector(start[name])],
      [`${name}_variance`, vector(start[`${name}_variance`])],
    ]),
  );
  state.average = state.generator;
  let count = start.warm_up;

  async function step() {
    const [real, z] = batch(start, count);
    const made = await session.run({
      ...state,
      ...fixed,
      step: number(count),
      real: tensor(real, start.batch_size, real.length / start.batch_size),
      z: tensor(z, start.batch_size, z.length / start.batch_size),
    });
    state = Object.fromEntries(parts.map((name) => [name, made[`new_${name}`]]));
    count += 1;
    return [made.loss.data[0], made.gap.data[0]];
  }
  return { prepare: async () => {}, step };
}
// --8<-- [end:onnxruntime]

// --8<-- [start:tensorflow]
/** 견줄 상대: 같은 스텝을 TensorFlow.js로 적었습니다. 기울기는 벌점의 것까지 라이브러리가 구합니다. */
async function tensorflow(tf, start, tuned = false) {
  await tf.setBackend("wasm");
  const adam = makeAdam(tf, start.epsilon);
  const judge = (weights, images) => chain(tf, weights, images, (hidden) => leaky(tf, hidden));
  const make = (weights, z) => tf.tanh(chain(tf, weights, z, (hidden) => leaky(tf, hidden)));
  const rows = (values) => tf.tensor2d(values, [start.batch_size, values.length / start.batch_size]);
  const ones = tf.ones([2 * start.batch_size, 1]);
  let gap; // 판별기의 손실을 구하는 길에 나오는, 진짜와 짝지은 가짜의 로짓 차이

  const discriminatorLoss = (weights, images, gamma) => {
    const { value, grad } = tf.valueAndGrad((given) => judge(weights, given))(images, ones);
    const [realLogits, fakeLogits] = tf.split(value, 2);
    const behind = tf.sub(fakeLogits, realLogits);
    gap = tf.keep(tf.neg(tf.mean(behind)));
    const penalty = tf.mean(tf.sum(tf.square(grad), 1));
    return tf.add(tf.mean(tf.softplus(behind)), tf.mul(penalty, gamma));
  };
  const generatorLoss = (weights, judging, realLogits, z) =>
    tf.mean(tf.softplus(tf.sub(realLogits, judge(judging, make(weights, z)))));
  const slopes = (loss, weights) => tf.valueAndGrads((...given) => loss(given))(weights);

  let [discriminator, generator] = PLAYERS.map((name) =>
    fresh(tf, start[name], start[`${name}_sizes`], start[`${name}_variance`]),
  );
  let average = generator.weights.map((each) => each.clone());
  let count = start.warm_up;

  function step() {
    const { rate, gamma, share } = schedule(start, count);
    const [realValues, zValues] = batch(start, count);
    count += 1;
    const after = tf.tidy(() => {
      const [real, z] = [rows(realValues), rows(zValues)];
      const images = tf.concat([real, make(generator.weights, z)]);
      const first = slopes((given) => discriminatorLoss(given, images, gamma), discriminator.weights);
      const judging = adam(discriminator, first.grads, count, rate);
      const realLogits = judge(judging.weights, real);
      const second = slopes(
        (given) => generatorLoss(given, judging.weights, realLogits, z),
        generator.weights,
      );
      const making = adam(generator, second.grads, count, rate);
      const mean = average.map((each, place) =>
        tf.add(each, tf.mul(tf.sub(making.weights[place], each), share)),
      );
      return { judging, making, mean, losses: [second.value, gap] };
    });
    tf.dispose([discriminator, generator, average]);
    [discriminator, generator, average] = [after.judging, after.making, after.mean];
    const losses = after.losses.map((each) => each.dataSync()[0]);
    tf.dispose(after.losses);
    return losses;
  }
  return { prepare: preparation(tf, "wasm", tuned), step };
}

/**
 * 두 번 미분되는 LeakyReLU입니다.
 *
 * 라이브러리의 `leakyRelu`는 한 번만 미분됩니다: 그 기울기가 부르는 `greater`에 기울기가 없습니다.
 */
function leaky(tf, hidden) {
  return tf.mul(hidden, tf.step(hidden, 0.2));
}

/** 파일의 일정입니다: 학습률, 벌점의 세기, 평균이 새 가중치로 다가가는 비율. */
function schedule({ steps, learning_rate, averaging }, count) {
  const done = count / steps;
  return {
    rate: learning_rate * (0.5 + 0.5 * Math.cos(Math.PI * Math.max(0, 2 * done - 1))),
    gamma: 0.1 ** Math.min(1, 2 * done),
    share: 1 - Math.min(averaging, (1 + count) / (10 + count)),
  };
}
// --8<-- [end:tensorflow]
