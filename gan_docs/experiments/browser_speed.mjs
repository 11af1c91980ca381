// 평면의 스텝으로 겨룰 참가자들입니다.

import { batch } from "./browser_race.mjs";
import { chain, fresh, makeAdam, preparation } from "./browser_tensorflow.mjs";

/** 이 사이트의 방법 하나와, 견줄 상대 셋입니다. */
export async function makeRunners({ ort, tf, models, start }) {
  return {
    onnxruntime: await onnxruntime(ort, models, start),
    tensorflow_wasm: await tensorflow(tf, "wasm", start),
    tensorflow_tuned: await tensorflow(tf, "wasm", start, true),
    tensorflow_cpu: await tensorflow(tf, "cpu", start),
  };
}

// --8<-- [start:onnxruntime]
/** 이 사이트의 방법: PyTorch에서 내보낸 두 차례를 그대로 부릅니다. */
async function onnxruntime(ort, models, start) {
  const tensor = (values, ...shape) => new ort.Tensor("float32", values, shape);
  const number = (value) => tensor(Float32Array.of(value));
  const held = (values) => ({
    parameters: tensor(values, values.length),
    momentum: tensor(new Float32Array(values.length), values.length),
    variance: tensor(new Float32Array(values.length), values.length),
  });
  const updated = (outputs) => ({
    parameters: outputs.new_parameters,
    momentum: outputs.new_momentum,
    variance: outputs.new_variance,
  });
  const discriminatorTurn = await ort.InferenceSession.create(models.discriminator);
  const generatorTurn = await ort.InferenceSession.create(models.generator);
  const fixed = {
    learning_rate: number(start.learning_rate),
    epsilon: number(start.epsilon),
    directions: tensor(start.directions, 2, start.directions.length / 2),
  };
  let discriminator = held(start.discriminator);
  let generator = held(start.generator);
  let count = 0;

  async function step() {
    const [real, z] = batch(start, count);
    count += 1;
    const given = {
      ...fixed,
      step: number(count),
      real: tensor(real, start.batch_size, 2),
      z: tensor(z, start.batch_size, 2),
    };
    const judging = { ...discriminator, ...given, other: generator.parameters };
    const first = await discriminatorTurn.run(judging);
    discriminator = updated(first);
    const making = { ...generator, ...given, other: discriminator.parameters };
    const second = await generatorTurn.run(making);
    generator = updated(second);
    return [first.loss.data[0], second.loss.data[0]];
  }
  return { prepare: async () => {}, step };
}
// --8<-- [end:onnxruntime]

// --8<-- [start:tensorflow]
/**
 * 견줄 상대: 같은 신경망과 손실을 TensorFlow.js로 적었습니다. 기울기는 라이브러리가 구합니다.
 *
 * `tuned`면 라이브러리의 두 기울기를 더 빠른 것으로 바꿉니다.
 */
async function tensorflow(tf, backend, start, tuned = false) {
  await tf.setBackend(backend);
  const slope = 0.2;
  const directions = tf.tensor2d(start.directions, [2, start.directions.length / 2]);
  const rate = tf.scalar(start.learning_rate);
  const adam = makeAdam(tf, start.epsilon);

  const network = (weights, points) =>
    chain(tf, weights, points, (hidden) => tf.leakyRelu(hidden, slope));
  const judge = (weights, points) => {
    const angles = tf.matMul(points, directions);
    return network(weights, tf.concat([points, tf.sin(angles), tf.cos(angles)], 1));
  };
  const discriminatorLoss = (weights, real, fake) => {
    const [realLogits, fakeLogits] = tf.split(judge(weights, tf.concat([real, fake])), 2);
    return tf.mean(tf.add(tf.softplus(tf.neg(realLogits)), tf.softplus(fakeLogits)));
  };
  const generatorLoss = (weights, judging, z) => {
    const fakeLogits = judge(judging, network(weights, z));
    return tf.mean(tf.softplus(tf.neg(fakeLogits)));
  };

  let discriminator = fresh(tf, start.discriminator, start.discriminator_sizes);
  let generator = fresh(tf, start.generator, start.generator_sizes);
  let count = 0;

  function step() {
    const [realValues, zValues] = batch(start, count);
    count += 1;
    const after = tf.tidy(() => {
      const real = tf.tensor2d(realValues, [start.batch_size, 2]);
      const z = tf.tensor2d(zValues, [start.batch_size, 2]);
      const fake = network(generator.weights, z);
      const discriminate = tf.valueAndGrads((...weights) => discriminatorLoss(weights, real, fake));
      const first = discriminate(discriminator.weights);
      const judging = adam(discriminator, first.grads, count, rate);
      const generate = tf.valueAndGrads((...weights) => generatorLoss(weights, judging.weights, z));
      const second = generate(generator.weights);
      const making = adam(generator, second.grads, count, rate);
      return { judging, making, losses: [first.value, second.value] };
    });
    tf.dispose([discriminator, generator]);
    [discriminator, generator] = [after.judging, after.making];
    const losses = after.losses.map((each) => each.dataSync()[0]);
    tf.dispose(after.losses);
    return losses;
  }

  return { prepare: preparation(tf, backend, tuned), step };
}
// --8<-- [end:tensorflow]
