/** 학습: 모델에 건너가는 것, 차례, 난수, 그리고 PyTorch의 기록과 견주기. 모델은 가짜입니다. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { modeStatistics, square } from "../../docs/assets/live/plane.js";
import { compare, OWN, PARTS, Training } from "../../docs/assets/live/training.js";
import { KNOWN, mean } from "./known.js";

function models(loss, penalty) {
  return { discriminator: `${loss}-${penalty}`, generator: `${loss}-generator`, look: `look-${loss}` };
}

function byPenalty(name) {
  return { none: models(name, "none"), both: models(name, "both") };
}

function slopes(end = "") {
  const named = (penalty) =>
    Object.entries({ ...models("slopes", penalty), logits: "logits" }).map(([who, name]) => [who, name + end]);
  return { none: Object.fromEntries(named("none")), both: Object.fromEntries(named("both")) };
}

function loss(name) {
  return { title: name, formulas: { discriminator: `a + ${name.length} * b`, generator: "square(b)" } };
}

const PLANE = {
  batch: 4,
  measured: 6,
  lattice: { side: 3, half: 2 },
  field: { side: 2, half: 1.5 },
  waves: { count: 5, frequency: 6 },
  sizes: {
    "3x1": {
      networks: { discriminator: [[3, 12], [3], [1, 3], [1]], generator: [[3, 2], [3], [2, 3], [2]] },
      losses: { first: byPenalty("first"), second: byPenalty("second") },
      slopes: slopes(),
      points: "points",
    },
    "1x1": {
      networks: { discriminator: [[1, 12], [1], [1, 1], [1]], generator: [[1, 2], [1], [2, 1], [2]] },
      losses: {},
      slopes: slopes("-1x1"),
      points: "points-1x1",
    },
  },
  data: {
    ring: { centers: [[1, 0], [-1, 0]], sigma: 0.01 },
    far: { centers: [[90, 90]], sigma: 0.5 },
  },
  losses: { first: loss("first"), second: loss("second") },
  defaults: {
    data: "ring",
    loss: "first",
    penalty: "none",
    strength: 0.25,
    discriminator_rate: 0.5,
    generator_rate: 0.125,
    width: 3,
    depth: 1,
  },
};
const NARROW = { width: 1, depth: 1 };
const SIZES = { discriminator: 43, generator: 17 };
const POINTS = Float32Array.of(1, 0, 1, 0.01, 1, 0, 1, 0, -1, 0, 5, 5);
const BATCH = ["real", "z", "share"];
const REAL = Float32Array.of(1, 2, -1, 0.5);
const FAKE = Float32Array.of(0.25, -0.5, 2, 0);

/** 부를 때마다 이름과 값을 적고, 차례의 번호로 알아볼 수 있는 답을 내는 모델들입니다. */
function recorder() {
  const calls = [];
  const run = async (name, values) => {
    const copied = Object.entries(values).map(([key, value]) => [key, Float32Array.from(value)]);
    calls.push({ name, values: Object.fromEntries(copied) });
    const turn = calls.length;
    const filled = (value) => new Float32Array(values.parameters.length).fill(value);
    if (name.startsWith("points")) return { points: POINTS };
    if (name.startsWith("logits")) return { real_logits: REAL.map((one) => one + turn), fake_logits: FAKE };
    if (name.startsWith("look")) return { fake: filled(turn), logits: filled(-turn) };
    return {
      new_parameters: filled(turn),
      new_momentum: filled(10 * turn),
      new_variance: filled(100 * turn),
      loss: Float32Array.of(turn / 2),
      penalty: Float32Array.of(-turn),
    };
  };
  return { calls, run };
}

function started(seed = 0, plane = PLANE) {
  const { calls, run } = recorder();
  return { calls, training: new Training(run, plane, seed) };
}

function only(values, names) {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}

/** 시드가 정하는 모든 것입니다. */
function state({ discriminator, generator, directions, steps, losses }) {
  return { discriminator, generator, directions, steps, losses: [...losses] };
}

