// 같은 스텝을 onnxruntime-web과 TensorFlow.js로 번갈아 실행합니다. Node와 브라우저가 함께 부릅니다.

// --8<-- [start:race]
/**
 * 참가자마다 짧은 바퀴를 번갈아 돌고, 가장 빠른 바퀴를 남깁니다.
 *
 * @param ort onnxruntime-web
 * @param tf TensorFlow.js의 코어. 기울기와 두 백엔드(wasm, cpu)를 등록해 둔 것
 * @param models 내보낸 두 차례 `{discriminator, generator}`: ONNX의 내용
 * @param request `browser_speed.py`가 적은 출발값과 바퀴
 * @returns 참가자마다의 1초당 스텝 수, 처음 몇 스텝의 손실, 손실의 가장 큰 차이
 */
export async function race({ ort, tf, models, request }) {
  const { start, laps, checked, allowed } = request;
  tf.enableProdMode(); // 상대의 검사와 안내도 생략
  const numbers = { ...start };
  for (const name of ["discriminator", "generator", "directions", "real", "z"])
    numbers[name] = Float32Array.from(start[name]);
  const runners = {
    onnxruntime: await onnxruntime(ort, models, numbers),
    tensorflow_wasm: await tensorflow(tf, "wasm", numbers),
    tensorflow_tuned: await tensorflow(tf, "wasm", numbers, true),
    tensorflow_cpu: await tensorflow(tf, "cpu", numbers),
  };
  const losses = {};
  for (const [name, runner] of Object.entries(runners)) {
    await runner.prepare();
    losses[name] = [];
    for (let step = 0; step < checked; step++) losses[name].push(await runner.step());
  }
  const difference = largestDifference(losses);
  if (!(difference <= allowed))
    throw new Error(`같은 출발에서 손실이 다릅니다: ${difference} > ${allowed}`);

  const speeds = {};
  for (let lap = 0; lap < laps; lap++)
    for (const [name, runner] of Object.entries(runners)) {
      await runner.prepare();
      const steps = request.steps[name];
      const before = performance.now();
      for (let step = 0; step < steps; step++) await runner.step();
      const speed = (1000 * steps) / (performance.now() - before);
      speeds[name] = Math.max(speeds[name] ?? 0, speed);
    }
  return { speeds, losses, difference };
}

/** 첫 참가자의 손실과 나머지의 손실이 가장 다른 만큼입니다. NaN이 있으면 NaN입니다. */
function largestDifference(losses) {
  const [first, ...others] = Object.values(losses).map((each) => each.flat());
  const gaps = others.flatMap((each) => each.map((loss, place) => Math.abs(loss - first[place])));
  return Math.max(...gaps);
}

/** `count`번째 스텝의 진짜와 잠재 벡터입니다. 준비한 만큼 쓰면 처음으로 돌아갑니다. */
function batch({ real, z, batch_size }, count) {
  const size = 2 * batch_size;
  const from = (count * size) % real.length;
  return [real.subarray(from, from + size), z.subarray(from, from + size)];
}
// --8<-- [end:race]

