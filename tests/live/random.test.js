/** 난수: 시드, 분포, 그리고 따로 셈한 값과의 일치. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { LARGEST_SEED, Random, readSeed } from "../../docs/assets/live/random.js";
import { near } from "./known.js";

const DRAWS = 20_000;
const SEEDS = [0, 1, 20261, 2 ** 32 - 1];

/** 큰 정수만으로 따로 적은 mulberry32입니다. */
function* reference(seed) {
  const low = (value) => value & 0xffffffffn;
  let state = BigInt(seed);
  for (;;) {
    state = low(state + 0x6d2b79f5n);
    let mixed = low((state ^ (state >> 15n)) * (state | 1n));
    mixed ^= low(mixed + low((mixed ^ (mixed >> 7n)) * (mixed | 61n)));
    yield Number(mixed ^ (mixed >> 14n)) / 4294967296;
  }
}

test("시드 0의 처음 값은 파이썬의 정수로 셈한 값", () => {
  const random = new Random(0);
  const wanted = [1144304738, 1416247, 958946056, 627933444, 2007157716, 2340967985];
  for (const one of wanted) assert.equal(random.uniform() * 2 ** 32, one);
});

for (const seed of SEEDS) {
  test(`시드 ${seed}: 큰 정수로 적은 것과 천 번 같음`, () => {
    const [random, other] = [new Random(seed), reference(seed)];
    for (let turn = 0; turn < 1000; turn++) assert.equal(random.uniform(), other.next().value);
  });
}

test("같은 시드는 같은 수, 다른 시드는 다른 수", () => {
  for (const kind of ["uniforms", "normals"]) {
    assert.deepEqual(new Random(7)[kind](100), new Random(7)[kind](100));
    const [first, second] = [new Random(7)[kind](100), new Random(8)[kind](100)];
    assert.ok(first.filter((value, place) => value === second[place]).length < 3);
  }
});

test("정규분포의 수는 박스와 뮬러의 식: 코사인이 먼저, 사인이 다음", () => {
  const [random, other] = [new Random(3), reference(3)];
  for (let turn = 0; turn < 50; turn++) {
    const [u, v] = [other.next().value, other.next().value];
    const length = Math.sqrt(-2 * Math.log(1 - u));
    near(random.normal(), length * Math.cos(2 * Math.PI * v), 1e-12);
    near(random.normal(), length * Math.sin(2 * Math.PI * v), 1e-12);
  }
});

test("벡터는 하나씩 뽑은 수를 float32로 담은 것", () => {
  for (const [many, one] of [["normals", "normal"], ["uniforms", "uniform"]]) {
    const random = new Random(5);
    const wanted = Float32Array.from({ length: 7 }, () => random[one]());
    assert.deepEqual(new Random(5)[many](7), wanted);
    assert.equal(new Random(5)[many](0).length, 0);
  }
});

for (const count of [1, 2, 8, 25]) {
  test(`0 이상 ${count} 미만의 정수가 균등하게`, () => {
    const random = new Random(11);
    const seen = new Map();
    for (let turn = 0; turn < DRAWS; turn++) {
      const whole = random.whole(count);
      seen.set(whole, (seen.get(whole) ?? 0) + 1);
    }
    assert.deepEqual([...seen.keys()].sort((a, b) => a - b), [...Array(count).keys()]);
    const share = 1 / count;
    const margin = 4.5 * Math.sqrt(DRAWS * share * (1 - share));
    for (const times of seen.values()) near(times, DRAWS * share, margin);
  });
}

test("적은 글을 시드로 읽고, 끝을 넘는 것은 이유를 말함", () => {
  for (const seed of SEEDS) assert.deepEqual(readSeed(String(seed)), { seed });
  for (const text of ["4294967296", "1e10", "-1", "1.5", "", " ", "가"]) {
    const { seed, refusal } = readSeed(text);
    assert.equal(seed, undefined, text);
    assert.match(refusal, /0 이상 4294967295 이하의 정수여야 합니다: 받은 값 ./);
  }
});

test("끝을 넘는 시드로는 난수를 만들지 않음: 다른 시드와 같아지므로", () => {
  for (const seed of [LARGEST_SEED + 1, -1, 0.5, NaN]) {
    assert.throws(() => new Random(seed), (error) => {
      assert.ok(error instanceof RangeError);
      return true;
    });
  }
});