test("처음 상태: 길이, 0인 두 평균, 스텝 0", () => {
  const { training } = started();
  for (const [name, size] of Object.entries(SIZES)) {
    const { parameters, momentum, variance, step } = training[name];
    assert.equal(parameters.length, size);
    assert.ok(parameters.every((value) => value !== 0 && Math.abs(value) < 1));
    assert.deepEqual([momentum, variance], [new Float32Array(size), new Float32Array(size)]);
    assert.equal(step, 0);
  }
  assert.equal(training.steps, 0);
  assert.deepEqual(training.losses, [undefined, undefined]);
  assert.equal(training.directions.length, 10);
});

test("푸리에 특징의 방향은 촘촘함이 표준 편차인 정규분포", () => {
  const { training } = started(0, { ...PLANE, waves: { count: 5000, frequency: 6 } });
  const { directions } = training;
  const square = directions.reduce((sum, value) => sum + value * value, 0) / directions.length;
  assert.ok(Math.abs(Math.sqrt(square) - 6) < 0.2);
  assert.ok(directions instanceof Float32Array);
});

test("둘 다: 판별기가 먼저, 같은 배치로 생성기, 고쳐진 판별기를 봄", async () => {
  const { calls, training } = started();
  const before = { d: training.discriminator.parameters, g: training.generator.parameters };
  await training.step("both");
  assert.deepEqual(calls.map(({ name }) => name), ["first-none", "first-generator"]);
  const [d, g] = calls.map(({ values }) => values);
  assert.deepEqual(d.parameters, before.d);
  assert.deepEqual(d.other, before.g);
  assert.deepEqual(g.parameters, before.g);
  assert.deepEqual(g.other, new Float32Array(SIZES.discriminator).fill(1));
  assert.deepEqual(only(d, BATCH), only(g, BATCH));
  assert.equal(training.steps, 1);
});

test("한 차례에 건너가는 값", async () => {
  const { calls, training } = started();
  training.settings = { ...training.settings, strength: 0.75, discriminator_rate: 0.03125, generator_rate: 2 };
  await training.step("both");
  const [d, g] = calls.map(({ values }) => values);
  for (const [values, rate] of [[d, 0.03125], [g, 2]]) {
    assert.deepEqual(values.learning_rate, Float32Array.of(rate));
    assert.deepEqual(values.epsilon, Float32Array.of(1e-8));
    assert.deepEqual(values.strength, Float32Array.of(0.75));
    assert.deepEqual(values.directions, training.directions);
    assert.deepEqual(BATCH.map((name) => values[name].length), [8, 8, 4]);
    for (let place = 0; place < 8; place += 2) {
      assert.ok(Math.abs(Math.abs(values.real[place]) - 1) < 0.1);
      assert.ok(Math.abs(values.real[place + 1]) < 0.1);
    }
    assert.ok(values.share.every((share) => share >= 0 && share <= 1));
  }
});

test("판별기를 여러 번: 앞의 것마다 새 배치, 마지막 배치로 생성기, 스텝은 하나", async () => {
  const { calls, training } = started();
  training.settings = { ...training.settings, discriminator_steps: 3 };
  await training.step("both");
  const names = ["first-none", "first-none", "first-none", "first-generator"];
  assert.deepEqual(calls.map(({ name }) => name), names);
  assert.deepEqual(calls.map(({ values }) => values.step[0]), [1, 2, 3, 1]);
  const reals = calls.map(({ values }) => values.real.join());
  assert.equal(new Set(reals).size, 3);
  assert.equal(reals[2], reals[3]);
  assert.equal(training.steps, 1);
  for (const turn of ["discriminator", "generator"]) {
    calls.length = 0;
    await training.step(turn); // 한쪽만이면 한 번
    assert.equal(calls.length, 1);
  }
});

