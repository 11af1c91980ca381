/** 100줄 GAN의 학습: 상태를 간직하고, 파일에서 내보낸 한 스텝을 부릅니다. 계산은 모두 모델이 합니다. */
import { fetchAsset, splitArrays } from "./files.js";
import { initialParameters, largestDifference } from "./plane.js";
import { Random } from "./random.js";

/** @typedef {import("./training.js").Run} Run */
/** @typedef {import("./files.js").Values} Values */
/**
 * @typedef {object} Settings
 * @property {"wide" | "narrow"} width 은닉층의 너비
 * @property {number} steps 계획한 스텝 수
 * @property {"digits" | "drawing"} data
 */

const EPSILON = Float32Array.of(1e-8);
const VIEW_SEED = 1; // 보기에 쓰는 잠재 벡터: 스텝마다 같은 것을 보아야 또렷해지는 것이 보임
const STATE = ["discriminator", "discriminator_variance", "generator", "generator_variance", "average"];

export class DigitTraining {
  random = new Random(0);
  /** @type {Record<string, Float32Array>} 두 신경망, Adam의 분산, 평균한 생성기 */
  state = {};
  steps = 0;
  seed = 0;
  /** @type {Float32Array[]} 독자가 그린 그림들 */
  drawings = [];
  /** @type {number | undefined} 생성기의 손실 */
  loss = undefined;
  /** @type {number | undefined} 진짜와 짝지은 가짜의 로짓 차이 */
  gap = undefined;

  /**
   * @param {Run} run 모델을 이름으로 부르는 함수
   * @param {any} chosen 목록에 적힌 설정
   * @param {Float32Array[]} digits 진짜 숫자들
   * @param {Settings} settings
   * @param {number} seed
   */
  constructor(run, chosen, digits, settings, seed) {
    this.run = run;
    this.chosen = chosen;
    this.digits = digits;
    this.chosenSettings = settings;
    this.view = new Random(VIEW_SEED).normals(chosen.shown * chosen.latent_size);
    this.reset(seed);
  }

  /**
   * 진짜 숫자를 받아 엽니다.
   *
   * @param {URL} base
   * @param {Run} run
   * @param {any} chosen
   * @param {Settings} settings
   * @param {number} seed
   */
  static async open(base, run, chosen, settings, seed) {
    const { digits } = splitArrays(await fetchAsset(base, chosen.digits), chosen.digits.layout);
    return new DigitTraining(run, chosen, unpacked(digits, chosen.grays), settings, seed);
  }

  /** @param {number} seed */
  reset(seed) {
    this.seed = seed;
    this.random = new Random(seed);
    const { discriminator, generator } = this.chosen.widths[this.settings.width].networks;
    this.begin(
      initialParameters(discriminator, this.random),
      initialParameters(generator, this.random),
    );
  }

  /**
   * @param {Float32Array} discriminator
   * @param {Float32Array} generator
   * @param {Record<string, Float32Array>} [variances]
   */
  begin(discriminator, generator, variances = {}) {
    this.state = {
      discriminator,
      discriminator_variance: new Float32Array(discriminator.length),
      generator,
      generator_variance: new Float32Array(generator.length),
      average: generator,
      ...variances,
    };
    this.steps = 0;
    this.loss = this.gap = undefined;
  }

  get settings() {
    return this.chosenSettings;
  }

  /** 신경망이나 일정이나 데이터가 바뀌므로 처음으로 돌아갑니다. */
  set settings(settings) {
    this.chosenSettings = settings;
    this.reset(this.seed);
  }

  /** @param {Settings} settings */
  needed({ width }) {
    return Object.values(this.chosen.widths[width].models);
  }

  get models() {
    return this.chosen.widths[this.settings.width].models;
  }

  get reals() {
    return this.settings.data === "drawing" ? this.drawings : this.digits;
  }

  get finite() {
    return this.loss === undefined || Number.isFinite(this.loss);
  }

