// 견줄 상대가 함께 쓰는 것입니다: 층, Adam, 그리고 고르는 기울기.

// --8<-- [start:network]
/** PyTorch의 차례로 이은 매개변수를 층마다의 가중치 (입력, 출력)와 편향으로 나눕니다. */
export function layers(tf, values, sizes) {
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

/** 은닉층마다 활성화 함수를 끼운 선형층의 줄입니다. */
export function chain(tf, weights, inputs, activation) {
  for (let place = 0; place < weights.length; place += 2) {
    inputs = tf.add(tf.matMul(inputs, weights[place]), weights[place + 1]);
    if (place + 2 < weights.length) inputs = activation(inputs);
  }
  return inputs;
}
// --8<-- [end:network]

// --8<-- [start:adam]
/** 출발하는 참가자입니다: 가중치와 Adam의 분산. 분산은 주지 않으면 0입니다. */
export function fresh(tf, values, sizes, variances = new Float32Array(values.length)) {
  const variance = tf.tidy(() => joined(tf, layers(tf, variances, sizes)));
  return { weights: layers(tf, values, sizes), variance };
}

/** 텐서들을 한 벡터로 잇습니다. */
function joined(tf, tensors) {
  return tf.concat(tensors.map((each) => tf.reshape(each, [-1])));
}

/**
 * 한 참가자를 Adam으로 고치는 함수를 만듭니다.
 *
 * 모든 매개변수를 한 벡터로 이어 한 번에 고칩니다. `tf.train.adam`보다 조금 빠릅니다.
 */
export function makeAdam(tf, epsilon) {
  const [keep, rest, least] = [tf.scalar(0.99), tf.scalar(0.01), tf.scalar(epsilon)];
  return ({ weights, variance }, gradients, count, rate) => {
    const gradient = joined(tf, gradients);
    const next = tf.add(tf.mul(variance, keep), tf.mul(tf.square(gradient), rest));
    const scale = tf.add(tf.sqrt(tf.div(next, 1 - 0.99 ** count)), least);
    const moved = tf.sub(joined(tf, weights), tf.mul(tf.div(gradient, scale), rate));
    const parts = tf.split(moved, weights.map((each) => each.size));
    const shaped = parts.map((each, place) => tf.reshape(each, weights[place].shape));
    return { weights: shaped, variance: next };
  };
}
// --8<-- [end:adam]

// --8<-- [start:tuned]
/** 차례마다 제 백엔드와 제 기울기로 바꾸어 주는 함수입니다. `tuned`면 고친 기울기를 씁니다. */
export function preparation(tf, backend, tuned) {
  const library = ["BatchMatMul", "LeakyRelu"].map((name) => tf.getGradient(name));
  return async () => {
    await tf.setBackend(backend);
    for (const gradient of tuned ? quickGradients(tf) : library) {
      tf.unregisterGradient(gradient.kernelName);
      tf.registerGradient(gradient);
    }
  };
}

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