test("나누어 한 스텝은 한 번에 한 스텝과 같은 상태, 대목마다 그때의 수", async () => {
  const plane = { ...PLANE, batch: 4 };
  for (const more of [{}, { loss: OWN, formulas: { discriminator: "a * b", generator: "b" } }]) {
    const [{ training: whole }, { calls, training }] = [started(2, plane), started(2, plane)];
    for (const one of [whole, training]) one.settings = { ...one.settings, ...more };
    const parts = [];
    for (let place = 0; place < PARTS.length; place++) {
      assert.equal(training.steps, 0);
      parts.push(await training.part(place));
    }
    assert.equal(training.steps, 1);
    const names = calls.filter(({ name }) => name !== "logits");
    assert.deepEqual(only(names[0].values, BATCH), only(names[1].values, BATCH));
    assert.deepEqual(only(names[0].values, BATCH), whole.draw()); // 처음에 뽑은 하나만 씀
    assert.deepEqual(training.draw(), whole.draw());
    assert.deepEqual(parts.map(({ moved }) => moved > 0), [false, true, false, true]);
    const turn = calls.findIndex(({ name }) => name !== "logits") + 1; // 고친 값이 모두 이 번호
    const before = calls[turn - 1].values.parameters;
    const wanted = Math.sqrt(before.reduce((sum, value) => sum + (turn - value) ** 2, 0));
    assert.ok(Math.abs(parts[1].moved - wanted) < 1e-4 * wanted);
    assert.equal(parts[0].logits[1], mean(FAKE));
    assert.equal(parts[0].logits[0], mean(REAL) + 1);
    assert.ok(Number.isFinite(parts[3].losses[1]));
  }
});

test("잠재 벡터는 정규분포, 비율은 균등분포, 진짜는 데이터에서", () => {
  const { training } = started(0, { ...PLANE, batch: 20_000 });
  const { real, z, share } = training.draw();
  assert.ok(Math.abs(mean(z)) < 0.02 && Math.abs(mean(z.map((one) => one * one)) - 1) < 0.03);
  assert.ok(Math.abs(mean(share) - 0.5) < 0.01);
  assert.ok(Math.abs(mean(share.map((one) => (one - 0.5) ** 2)) - 1 / 12) < 0.003);
  assert.deepEqual([real.length, z.length, share.length], [40_000, 40_000, 20_000]);
  assert.ok(real.every((value, place) => place % 2 || Math.abs(Math.abs(value) - 1) < 0.1));
});

test("한쪽의 차례는 그쪽만 고침", async () => {
  for (const [mover, other] of [["discriminator", "generator"], ["generator", "discriminator"]]) {
    const { calls, training } = started();
    const kept = training[other];
    await training.step(mover);
    assert.equal(calls.length, 1);
    assert.equal(calls[0].name, mover === "discriminator" ? "first-none" : "first-generator");
    assert.equal(training[other], kept);
    assert.deepEqual(training[mover], {
      parameters: new Float32Array(SIZES[mover]).fill(1),
      momentum: new Float32Array(SIZES[mover]).fill(10),
      variance: new Float32Array(SIZES[mover]).fill(100),
      step: 1,
    });
    assert.equal(training.steps, 1);
    assert.deepEqual(training.losses, mover === "discriminator" ? [0.5, undefined] : [undefined, 0.5]);
  }
});

test("Adam의 스텝은 쪽마다 1부터, 두 평균은 다음 차례로", async () => {
  const { calls, training } = started();
  const turns = ["both", "discriminator", "discriminator", "generator", "both"];
  for (const turn of turns) await training.step(turn);
  const sent = calls.map(({ name, values }) => [name, values.step[0]]);
  assert.deepEqual(sent, [
    ["first-none", 1],
    ["first-generator", 1],
    ["first-none", 2],
    ["first-none", 3],
    ["first-generator", 2],
    ["first-none", 4],
    ["first-generator", 3],
  ]);
  assert.deepEqual([training.discriminator.step, training.generator.step], [4, 3]);
  const last = calls[5].values; // 판별기가 고쳐진 것은 네 번째 부름이 마지막
  const filled = (value) => new Float32Array(SIZES.discriminator).fill(value);
  assert.deepEqual(only(last, ["parameters", "momentum", "variance"]), {
    parameters: filled(4),
    momentum: filled(40),
    variance: filled(400),
  });
  assert.equal(training.steps, turns.length);
});

