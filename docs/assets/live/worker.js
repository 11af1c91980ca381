/** 일꾼: 페이지의 스크롤을 막지 않도록, 모델을 부르는 일은 모두 여기에서 합니다. */
import { DigitTraining } from "./digit_training.js";
import { Engine } from "./engine.js";
import { cause, fetchAsset, LiveError, splitArrays } from "./files.js";
import { allLetters, search } from "./search.js";
import { compare, Training } from "./training.js";

/** @typedef {{id: number, kind: string, [name: string]: any}} Request */

const MILLISECONDS_BETWEEN_FRAMES = 50;
const BASE = new URL(".", import.meta.url);

/** @type {Engine} */
let engine;
/** @type {Training | DigitTraining} */
let training;
let running = false;
let goal = Infinity; // 이 스텝에 이르면 스스로 멈춤
/** @type {Promise<void>} */
let loop = Promise.resolve();
/** @type {Promise<void>} 앞서 부탁받은 일 */
let queue = Promise.resolve();
/** @type {number} */
let between = MILLISECONDS_BETWEEN_FRAMES;

const run = (/** @type {string} */ name, /** @type {any} */ values) => engine.run(name, values);

/** @param {object} message */
function send(message) {
  globalThis.postMessage(message);
}

/** @param {any} settings 지금 하는 학습의 설정 */
async function load(settings) {
  await Promise.all(training.needed(settings).map((name) => engine.session(name)));
}

/** 쌓인 말을 들을 틈을 줍니다. */
function breathe() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(undefined);
    };
    port2.postMessage(null);
  });
}

/** @param {number} [rate] 스텝의 빠르기(초마다) */
async function frame(rate) {
  const seen = await training.look();
  return { ...seen, rate };
}

function isOver() {
  return !training.finite || training.finished || training.steps >= goal;
}

async function train() {
  let since = performance.now();
  let counted = 0;
  while (running) {
    const until = performance.now() + between;
    let breath = performance.now() + MILLISECONDS_BETWEEN_FRAMES;
    do {
      await training.step("both");
      counted++;
      if (performance.now() < breath) continue;
      await breathe(); // 드물게 그려도 멈추라는 말은 곧 들음
      breath = performance.now() + MILLISECONDS_BETWEEN_FRAMES;
    } while (running && !isOver() && performance.now() < until);
    if (isOver()) running = false;
    const seen = await frame((1000 * counted) / (performance.now() - since));
    if (performance.now() - since > 1000) [since, counted] = [performance.now(), 0];
    send({ kind: "frame", frame: seen, finite: training.finite });
    await breathe();
  }
}

async function pause() {
  running = false;
  await loop;
}

/** @type {Record<string, (request: Request) => Promise<any>>} */
const KINDS = {
  async open({ kindOfWork, seed, milliseconds, settings, manifest, binary }) {
    engine = await Engine.open(BASE, manifest, binary);
    between = milliseconds ?? between;
    if (kindOfWork === "plane") {
      training = new Training(run, engine.manifest.plane, seed);
      await load(training.settings);
    } else if (kindOfWork === "digits") {
      training = await DigitTraining.open(BASE, run, engine.manifest.digits, settings, seed);
      await load(settings);
    } else {
      const names = kindOfWork === "hand" ? ["hangul", "hand"] : ["hangul"];
      await Promise.all(names.map((name) => engine.session(name)));
    }
    return engine.manifest;
  },
  async look() {
    return frame();
  },
  async run({ until = Infinity }) {
    goal = until;
    if (!running) {
      running = true;
      loop = train().catch((error) => {
        running = false;
        send({ kind: "failed", message: reason(error) });
      });
    }
  },
  async pause() {
    await pause();
    return frame();
  },
  async step({ turn }) {
    await pause();
    await training.step(turn);
    return frame();
  },
  async part({ place }) {
    await pause();
    if (training instanceof DigitTraining) return undefined; // 평면의 학습에만 있음
    const part = await training.part(place);
    return { ...part, frame: await frame() };
  },
  async reset({ seed }) {
    const again = running;
    await pause();
    training.reset(seed);
    if (again) await KINDS.run({ id: 0, kind: "run", until: goal });
    return frame();
  },
  async configure({ settings }) {
    await load(settings); // 다 받은 뒤에 바꿈
    const resized = training instanceof DigitTraining || training.resizes(settings);
    const again = running;
    if (resized) await pause(); // 한 스텝의 가운데에서 가중치의 길이가 바뀌지 않게
    training.settings = settings;
    if (resized) training.reset(training.seed);
    if (resized && again) await KINDS.run({ id: 0, kind: "run", until: goal });
    return running ? undefined : frame();
  },
  async draw({ centers, drawings }) {
    if (training instanceof DigitTraining) training.drawings = drawings;
    else training.drawing = { ...training.drawing, centers };
    return running ? undefined : frame();
  },
  async compare() {
    await pause();
    if (training instanceof DigitTraining) return training.compare(BASE);
    const { golden, plane } = engine.manifest;
    const inputs = splitArrays(await fetchAsset(BASE, golden.inputs), golden.inputs.layout);
    const rows = [];
    for (const [loss, asset] of Object.entries(golden.runs)) {
      const kept = splitArrays(await fetchAsset(BASE, asset), asset.layout);
      const own = await compare(run, plane, golden, loss, inputs, kept, true);
      rows.push({ loss, ...(await compare(run, plane, golden, loss, inputs, kept)), own });
      send({ kind: "compared", done: rows.length, total: Object.keys(golden.runs).length });
      await breathe();
    }
    return rows;
  },
  async images({ input }) {
    const { images } = await engine.run("hangul", { input });
    return images;
  },
  async search({ letters, targets, begun }) {
    const { hand } = engine.manifest;
    return search(run, hand, { letters, targets, begun }, async (step, z) => {
      const { images } = await engine.run("hangul", { input: allLetters(z, hand.classes) });
      send({ kind: "searched", step, images });
    });
  },
};

/** @param {unknown} given */
function reason(given) {
  const error = cause(given);
  return error instanceof LiveError ? error.message : `계산하지 못했습니다: ${error}`;
}

/** @param {Request} request */
async function answer(request) {
  const { id, kind } = request;
  try {
    send({ id, result: await KINDS[kind](request) });
  } catch (error) {
    send({ id, error: reason(error), known: cause(error) instanceof LiveError });
  }
}

/** 부탁받은 차례로 합니다. 설정에 드는 모델을 받는 사이에 누른 스텝은, 받은 뒤에 그 설정으로 합니다. */
globalThis.onmessage = ({ data }) => {
  if (data.kind === "pause") running = false; // 앞의 일이 늦어도 바로 멈춤
  if (data.kind === "images") answer(data); // 학습과 상관없음: 찾는 사이에도 걷는 모습을 보임
  else queue = queue.then(() => answer(data));
};
