/** 이원수: 식의 값과 기울기를 torch의 자동 미분과, 발산을 알리는 말을 손으로 센 것과 견줍니다. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { differentiate, drawnSlopes, evaluate } from "../../docs/assets/live/dual.js";
import { parse } from "../../docs/assets/live/formula.js";
import { KNOWN, near } from "./known.js";

function same(found, wanted, what) {
  near(found, wanted, 1e-9 * Math.max(1, Math.abs(wanted)), what);
}

for (const { text, a, b, value, real, fake } of KNOWN.slopes) {
  test(`값과 두 기울기가 torch와 같음: ${text}`, () => {
    const tree = parse(text);
    a.forEach((one, place) => {
      const found = evaluate(tree, one, b[place]);
      const at = `a = ${one}, b = ${b[place]}`;
      same(found.value, value[place], `값, ${at}`);
      same(found.a, real[place], `a의 기울기, ${at}`);
      same(found.b, fake[place], `b의 기울기, ${at}`);
    });
  });
}

test("손실은 짝마다의 값의 평균이고, 기울기는 짝마다", () => {
  const [real, fake] = [Float32Array.of(1, 2, 3), Float32Array.of(0.5, -1, 2)];
  const { loss, slopes } = differentiate("판별기", "a * b", parse("a * b"), real, fake);
  same(loss, (0.5 - 2 + 6) / 3, "평균");
  assert.deepEqual(slopes, { real_slopes: fake, fake_slopes: real });
});

test("큰 로짓에서도 넘치지 않음", () => {
  for (const logit of [-800, 800]) {
    const { value, a } = evaluate(parse("softplus(a) + sigmoid(-a)"), logit, 0);
    same(value, logit > 0 ? 800 : 1, "값");
    same(a, logit > 0 ? 1 : 0, "기울기");
  }
});

test("상수의 거듭제곱은 음수에서도, 0의 0제곱의 기울기도 셈할 수 있음", () => {
  assert.deepEqual(evaluate(parse("a^3 + a^0"), -2, 0), { value: -7, a: 12, b: 0 });
  assert.equal(evaluate(parse("a^0"), 0, 0).a, 0);
});

// 식, a, b, 알리는 말
const DIVERGING = [
  ["log(a) + b", -0.3125, 1, /a = -0\.313, b = 1에서 log\(a\)의 값: 셈할 수 없음/],
  ["b + 1 / a", 0, 1, /1 \/ a의 값: 무한대/],
  ["-exp(10 * b) + a", 0, 6, /exp\(10 \* b\)의 값: 1\.14e\+26/],
  ["a^0.5", 0, 1, /a\^0\.5의 기울기: 무한대/],
  ["a + b", 2e5, 0, /a의 값: 200000/],
  ["a - b", 0, NaN, /판별기의 로짓이 유한하지 않습니다/],
];

for (const [text, a, b, told] of DIVERGING) {
  test(`발산하면 가장 안쪽의 식과 그때의 로짓을 말함: ${text}`, () => {
    const [real, fake] = [Float32Array.of(0.5, a), Float32Array.of(0.5, b)];
    assert.throws(() => differentiate("생성기", text, parse(text), real, fake), (error) => {
      assert.equal(error.name, "LiveError");
      assert.match(error.message, /^생성기의 식이 발산해 멈췄습니다\. /);
      assert.match(error.message, told);
      return true;
    });
  });
}

test("그림의 기울기는 발산한 자리만 0", () => {
  const found = drawnSlopes(parse("log(b)"), new Float32Array(3), Float32Array.of(2, 0, -4));
  assert.deepEqual(found, Float32Array.of(0.5, 0, -0.25));
});