test("스텝마다 새 배치, 건넨 배치가 있으면 그것", async () => {
  const { calls, training } = started();
  await training.step("both");
  await training.step("both");
  for (const name of BATCH) assert.notDeepEqual(calls[0].values[name], calls[2].values[name]);
  const given = { real: new Float32Array(8), z: new Float32Array(8).fill(2), share: new Float32Array(4) };
  const twin = started().training;
  const { training: other, calls: heard } = started();
  await other.step("both", given);
  assert.deepEqual(only(heard[1].values, BATCH), given);
  assert.deepEqual(other.draw(), twin.draw()); // 건넨 배치는 난수를 쓰지 않음
});

test("같은 시드는 같은 상태, 다른 시드는 다른 상태", async () => {
  const { training } = started(5);
  const wanted = state(training);
  const twin = started(5).training;
  const batch = twin.draw();
  await training.step("both");
  await training.step("generator");
  assert.notDeepEqual(state(training), wanted);
  training.reset(5);
  assert.deepEqual(state(training), wanted);
  assert.deepEqual(training.draw(), batch);
  training.reset(6);
  for (const name of Object.keys(SIZES)) {
    assert.notDeepEqual(training[name].parameters, wanted[name].parameters);
  }
  assert.notDeepEqual(training.directions, wanted.directions);
  assert.notDeepEqual(training.draw(), batch);
  assert.equal(training.seed, 6);
});

test("보기는 학습의 난수를 쓰지 않고 아무것도 고치지 않음", async () => {
  const { training } = started(3);
  const twin = started(3).training;
  for (let turn = 0; turn < 3; turn++) {
    const before = state(training);
    await training.look();
    assert.deepEqual(state(training), before);
    assert.deepEqual(training.draw(), twin.draw());
    await training.step("both");
    await twin.step("both");
  }
});

test("보기에 건너가는 값과 돌아온 모습", async () => {
  const { calls, training } = started();
  await training.step("both");
  const seen = await training.look();
  const [look, points] = calls.slice(2);
  assert.deepEqual([look.name, points.name], ["look-first", "points"]);
  assert.deepEqual(look.values.other, training.discriminator.parameters);
  assert.deepEqual(look.values.parameters, training.generator.parameters);
  assert.deepEqual(look.values.directions, training.directions);
  assert.deepEqual(look.values.lattice, square(3, 2));
  assert.deepEqual(look.values.field, square(2, 1.5));
  assert.deepEqual([look.values.real.length, look.values.z.length], [8, 8]);
  assert.deepEqual(points.values.parameters, training.generator.parameters);
  assert.equal(points.values.z.length, 12);
  assert.deepEqual(seen.real, look.values.real);
  assert.deepEqual(seen.fake, new Float32Array(SIZES.generator).fill(3));
  assert.deepEqual(seen.logits, new Float32Array(SIZES.generator).fill(-3));
  assert.deepEqual([seen.losses, seen.steps], [[0.5, 1], 1]);
  assert.deepEqual(seen.modes, { total: 2, ...modeStatistics(POINTS, PLANE.data.ring) });
  assert.deepEqual([seen.modes.modes, seen.modes.highQuality], [2, 5 / 6]);
});

test("볼 때마다 같은 잠재 벡터와 같은 진짜", async () => {
  const { calls, training } = started(1);
  await training.look();
  await training.step("both");
  training.reset(2);
  await training.look();
  const [first, , , , second] = calls;
  for (const name of ["z", "real", "lattice", "field"]) {
    assert.deepEqual(first.values[name], second.values[name]);
  }
  assert.deepEqual(calls[1].values.z, calls[5].values.z);
});

