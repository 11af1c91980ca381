/** 주소: 적은 설정이 그대로 돌아오고, 틀린 값은 이유와 함께 빠짐. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { query, read } from "../../docs/assets/live/address.js";
import { LARGEST_SEED } from "../../docs/assets/live/random.js";
import { KNOWN } from "./known.js";

const { plane } = KNOWN;
const FORMULAS = { discriminator: "softplus(-a) + max(b, 1)", generator: "-b + 0*a^2" };

test("적은 설정은 그대로 돌아옴: 모든 데이터, 손실, 벌점, 크기와 반올림하지 않은 수", () => {
  const numbers = { strength: 10 ** -0.3, discriminator_rate: 10 ** -1.5, generator_rate: 1e-5, discriminator_steps: 3 };
  for (const data of Object.keys(plane.data)) {
    for (const loss of Object.keys(plane.losses)) {
      for (const penalty of Object.keys(plane.penalties)) {
        for (const width of plane.widths) {
          for (const depth of plane.depths) {
            const settings = { ...numbers, data, loss, penalty, width, depth };
            assert.deepEqual(read(query(settings, LARGEST_SEED), plane), { settings, seed: LARGEST_SEED, problems: [] });
          }
        }
      }
    }
  }
});

test("직접 쓴 식도 그대로 돌아옴", () => {
  const settings = { ...plane.defaults, loss: "own", formulas: FORMULAS };
  const text = query(settings, 7);
  assert.ok(!text.includes(" ") && !text.includes("+b")); // 주소에 쓸 수 있는 글자로
  assert.deepEqual(read(text, plane), { settings, seed: 7, problems: [] });
});

test("고른 손실이면 앞서 쓴 식은 적지 않음", () => {
  const settings = { ...plane.defaults, formulas: FORMULAS };
  assert.equal(read(query(settings, 0), plane).settings.formulas, undefined);
  assert.ok(!query(settings, 0).includes("L_D"));
});

test("아무것도 없거나 모르는 이름뿐이면 아무 일도 없음", () => {
  for (const text of ["", "?", "?h=gan", "?constructor=1&toString=2"]) {
    assert.deepEqual(read(text, plane), { settings: {}, seed: undefined, problems: [] });
  }
});

for (const [text, told] of [
  ["data=moon", /^data 값: ring, grid, moons 가운데 하나여야 합니다\. 받은 것 moon$/],
  ["data=", /받은 것 없음$/],
  ["loss=constructor", /^loss 값: minimax, .*own 가운데 하나/],
  ["penalty=r9", /^penalty 값: none, /],
  ["strength=0", /^strength 값: 0\.001부터 10까지의 수여야 합니다\. 받은 것 0$/],
  ["strength=-1", /^strength 값/],
  ["strength=", /^strength 값.*받은 것 없음$/],
  ["strength=1e9", /^strength 값/],
  ["generator_rate=NaN", /^generator_rate 값: 0\.00001부터 0\.032까지/],
  ["discriminator_rate=0x1", /^discriminator_rate 값/],
  ["discriminator_rate=", /^discriminator_rate 값/],
  ["discriminator_steps=0", /^discriminator_steps 값: 1부터 5까지의 정수/],
  ["discriminator_steps=2.5", /^discriminator_steps 값/],
  ["width=17", /^width 값: 16, 64, 128 가운데 하나여야 합니다\. 받은 것 17$/],
  ["width=6.4e1", /^width 값/],
  ["depth=0", /^depth 값: 1, 2, 3 가운데 하나/],
  ["depth=", /^depth 값.*받은 것 없음$/],
  ["seed=-1", /^시드는 0 이상 4294967295 이하의 정수여야 합니다: 받은 값 -1/],
  ["seed=4294967296", /^시드는/],
  ["seed=", /^시드는 .* 없음$/],
  [`penalty=${"9".repeat(500)}`, /받은 것 9{30}$/],
  ["loss=own", /^손실의 식: 식이 비어 있습니다/],
  ["loss=own&L_D=a&L_G=a", /^손실의 식: b가 없어/],
  ["loss=own&L_D=alert(1)&L_G=b", /^손실의 식: 모르는 이름입니다/],
]) {
  test(`쓸 수 없는 값은 이유와 함께 빠지고 나머지는 남음: ${text.slice(0, 40)}`, () => {
    const left = text.startsWith("data") ? "penalty=none" : "data=grid";
    const found = read(`${text}&${left}`, plane);
    assert.deepEqual(found.settings, text.startsWith("data") ? { penalty: "none" } : { data: "grid" });
    assert.equal(found.seed, undefined);
    assert.equal(found.problems.length, 1);
    assert.match(found.problems[0], told);
  });
}
