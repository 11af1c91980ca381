/** 평면의 학습: 상태를 간직하고, 내보낸 한 차례를 부릅니다. 계산은 모두 모델이 합니다. */
import { differentiate, drawnSlopes } from "./dual.js";
import { parse } from "./formula.js";
import { initialParameters, largestDifference, modeStatistics, sample, square } from "./plane.js";
import { Random } from "./random.js";

/** @typedef {{parameters: Float32Array, momentum: Float32Array, variance: Float32Array, step: number}} Player */
/** @typedef {{real: Float32Array, z: Float32Array, share: Float32Array}} Batch */
/**
 * @typedef {object} Settings
 * @property {string} data 데이터의 이름
 * @property {string} loss 손실의 이름, 또는 `OWN`
 * @property {Formulas} [formulas] 손실이 `OWN`일 때 두 참가자의 식
 * @property {string} penalty
 * @property {number} strength 벌점의 세기
 * @property {number} discriminator_rate
 * @property {number} generator_rate
 * @property {number} discriminator_steps 둘 다 배울 때, 생성기를 한 번 고치는 동안 판별기를 고치는 횟수
 * @property {number} width 두 신경망의 은닉층의 너비
 * @property {number} depth 두 신경망의 은닉층의 수
 */
/** @typedef {Record<"discriminator" | "generator", string>} Formulas */
/** @typedef {(name: string, values: Record<string, Float32Array>) => Promise<Record<string, Float32Array>>} Run */
/** @typedef {"discriminator" | "generator" | "both"} Turn */

export const OWN = "own"; // 식을 직접 쓴 손실
export const PLAYERS = { discriminator: "판별기", generator: "생성기" };
/** 그 차례에 움직이는 로짓입니다. 생성기는 진짜의 로짓을 바꾸지 못합니다. */
export const MOVED = { discriminator: ["a", "b"], generator: ["b"] };
/** 한 스텝의 네 대목입니다. 비어 있으면 로짓만 봅니다. @type {(keyof typeof PLAYERS | undefined)[]} */
export const PARTS = [undefined, "discriminator", undefined, "generator"];
const EPSILON = Float32Array.of(1e-8);
const VIEW_SEED = 1; // 보기에 쓰는 잠재 벡터: 스텝마다 같은 것을 보아야 움직임이 보임

/**
 * 목록에서 신경망의 크기를 찾는 이름입니다.
 *
 * @param {Pick<Settings, "width" | "depth">} settings
 */
export function sizeName({ width, depth }) {
  return `${width}x${depth}`;
}

/**
 * @param {Float32Array} parameters
 * @param {Float32Array} [variance]
 * @param {number} [step]
 * @returns {Player}
 */
export function player(parameters, variance, step = 0) {
  const zeros = new Float32Array(parameters.length);
  return { parameters, momentum: zeros, variance: variance ?? zeros, step };
}

export class Training {
  seed = 0;
  random = new Random(0);
  discriminator = player(new Float32Array());
  generator = player(new Float32Array());
  directions = new Float32Array();
  steps = 0;
  /** @type {Batch | undefined} 나누어 하는 스텝이 붙들고 있는 배치 */
  held = undefined;
  /** @type {(number | undefined)[]} 판별기와 생성기. 아직 실행하지 않은 차례는 비어 있음 */
  losses = [undefined, undefined];
  penalty = NaN;

  /**
   * @param {Run} run 모델을 이름으로 부르는 함수
   * @param {any} plane 목록에 적힌 무대
   * @param {number} seed
   */
  constructor(run, plane, seed) {
    this.run = run;
    this.plane = plane;
    /** @type {Settings} */
    this.settings = { ...plane.defaults };
    /** @type {import("./plane.js").Mixture} */
    this.drawing = { centers: [], sigma: plane.data.ring.sigma };
    const view = new Random(VIEW_SEED);
    this.view = {
      z: view.normals(2 * plane.batch),
      many: view.normals(2 * plane.measured),
      lattice: square(plane.lattice.side, plane.lattice.half),
      field: square(plane.field.side, plane.field.half),
    };
    this.reset(seed);
  }

  /** @param {number} seed */
  reset(seed) {
    this.seed = seed;
    this.random = new Random(seed);
    const { waves } = this.plane;
    const { networks } = this.sizeOf(this.settings);
    this.discriminator = player(initialParameters(networks.discriminator, this.random));
    this.generator = player(initialParameters(networks.generator, this.random));
    this.directions = this.random.normals(2 * waves.count).map((one) => waves.frequency * one);
    this.steps = 0;
    this.losses = [undefined, undefined];
  }

  get data() {
    return this.plane.data[this.settings.data] ?? this.drawing;
  }

  /** 지금 설정에서 부를 모델의 이름입니다. */
  get models() {
    return this.modelsOf(this.settings);
  }

  /**
   * 그 설정의 신경망의 모양과 모델입니다.
   * @param {Settings} settings
   */
  sizeOf(settings) {
    return this.plane.sizes[sizeName(settings)];
  }