test("부를 모델의 이름은 설정을 따름", () => {
  const { training } = started();
  assert.deepEqual(training.needed(training.settings), ["first-none", "first-generator", "look-first", "points"]);
  training.settings = { ...training.settings, loss: "second", penalty: "both" };
  assert.deepEqual(training.needed(training.settings), ["second-both", "second-generator", "look-second", "points"]);
});

test("설정을 바꾸어도 목록에 적힌 기본값은 그대로", () => {
  const { training } = started();
  training.settings.loss = "second";
  assert.equal(PLANE.defaults.loss, "first");
});

test("데이터를 고르거나 그리면 진짜가 그곳에서", async () => {
  const { calls, training } = started();
  training.settings = { ...training.settings, data: "far" };
  assert.ok(training.draw().real.every((value) => Math.abs(value - 90) < 5));
  training.settings = { ...training.settings, data: "drawing" };
  training.drawing = { ...training.drawing, centers: [[-40, -40], [-40, -40]] };
  assert.equal(training.data.sigma, PLANE.data.ring.sigma);
  assert.ok(training.draw().real.every((value) => Math.abs(value + 40) < 0.1));
  const seen = await training.look();
  assert.equal(seen.modes.total, 2);
  assert.ok(calls[0].values.real.every((value) => Math.abs(value + 40) < 0.1));
});

test("손실이 아직 없거나 유한하면 이어 가고, 유한하지 않으면 멈춤", () => {
  const { training } = started();
  const fine = [[undefined, undefined], [0.7, undefined], [0.7, -3]];
  const broken = [[Infinity, 1], [1, Infinity], [-Infinity, undefined], [NaN, 1], [undefined, NaN]];
  for (const losses of [...fine, ...broken]) {
    training.losses = losses;
    assert.equal(training.finite, fine.includes(losses), String(losses));
  }
});

test("스텝에서 나온 손실이 NaN이면 멈추고, 다시 시작하면 이어 감", async () => {
  for (const turn of ["discriminator", "generator", "both"]) {
    const { run } = recorder();
    const broken = async (...given) => ({ ...(await run(...given)), loss: Float32Array.of(NaN) });
    const training = new Training(broken, PLANE, 0);
    await training.step(turn);
    assert.equal(training.finite, false, turn);
    training.reset(0);
    assert.equal(training.finite, true, turn);
  }
});

// --- 손실을 직접 쓰기

const FORMULAS = { discriminator: "a * b + square(a)", generator: "a * square(b)" };

function writing(formulas = FORMULAS) {
  const { calls, training } = started();
  training.settings = { ...training.settings, loss: OWN, formulas };
  return { calls, training };
}

test("직접 쓴 손실: 차례마다 먼저 로짓을, 그 로짓의 기울기로 한 차례를", async () => {
  const { calls, training } = writing();
  const before = { d: training.discriminator.parameters, g: training.generator.parameters };
  await training.step("both");
  const names = ["logits", "slopes-none", "logits", "slopes-generator"];
  assert.deepEqual(calls.map(({ name }) => name), names);
  const [judged, d, again, g] = calls.map(({ values }) => values);
  for (const one of [judged, again]) {
    assert.deepEqual(one.directions, training.directions);
    assert.deepEqual(only(one, BATCH), only(d, BATCH)); // 같은 배치
  }
  assert.deepEqual([judged.other, judged.parameters], [before.d, before.g]);
  assert.deepEqual(again.other, new Float32Array(SIZES.discriminator).fill(2)); // 고친 판별기
  assert.deepEqual(again.parameters, before.g);
  const [real, later] = [REAL.map((one) => one + 1), REAL.map((one) => one + 3)];
  assert.deepEqual(d.real_slopes, real.map((a, place) => FAKE[place] + 2 * a));
  assert.deepEqual(d.fake_slopes, real);
  assert.deepEqual(g.fake_slopes, later.map((a, place) => 2 * a * FAKE[place]));
  assert.deepEqual(training.losses, [
    mean(real.map((a, place) => a * FAKE[place] + a * a)),
    mean(later.map((a, place) => a * FAKE[place] ** 2)),
  ]);
  assert.equal(training.penalty, -2);
});