// --8<-- [start:onnxruntime]
/** 이 사이트의 방법: PyTorch에서 내보낸 두 차례를 그대로 부릅니다. */
async function onnxruntime(ort, models, start) {
  const tensor = (values, ...shape) => new ort.Tensor("float32", values, shape);
  const number = (value) => tensor(Float32Array.of(value));
  const fresh = (values) => ({
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
  let discriminator = fresh(start.discriminator);
  let generator = fresh(start.generator);
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
 * Adam은 모든 매개변수를 한 벡터로 이어 한 번에 고칩니다. `tf.train.adam`보다 조금 빠릅니다.
 * `tuned`면 라이브러리의 두 기울기를 더 빠른 것으로 바꿉니다.
 */
async function tensorflow(tf, backend, start, tuned = false) {
  await tf.setBackend(backend);
  const slope = 0.2;
  const directions = tf.tensor2d(start.directions, [2, start.directions.length / 2]);
  const [rate, epsilon] = [tf.scalar(start.learning_rate), tf.scalar(start.epsilon)];
  const [keep, rest] = [tf.scalar(0.99), tf.scalar(0.01)];

  const network = (weights, points) => {
    for (let place = 0; place < weights.length; place += 2) {
      points = tf.add(tf.matMul(points, weights[place]), weights[place + 1]);
      if (place + 2 < weights.length) points = tf.leakyRelu(points, slope);
    }
    return points;
  };
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

  const joined = (tensors) => tf.concat(tensors.map((each) => tf.reshape(each, [-1])));
  const adam = ({ weights, variance }, gradients, count) => {
    const gradient = joined(gradients);
    const next = tf.add(tf.mul(variance, keep), tf.mul(tf.square(gradient), rest));
    const scale = tf.add(tf.sqrt(tf.div(next, 1 - 0.99 ** count)), epsilon);
    const moved = tf.sub(joined(weights), tf.mul(tf.div(gradient, scale), rate));
    const parts = tf.split(moved, weights.map((each) => each.size));
    const shaped = parts.map((each, place) => tf.reshape(each, weights[place].shape));
    return { weights: shaped, variance: next };
  };

  const fresh = (values, sizes) => ({
    weights: layers(tf, values, sizes),
    variance: tf.zeros([values.length]),
  });
  let discriminator = fresh(start.discriminator, start.discriminator_sizes);
  let generator = fresh(start.generator, start.generator_sizes);
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
      const judging = adam(discriminator, first.grads, count);
      const generate = tf.valueAndGrads((...weights) => generatorLoss(weights, judging.weights, z));
      const second = generate(generator.weights);
      const making = adam(generator, second.grads, count);
      return { judging, making, losses: [first.value, second.value] };
    });
    tf.dispose([discriminator, generator]);
    [discriminator, generator] = [after.judging, after.making];
    const losses = after.losses.map((each) => each.dataSync()[0]);
    tf.dispose(after.losses);
    return losses;
  }

  const library = ["BatchMatMul", "LeakyRelu"].map((name) => tf.getGradient(name));
  const prepare = async () => {
    await tf.setBackend(backend);
    for (const gradient of tuned ? quickGradients(tf) : library) {
      tf.unregisterGradient(gradient.kernelName);
      tf.registerGradient(gradient);
    }
  };
  return { prepare, step };
}

/** PyTorch의 차례로 이은 매개변수를 층마다의 가중치 (입력, 출력)와 편향으로 나눕니다. */
function layers(tf, values, sizes) {
  const tensors = [];
  let from = 0;
  for (let place = 0; place + 1 < sizes.length; place++) {
    const [input, output] = sizes.slice(place, place + 2);
    const weight = values.subarray(from, from + input * output);
    from += input * output;
    tensors.push(tf.tidy(() => tf.transpose(tf.tensor2d(weight, [output, input]))));
    tensors.push(tf.tensor1d(values.subarray(from, from + output)));
    from += output;
  }
  return tensors;
}
// --8<-- [end:tensorflow]

// --8<-- [start:tuned]
/**
 * 라이브러리의 속을 아는 사람의 두 기울기입니다. 값은 같습니다.
 *
 * wasm 백엔드는 돌려 놓고 곱하는 행렬곱(transposeA, transposeB)만 느린 루프로 하므로 먼저 돌립니다.
 */
function quickGradients(tf) {
  const product = {
    kernelName: "BatchMatMul",
    inputsToSave: ["a", "b"],
    gradFunc: (slopes, [a, b]) => ({
      a: () => tf.matMul(slopes, tf.transpose(b)),
      b: () => tf.matMul(tf.transpose(a), slopes),
    }),
  };
  const activation = {
    kernelName: "LeakyRelu",
    inputsToSave: ["x"],
    gradFunc: (slopes, [x], { alpha }) => ({ x: () => tf.mul(slopes, tf.step(x, alpha)) }),
  };
  return [product, activation];
}
// --8<-- [end:tuned]