  /** @param {Settings} settings */
  modelsOf(settings) {
    const { losses, slopes } = this.sizeOf(settings);
    return (losses[settings.loss] ?? slopes)[settings.penalty];
  }

  /**
   * 그 설정으로 바꾸면 신경망의 모양이 달라져 가중치를 이어 쓸 수 없는지 봅니다.
   * @param {Settings} settings
   */
  resizes(settings) {
    return sizeName(settings) !== sizeName(this.settings);
  }

  /**
   * 그 설정으로 배우고 보는 데 드는 모든 모델의 이름입니다.
   * @param {Settings} settings
   */
  needed(settings) {
    return [...Object.values(this.modelsOf(settings)), this.sizeOf(settings).points];
  }

  /** @returns {Batch} */
  draw() {
    const { batch } = this.plane;
    return {
      real: sample(this.data, batch, this.random),
      z: this.random.normals(2 * batch),
      share: this.random.uniforms(batch),
    };
  }

  /**
   * 한 스텝입니다. 둘 다면 판별기를 먼저, 같은 묶음으로 생성기를 고칩니다. 판별기를 여러 번 고칠 때는
   * 학습기처럼 앞의 것마다 새로 뽑습니다.
   *
   * @param {Turn} turn
   * @param {Batch} [batch] 생략하면 새로 뽑습니다
   */
  async step(turn, batch = this.draw()) {
    for (let more = turn === "both" ? this.settings.discriminator_steps : 1; more > 1; more--) {
      await this.turn("discriminator", "generator", this.settings.discriminator_rate, this.draw());
    }
    if (turn !== "generator") {
      const made = await this.turn("discriminator", "generator", this.settings.discriminator_rate, batch);
      this.losses[0] = made.loss[0];
      this.penalty = made.penalty[0];
    }
    if (turn !== "discriminator") {
      const made = await this.turn("generator", "discriminator", this.settings.generator_rate, batch);
      this.losses[1] = made.loss[0];
    }
    this.steps++;
  }

  /**
   * @param {"discriminator" | "generator"} mover 고칠 쪽
   * @param {"discriminator" | "generator"} other 멈춘 쪽
   * @param {number} rate
   * @param {Batch} batch
   */
  async turn(mover, other, rate, batch) {
    const { parameters, momentum, variance, step } = this[mover];
    const own = this.formulas ? await this.differentiated(mover, batch) : undefined;
    const made = await this.run(this.models[mover], {
      parameters,
      momentum,
      variance,
      step: Float32Array.of(step + 1),
      learning_rate: Float32Array.of(rate),
      epsilon: EPSILON,
      other: this[other].parameters,
      strength: Float32Array.of(this.settings.strength),
      directions: this.directions,
      ...batch,
      ...own?.slopes,
    });
    this[mover] = {
      parameters: made.new_parameters,
      momentum: made.new_momentum,
      variance: made.new_variance,
      step: step + 1,
    };
    if (own) made.loss = Float32Array.of(own.loss); // 기울기만 받은 한 차례는 손실을 모름
    return made;
  }

  /**
   * 그 차례의 식을 지금의 로짓에서 셈합니다.
   *
   * @param {"discriminator" | "generator"} mover
   * @param {Batch} batch
   */
  async differentiated(mover, batch) {
    const text = this.formula(mover);
    const { real_logits, fake_logits } = await this.judged(batch);
    return differentiate(PLAYERS[mover], text, parse(text, MOVED[mover]), real_logits, fake_logits);
  }

  /** 기울기를 셈해 건넬 두 식입니다. 손실을 그대로 내보낸 모델이 있으면 비어 있습니다. */
  get formulas() {
    const { loss, formulas } = this.settings;
    if (loss === OWN) return formulas ?? { discriminator: "", generator: "" };
    return this.sizeOf(this.settings).losses[loss] ? undefined : this.plane.losses[loss].formulas;
  }

  /** @param {"discriminator" | "generator"} mover */
  formula(mover) {
    return this.formulas?.[mover] ?? "";
  }

  /**
   * 두 신경망의 지금의 가중치로 매긴 진짜와 가짜의 로짓입니다.
   *
   * @param {Pick<Batch, "real" | "z">} batch
   * @param {string} [model] 로짓을 셈하는 모델. 생략하면 식으로 배울 때의 것
   */
  judged(batch, model = this.models.logits) {
    const { parameters } = this.generator;
    const other = this.discriminator.parameters;
    return this.run(model, { other, parameters, directions: this.directions, ...batch });
  }