test("직접 쓴 손실의 보기: 가짜가 밀리는 쪽도 식의 기울기", async () => {
  const { calls, training } = writing({ ...FORMULAS, generator: "log(b) * a" });
  await training.look();
  assert.deepEqual(calls.map(({ name }) => name), ["logits", "look-slopes", "points"]);
  const [judged, look] = calls.map(({ values }) => values);
  assert.deepEqual([judged.z, judged.real], [look.z, look.real]);
  const wanted = FAKE.map((b, place) => (b === 0 ? 0 : (REAL[place] + 1) / b)); // 발산한 자리는 0
  assert.deepEqual(look.fake_slopes, wanted);
});

test("발산한 식은 아무것도 고치기 전에 멈춤", async () => {
  for (const [player, told] of [["discriminator", /^판별기의 식이/], ["generator", /^생성기의 식이/]]) {
    const { calls, training } = writing({ ...FORMULAS, [player]: "log(b)" });
    const before = structuredClone(state(training));
    await assert.rejects(training.step(player), (error) => error.name === "LiveError" && told.test(error.message));
    assert.deepEqual(state(training), before);
    assert.deepEqual(calls.map(({ name }) => name), ["logits"]);
  }
});

test("다른 크기: 고른 손실도 그 크기의 모델과 식으로 배우고 봄", async () => {
  const { calls, training } = started();
  const narrow = { ...training.settings, ...NARROW, loss: "second", penalty: "both" };
  assert.ok(training.resizes(narrow));
  assert.ok(!training.resizes({ ...training.settings, loss: "second" }));
  const { discriminator, generator, look, logits } = PLANE.sizes["1x1"].slopes.both;
  assert.deepEqual(training.needed(narrow).sort(), [discriminator, generator, look, logits, "points-1x1"].sort());
  training.settings = narrow;
  training.reset(4);
  assert.equal(training.discriminator.parameters.length, 12 + 1 + 1 + 1);
  assert.equal(training.generator.parameters.length, 2 + 1 + 2 + 2);
  await training.step("both");
  await training.look();
  const names = [logits, discriminator, logits, generator, logits, look, "points-1x1"];
  assert.deepEqual(calls.map(({ name }) => name), names);
  const [, d, , g, , seen] = calls.map(({ values }) => values);
  assert.deepEqual(d.real_slopes, new Float32Array(4).fill(1));
  assert.deepEqual(d.fake_slopes, new Float32Array(4).fill("second".length));
  for (const { fake_slopes } of [g, seen]) assert.deepEqual(fake_slopes, FAKE.map((b) => 2 * b));
  assert.ok(training.losses.every(Number.isFinite));
  calls.length = 0;
  await training.part(0);
  assert.deepEqual(calls.map(({ name }) => name), [logits]);
});

test("생성기의 식에 b가 없으면 받지 않음", async () => {
  const { training } = writing({ ...FORMULAS, generator: "a" });
  await assert.rejects(training.step("generator"), { name: "FormulaError" });
});