  get finished() {
    return this.steps >= this.settings.steps;
  }

  /** 진짜에서 한 묶음을 뽑습니다. */
  draw() {
    const { batch, latent_size: size } = this.chosen;
    const chosen = Array.from({ length: batch }, () => this.reals[this.random.whole(this.reals.length)]);
    return { real: joined(chosen), z: this.random.normals(batch * size) };
  }

  /**
   * 판별기와 생성기가 한 번씩 배웁니다.
   *
   * @param {import("./training.js").Turn} _turn 늘 둘 다: 한 스텝이 모델 하나이므로
   */
  async step(_turn) {
    await this.advance(this.draw(), this.settings.steps);
  }

  /**
   * @param {{real: Float32Array, z: Float32Array}} batch
   * @param {number} planned 일정이 볼 계획의 스텝 수
   */
  async advance(batch, planned) {
    const made = await this.run(this.models.step, {
      ...this.state,
      ...batch,
      step: Float32Array.of(this.steps),
      steps: Float32Array.of(planned),
      epsilon: EPSILON,
    });
    this.state = Object.fromEntries(STATE.map((name) => [name, made[`new_${name}`]]));
    this.loss = made.loss[0];
    this.gap = made.gap[0];
    this.steps++;
  }

  /** 평균한 생성기의 표본입니다. 학습의 난수는 쓰지 않습니다. */
  async look() {
    const { average } = this.state;
    const { large } = await this.run(this.models.samples, { average, z: this.view });
    const { steps, loss, gap, finished } = this;
    return { steps, loss, gap, finished, large };
  }

  /**
   * 본보기 스텝을 그대로 재현해, PyTorch의 기록과 가장 크게 다른 값을 찾습니다. 학습은 그대로 둡니다.
   *
   * @param {URL} base
   */
  async compare(base) {
    const { golden } = this.chosen.widths[this.settings.width];
    const kept = splitArrays(await fetchAsset(base, golden), golden.layout);
    const floats = (/** @type {string} */ name) => Float32Array.from(kept[name].data);
    const twin = new DigitTraining(this.run, this.chosen, this.digits, { ...this.settings }, 0);
    twin.begin(floats("discriminator"), floats("generator"), {
      discriminator_variance: floats("discriminator_variance"),
      generator_variance: floats("generator_variance"),
    });
    twin.steps = this.chosen.warm_up;
    const difference = { loss: 0, gap: 0, pixels: 0 };
    const [count, batch] = kept.index.shape;
    for (let step = 0; step < count; step++) {
      const index = [...kept.index.data.subarray(step * batch, (step + 1) * batch)];
      const size = batch * this.chosen.latent_size;
      const z = floats("z").subarray(step * size, (step + 1) * size);
      const real = joined(index.map((place) => this.digits[place]));
      await twin.advance({ real, z }, this.chosen.steps_each);
      const [loss, gap] = kept.watched.data.subarray(2 * step, 2 * step + 2);
      difference.loss = Math.max(difference.loss, largestDifference([twin.loss ?? NaN], [loss]));
      difference.gap = Math.max(difference.gap, largestDifference([twin.gap ?? NaN], [gap]));
    }
    const { average } = twin.state;
    const { images } = await this.run(this.models.samples, { average, z: floats("view") });
    difference.pixels = largestDifference(images, floats("images"));
    return difference;
  }
}

/**
 * 정수로 적은 숫자들을 [-1, 1]의 벡터로 나눕니다.
 *
 * @param {Values} values
 * @param {number} grays
 */
export function unpacked({ data, shape: [count, size] }, grays) {
  return Array.from({ length: count }, (_, place) =>
    Float32Array.from(data.subarray(place * size, (place + 1) * size), (pixel) => pixel / grays),
  );
}

/** @param {Float32Array[]} vectors */
function joined(vectors) {
  const whole = new Float32Array(vectors.length * vectors[0].length);
  vectors.forEach((vector, place) => whole.set(vector, place * vector.length));
  return whole;
}