  /**
   * 한 스텝을 네 대목으로 나누어 하나씩 합니다. 처음에 뽑은 배치를 끝까지 쓰고, 두 쪽을 한 번씩 고칩니다.
   *
   * @param {number} place 몇 번째 대목인지. 0부터
   */
  async part(place) {
    if (place === 0) this.held = this.draw();
    const batch = this.held ?? this.draw();
    const mover = PARTS[place];
    const before = mover ? this[mover].parameters : new Float32Array();
    if (mover) await this.step(mover, batch);
    if (mover === "discriminator") this.steps--; // 둘을 마쳐야 한 스텝
    const { logits } = this.sizeOf(this.settings).slopes[this.settings.penalty];
    const { real_logits, fake_logits } = await this.judged(batch, logits);
    const after = mover ? this[mover].parameters : before;
    return {
      losses: this.losses,
      penalty: this.penalty,
      moved: Math.hypot(...after.map((value, parameter) => value - before[parameter])),
      logits: [real_logits, fake_logits].map((each) => each.reduce((sum, one) => sum + one, 0) / each.length),
    };
  }

  /** 계획한 스텝이 없어 독자가 멈출 때까지 이어집니다. */
  get finished() {
    return false;
  }

  get finite() {
    return this.losses.every((loss) => loss === undefined || Number.isFinite(loss));
  }

  /**
   * 보기에서 가짜가 밀리는 쪽을 정하는 기울기입니다. 식으로 배울 때만 있습니다.
   *
   * @param {Float32Array} real
   * @returns {Promise<Record<string, Float32Array>>}
   */
  async viewed(real) {
    if (!this.formulas) return {};
    const tree = parse(this.formula("generator"), MOVED.generator); // 기다리는 사이에 설정이 바뀌어도 이 식
    const { real_logits, fake_logits } = await this.judged({ real, z: this.view.z });
    return { fake_slopes: drawnSlopes(tree, real_logits, fake_logits) };
  }

  /** 지금의 모습입니다. 학습의 난수는 쓰지 않습니다. */
  async look() {
    const random = new Random(VIEW_SEED);
    const real = sample(this.data, this.plane.batch, random);
    const seen = await this.run(this.models.look, {
      other: this.discriminator.parameters,
      parameters: this.generator.parameters,
      real,
      directions: this.directions,
      ...this.view,
      ...(await this.viewed(real)),
    });
    const { points } = await this.run(this.sizeOf(this.settings).points, {
      parameters: this.generator.parameters,
      z: this.view.many,
    });
    return {
      real,
      ...seen,
      losses: this.losses,
      steps: this.steps,
      modes: { total: this.data.centers.length, ...modeStatistics(points, this.data) },
    };
  }
}

/**
 * 손실의 이름을, 그 식을 직접 쓴 설정으로 바꿉니다.
 *
 * @param {any} plane
 * @param {string} loss
 */
export function written(plane, loss) {
  return { loss: OWN, formulas: /** @type {Formulas} */ (plane.losses[loss].formulas) };
}

/**
 * 본보기 스텝을 그대로 재현해, PyTorch의 기록과 가장 크게 다른 값을 찾습니다.
 *
 * @param {Run} run
 * @param {any} plane
 * @param {any} golden 목록에 적힌 본보기
 * @param {string} loss
 * @param {Record<string, import("./files.js").Values>} inputs
 * @param {Record<string, import("./files.js").Values>} kept PyTorch의 처음과 끝
 * @param {boolean} [own] 손실을 식으로 적어 재현할지
 */
export async function compare(run, plane, golden, loss, inputs, kept, own = false) {
  const training = new Training(run, plane, 0);
  const rate = golden.learning_rate;
  Object.assign(training.settings, {
    ...(own ? written(plane, loss) : { loss }),
    penalty: golden.penalties[loss],
    strength: golden.strength,
    discriminator_rate: rate,
    generator_rate: rate,
  });
  const floats = (/** @type {string} */ name) => Float32Array.from(kept[name].data);
  training.directions = floats("before.directions");
  for (const name of /** @type {const} */ (["discriminator", "generator"])) {
    training[name] = player(
      floats(`before.${name}`),
      floats(`before.${name}.variance`),
      golden.warm_up,
    );
  }
  const difference = { losses: 0, parameters: 0 };
  for (let step = 0; step < golden.steps_each; step++) {
    const taken = Object.entries(inputs).map(([name, { data, shape }]) => {
      const size = shape.slice(1).reduce((product, side) => product * side, 1);
      const row = data.subarray(step * size, (step + 1) * size);
      return [name, Float32Array.from(row, (whole) => whole / golden.scale)];
    });
    await training.step("both", Object.fromEntries(taken));
    const [discriminator, generator] = training.losses;
    const found = [discriminator ?? NaN, training.penalty, generator ?? NaN];
    const wanted = kept.losses.data.subarray(3 * step, 3 * step + 3);
    difference.losses = Math.max(difference.losses, largestDifference(found, wanted));
  }
  for (const name of /** @type {const} */ (["discriminator", "generator"])) {
    // 판별기의 마지막 편향은 뺌: 짝을 견주는 손실에서는 기울기가 0이라 반올림만 남음
    const end = name === "discriminator" ? -1 : undefined;
    const apart = largestDifference(
      training[name].parameters.subarray(0, end),
      floats(`after.${name}`).subarray(0, end),
    );
    difference.parameters = Math.max(difference.parameters, apart);
  }
  return difference;
}