test("파이썬이 내보낸 모델마다, 받는 입력이 모두 적힌 길이로 건너감", async () => {
  const called = new Set();
  const { run } = recorder();
  const checked = async (name, values) => {
    assert.ok(name in KNOWN.models, `없는 모델: ${name}`);
    called.add(name);
    for (const [input, shape] of Object.entries(KNOWN.models[name])) {
      const wanted = shape.reduce((product, side) => product * side, 1);
      assert.equal(values[input]?.length, wanted, `${name}의 ${input}`);
      assert.ok(values[input] instanceof Float32Array);
    }
    const zeros = new Float32Array(KNOWN.plane.batch);
    if (name.startsWith("logits")) return { real_logits: zeros, fake_logits: zeros };
    return run(name, values);
  };
  const training = new Training(checked, KNOWN.plane, 0);
  const { losses, penalties, widths, depths } = KNOWN.plane;
  const { formulas } = losses.hinge;
  for (const width of widths) {
    for (const depth of depths) {
      training.settings = { ...training.settings, width, depth };
      training.reset(0);
      for (const loss of [...Object.keys(losses), OWN]) {
        for (const penalty of Object.keys(penalties)) {
          training.settings = { ...training.settings, loss, penalty, formulas };
          for (const needed of training.needed(training.settings)) assert.ok(needed in KNOWN.models, needed);
          await training.step("both");
          await training.look();
        }
      }
    }
  }
  assert.deepEqual([...called].sort(), Object.keys(KNOWN.models).sort());
});

// --- PyTorch의 기록과 견주기

const GOLDEN = {
  penalties: { first: "none", second: "both" },
  strength: 0.5,
  warm_up: 7,
  learning_rate: 0.0625,
  steps_each: 3,
  scale: 4,
};

/** 받은 값 모두에 기대는, 견주기에만 쓰는 한 차례입니다. */
async function tiny(name, values) {
  const { parameters, variance } = values;
  const push =
    values.step[0] + mean(values.other) + 2 * mean(values.real) + 3 * mean(values.z) +
    values.strength[0] * mean(values.share) + mean(values.directions) + name.charCodeAt(7); // 7: 손실의 이름 다음 글자
  const moved = values.learning_rate[0] * push;
  return {
    new_parameters: parameters.map((value, place) => value - moved - variance[place] / 8),
    new_momentum: values.momentum.map((value) => value + push),
    new_variance: variance.map((value, place) => value / 2 + place / 64),
    loss: Float32Array.of(push + parameters[0]),
    penalty: Float32Array.of(values.strength[0] * push),
  };
}

function counted(count, write) {
  return Float32Array.from({ length: count }, (_, place) => write(place));
}

const INPUTS = {
  real: { data: Int16Array.from({ length: 24 }, (_, place) => place * 5 - 40), shape: [3, 4, 2] },
  z: { data: Int16Array.from({ length: 24 }, (_, place) => 30 - place * 3), shape: [3, 4, 2] },
  share: { data: Int16Array.from({ length: 12 }, (_, place) => place % 5), shape: [3, 4] },
};

/** `Training` 없이 실행한 같은 스텝의 처음과 끝입니다. */
async function recorded() {
  const directions = counted(10, (place) => place / 16);
  const players = Object.fromEntries(
    Object.entries(SIZES).map(([name, size]) => [
      name,
      {
        parameters: counted(size, (place) => Math.sin(place + size)),
        momentum: new Float32Array(size),
        variance: counted(size, (place) => place / 128),
      },
    ]),
  );
  const kept = { "before.directions": directions };
  for (const [name, { parameters, variance }] of Object.entries(players)) {
    kept[`before.${name}`] = parameters;
    kept[`before.${name}.variance`] = variance;
  }
  const losses = [];
  for (let step = 0; step < 3; step++) {
    const batch = Object.entries(INPUTS).map(([name, { data }]) => {
      const size = data.length / 3;
      return [name, counted(size, (place) => data[step * size + place] / 4)];
    });
    const turn = async (mover, other, name) => {
      const made = await tiny(name, {
        ...players[mover],
        ...Object.fromEntries(batch),
        other: players[other].parameters,
        step: [7 + step + 1],
        learning_rate: [0.0625],
        strength: [0.5],
        directions,
      });
      players[mover] = {
        parameters: made.new_parameters,
        momentum: made.new_momentum,
        variance: made.new_variance,
      };
      return made;
    };
    const d = await turn("discriminator", "generator", "second-both");
    const g = await turn("generator", "discriminator", "second-generator");
    losses.push(d.loss[0], d.penalty[0], g.loss[0]);
  }
  for (const [name, { parameters }] of Object.entries(players)) kept[`after.${name}`] = parameters;
  kept.losses = Float32Array.from(losses);
  return Object.fromEntries(
    Object.entries(kept).map(([name, data]) => [name, { data: Float32Array.from(data), shape: [data.length] }]),
  );
}

