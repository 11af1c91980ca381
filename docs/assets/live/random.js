export const LARGEST_SEED = 2 ** 32 - 1;

/**
 * 적은 글을 시드로 읽습니다.
 *
 * @param {string} text
 * @returns {{seed: number, refusal?: undefined} | {seed?: undefined, refusal: string}} 시드이거나, 거절하는 말
 */
export function readSeed(text) {
  const seed = Number(text);
  if (text.trim() !== "" && isSeed(seed)) return { seed };
  const wanted = `시드는 0 이상 ${LARGEST_SEED} 이하의 정수여야 합니다`;
  return { refusal: `${wanted}: 받은 값 ${text || "없음"}` };
}

/** @param {number} seed */
function isSeed(seed) {
  return Number.isInteger(seed) && seed >= 0 && seed <= LARGEST_SEED;
}

/** 시드가 같으면 어느 브라우저에서나 같은 수를 내는 난수입니다. */
export class Random {
  /** @param {number} seed 0 이상 `LARGEST_SEED` 이하의 정수 */
  constructor(seed) {
    if (!isSeed(seed)) throw new RangeError(`시드로 쓸 수 없는 값: ${seed}`);
    this.state = seed;
    /** @type {number | undefined} */
    this.spare = undefined;
  }

  /** 0 이상 1 미만의 수입니다. (mulberry32, Tommy Ettinger) */
  uniform() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** 표준 정규분포의 수입니다. (Box–Muller) */
  normal() {
    if (this.spare !== undefined) {
      const kept = this.spare;
      this.spare = undefined;
      return kept;
    }
    const length = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.spare = length * Math.sin(angle);
    return length * Math.cos(angle);
  }

  /**
   * 표준 정규분포의 수로 채운 벡터입니다.
   * @param {number} count
   */
  normals(count) {
    return Float32Array.from({ length: count }, () => this.normal());
  }

  /**
   * 0 이상 1 미만의 수로 채운 벡터입니다.
   * @param {number} count
   */
  uniforms(count) {
    return Float32Array.from({ length: count }, () => this.uniform());
  }

  /**
   * 0 이상 `count` 미만의 정수입니다.
   * @param {number} count
   */
  whole(count) {
    return Math.floor(this.uniform() * count);
  }
}
