/** 거꾸로 찾기: 쓴 글자를 그렸을 잠재 벡터를 찾습니다. 한 스텝은 이 패키지가 내보낸 것입니다. */

/** @typedef {{starts: number, steps: number, rate: number, prior: number, epsilon: number, latent_size: number, classes: number}} Settings */
/** @typedef {{letters: number[], targets: Float32Array, begun: Float32Array}} Asked */
/** @typedef {(name: string, values: Record<string, Float32Array>) => Promise<Record<string, Float32Array>>} Run */

const WATCHED = 20; // 찾는 모습을 보이는 스텝의 간격

/**
 * 여러 출발에서 한꺼번에 찾아, 손실이 가장 작은 것을 고릅니다.
 *
 * @param {Run} run 모델을 부르는 함수
 * @param {Settings} settings
 * @param {Asked} asked 글자의 번호, 그 그림, 출발하는 잠재 벡터
 * @param {(step: number, z: Float32Array) => Promise<void>} watch 사이사이에 부를 함수
 */
export async function search(run, settings, { letters, targets, begun }, watch = async () => {}) {
  const { starts, steps, rate, latent_size: size } = settings;
  const fixed = {
    letters: oneHot(letters, settings.classes),
    targets,
    prior: Float32Array.of(settings.prior),
    epsilon: Float32Array.of(settings.epsilon),
  };
  /** @type {Record<"parameters" | "momentum" | "variance", Float32Array>} */
  let state = {
    parameters: begun,
    momentum: new Float32Array(starts * size),
    variance: new Float32Array(starts * size),
  };
  const one = (/** @type {number} */ turn, /** @type {number} */ learningRate) =>
    run("hand", {
      ...fixed,
      ...state,
      step: Float32Array.of(turn + 1),
      learning_rate: Float32Array.of(learningRate),
    });
  for (let turn = 0; turn < steps; turn++) {
    const after = await one(turn, rate * (1 - turn / steps));
    const best = part(state.parameters, size, smallest(after.loss));
    state = {
      parameters: after.new_parameters,
      momentum: after.new_momentum,
      variance: after.new_variance,
    };
    if (turn % WATCHED === 0) await watch(turn, best);
  }
  const { loss } = await one(steps, 0); // 마지막 자리의 손실만 잼
  const best = smallest(loss);
  return { z: part(state.parameters, size, best), loss: loss[best], losses: loss };
}

/**
 * 글자마다 한 줄인 원-핫입니다.
 *
 * @param {number[]} letters
 * @param {number} classes
 */
export function oneHot(letters, classes) {
  const rows = new Float32Array(letters.length * classes);
  letters.forEach((letter, row) => (rows[row * classes + letter] = 1));
  return rows;
}

/**
 * 열네 글자를 모두 쓸 때 생성기에 건넬 입력입니다.
 *
 * @param {Float32Array} z
 * @param {number} classes
 */
export function allLetters(z, classes) {
  const width = z.length + classes;
  const input = new Float32Array(classes * width);
  for (let letter = 0; letter < classes; letter++) {
    input.set(z, letter * width);
    input[letter * width + z.length + letter] = 1;
  }
  return input;
}

/**
 * 두 손글씨의 사이입니다.
 *
 * @param {Float32Array} start
 * @param {Float32Array} end
 * @param {number} share 출발에서 온 만큼(0–1)
 */
export function between(start, end, share) {
  return start.map((value, place) => (1 - share) * value + share * end[place]);
}

/** @param {ArrayLike<number>} values 가장 작은 것의 자리. NaN은 고르지 않음 */
export function smallest(values) {
  let best = 0;
  for (let place = 1; place < values.length; place++) {
    if (!(values[place] >= values[best])) best = place;
  }
  return best;
}

/**
 * @param {Float32Array} values
 * @param {number} size
 * @param {number} place
 */
function part(values, size, place) {
  return values.slice(size * place, size * (place + 1));
}