function compared(kept, golden = GOLDEN, inputs = INPUTS) {
  return compare(tiny, PLANE, golden, "second", inputs, kept);
}

test("같은 기록과는 차이가 0이고, 기록은 그대로", async () => {
  const kept = await recorded();
  const before = structuredClone(kept);
  assert.deepEqual(await compared(kept), { losses: 0, parameters: 0 });
  assert.deepEqual(await compared(kept), { losses: 0, parameters: 0 });
  assert.deepEqual(kept, before);
});

for (const [name, place] of [
  ["after.discriminator", 0],
  ["after.discriminator", SIZES.discriminator - 2],
  ["after.generator", 0],
  ["after.generator", SIZES.generator - 1],
  ...Array.from({ length: 9 }, (_, place) => ["losses", place]),
]) {
  test(`수 하나가 다르면 그만큼의 차이: ${name}의 ${place}`, async () => {
    const kept = await recorded();
    const { data } = kept[name];
    const value = data[place];
    data[place] += 0.5;
    const part = name === "losses" ? "losses" : "parameters";
    const apart = Math.abs(data[place] - value);
    assert.deepEqual(await compared(kept), { losses: 0, parameters: 0, [part]: apart });
  });
}

test("식으로 적은 손실은 제 모델로 견줌", async () => {
  const names = new Set();
  const named = async (name, values) => {
    names.add(name);
    return name === "logits" ? { real_logits: REAL, fake_logits: FAKE } : tiny("second-both", values);
  };
  const plane = structuredClone(PLANE);
  plane.losses.second.formulas = FORMULAS;
  const { losses } = await compare(named, plane, GOLDEN, "second", INPUTS, await recorded(), true);
  assert.deepEqual([...names], ["logits", "slopes-both", "slopes-generator"]);
  assert.ok(losses > 0); // 식이 낸 손실을 견줌
});

test("판별기의 마지막 편향은 견주지 않음", async () => {
  const kept = await recorded();
  kept["after.discriminator"].data[SIZES.discriminator - 1] += 100;
  assert.deepEqual(await compared(kept), { losses: 0, parameters: 0 });
});

for (const name of [
  "before.directions",
  "before.discriminator",
  "before.discriminator.variance",
  "before.generator",
  "before.generator.variance",
]) {
  test(`처음이 다르면 끝도 다름: ${name}`, async () => {
    const kept = await recorded();
    kept[name].data[1] += 1;
    assert.ok((await compared(kept)).parameters > 0);
  });
}

for (const [name, value] of Object.entries({
  strength: 1,
  warm_up: 8,
  learning_rate: 0.125,
  scale: 8,
  penalties: { first: "both", second: "none" },
})) {
  test(`설정이 다르면 끝도 다름: ${name}`, async () => {
    const { losses, parameters } = await compared(await recorded(), { ...GOLDEN, [name]: value });
    assert.ok(losses > 0 && parameters > 0);
  });
}

test("스텝이 모자라거나 NaN이 나오면 무한대", async () => {
  const kept = await recorded();
  kept["after.generator"] = { data: kept["after.generator"].data.slice(1), shape: [16] };
  assert.equal((await compared(kept)).parameters, Infinity);
  const broken = await recorded();
  broken.losses.data[4] = NaN;
  assert.equal((await compared(broken)).losses, Infinity);
  assert.equal((await compared(await recorded(), { ...GOLDEN, steps_each: 4 })).losses, Infinity);
});
