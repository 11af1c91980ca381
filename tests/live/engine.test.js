/** 실행기: 가짜 실행기에 건너간 것, 받은 모델의 보관, 켜지 못한 이유. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { Engine, NO_WASM, NOT_STARTED } from "../../docs/assets/live/engine.js";
import { LiveError, NO_MEMORY, OFFLINE } from "../../docs/assets/live/files.js";

const BASE = new URL("https://example.test/book/assets/live/");
const FILES = {
  "points.onnx.gz": gzipSync("points"),
  "images.onnx.gz": gzipSync("images"),
  "binary.wasm.gz": gzipSync("binary"),
};
const MODELS = {
  points: { ...described("points.onnx.gz", 6), inputs: { z: [3, 2], step: [] } },
  images: { ...described("images.onnx.gz", 6), inputs: { input: [0, 4] } },
};
// 가짜 실행기의 모듈: 만든 것을 globalThis에 적음
const RUNTIME = `data:text/javascript,
  export const env = { wasm: {} };
  globalThis.seenEnvironment = env;
  export const InferenceSession = { create: async () => {
    globalThis.seenBinary = env.wasm.wasmBinary;
    if (globalThis.failure) throw globalThis.failure;
    return {};
  } };`;
const LOADER = "data:text/javascript,";
const PACKED = new Blob([FILES["binary.wasm.gz"]]);

function described(file, unpacked) {
  const content = FILES[file];
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { file, bytes: content.length, unpacked, sha256 };
}

function manifest(module = RUNTIME, loader = LOADER) {
  const binary = described("binary.wasm.gz", 6);
  return { runtime: { module, loader, binary }, models: MODELS };
}

function serve(t) {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (address) => {
    const name = String(address).slice(BASE.href.length);
    asked.push(name);
    return new Response(FILES[name]);
  });
  return asked;
}

class Tensor {
  constructor(type, data, sides) {
    Object.assign(this, { type, data, sides });
  }
}

/** 받은 모델과 입력을 적어 두는 실행기입니다. */
function runtime() {
  const [made, fed] = [[], []];
  const session = {
    async run(feeds) {
      fed.push(feeds);
      return { answer: { data: Float32Array.of(1, 2), dims: [2] } };
    },
  };
  const create = async (content, options) => {
    made.push({ content: new TextDecoder().decode(content), options });
    return session;
  };
  return { made, fed, Tensor, InferenceSession: { create } };
}

test("모델이 받는 입력만, 적힌 모양으로 건넴", async (t) => {
  serve(t);
  const fake = runtime();
  const engine = new Engine(BASE, manifest(), fake);
  const z = Float32Array.of(1, 2, 3, 4, 5, 6);
  const values = { z, step: Float32Array.of(7), share: new Float32Array(3) };
  assert.deepEqual(await engine.run("points", values), { answer: Float32Array.of(1, 2) });
  assert.deepEqual(fake.fed, [
    { z: new Tensor("float32", z, [3, 2]), step: new Tensor("float32", values.step, []) },
  ]);
  assert.deepEqual(fake.made, [{ content: "points", options: { executionProviders: ["wasm"] } }]);
});

test("비어 있는 배치의 크기는 입력의 길이에서", async (t) => {
  serve(t);
  const fake = runtime();
  await new Engine(BASE, manifest(), fake).run("images", { input: new Float32Array(12) });
  assert.deepEqual(fake.fed[0].input.sides, [3, 4]);
});

test("실행기는 한 번에 하나만: 섞이면 남의 텐서를 읽음", async (t) => {
  serve(t);
  const fake = runtime();
  const { create } = fake.InferenceSession;
  const told = [];
  const slowly = (name, work) => async (...given) => {
    told.push(`${name} 시작`);
    await new Promise((done) => setTimeout(done));
    told.push(`${name} 끝`);
    if (given[0]?.step?.data[0] === 0) throw new Error("실패");
    return work(...given);
  };
  fake.InferenceSession.create = slowly("켜기", async (...given) => {
    const session = await create(...given);
    return { run: slowly("셈", (feeds) => session.run(feeds)) };
  });
  const engine = new Engine(BASE, manifest(), fake);
  const points = (step) => engine.run("points", { z: new Float32Array(6), step: Float32Array.of(step) });
  const results = await Promise.allSettled([points(1), points(0), points(2), engine.session("images")]);
  assert.deepEqual(results.map(({ status }) => status), ["fulfilled", "rejected", "fulfilled", "fulfilled"]);
  assert.equal(told.length, 10);
  told.forEach((each, place) => assert.match(each, place % 2 ? /끝$/ : /시작$/));
});

test("같은 모델은 한 번만 받음", async (t) => {
  const asked = serve(t);
  const engine = new Engine(BASE, manifest(), runtime());
  const [first, second] = await Promise.all([engine.session("points"), engine.session("points")]);
  assert.equal(first, second);
  await engine.session("points");
  await engine.session("images");
  assert.deepEqual(asked, ["points.onnx.gz", "images.onnx.gz"]);
});

test("받지 못한 모델은 다음에 다시 받음", async (t) => {
  t.mock.method(globalThis, "fetch", async () => {
    throw new TypeError("fetch failed");
  });
  const engine = new Engine(BASE, manifest(), runtime());
  await assert.rejects(engine.session("points"), { name: "LiveError", message: OFFLINE });
  t.mock.restoreAll();
  serve(t);
  await assert.doesNotReject(engine.session("points"));
});

test("확인한 파일을 실행기에 건네고, 켠 뒤에는 놓아줌", async (t) => {
  const asked = serve(t);
  const engine = await Engine.open(BASE, manifest(), PACKED);
  assert.deepEqual(asked, ["points.onnx.gz"]);
  assert.equal(new TextDecoder().decode(globalThis.seenBinary), "binary");
  const { wasm } = globalThis.seenEnvironment;
  assert.equal(wasm.wasmBinary, undefined);
  assert.deepEqual(wasm.wasmPaths, { mjs: LOADER });
  assert.equal(wasm.numThreads, 1);
  assert.deepEqual(engine.manifest, manifest());
});

function refused(list, message) {
  return assert.rejects(Engine.open(BASE, list, PACKED), (error) => {
    assert.ok(error instanceof LiveError, `LiveError여야 함: ${error}`);
    assert.equal(error.message, message);
    return true;
  });
}

test("WebAssembly가 없거나 막혔으면 그것을 탓함", async (t) => {
  serve(t);
  const kept = globalThis.WebAssembly;
  try {
    delete globalThis.WebAssembly;
    await refused(manifest(), NO_WASM);
  } finally {
    globalThis.WebAssembly = kept;
  }
  t.mock.method(WebAssembly, "compile", async () => {
    throw new EvalError("unsafe-eval is not an allowed source of script");
  });
  await refused(manifest(), NO_WASM);
});

for (const [which, list] of Object.entries({
  실행기: manifest("data:text/javascript,throw new TypeError('Failed to fetch')"),
  "실행기의 짝": manifest(RUNTIME, "data:text/javascript,throw new TypeError('Failed to fetch')"),
})) {
  test(`스크립트를 받지 못하면 네트워크를 탓함: ${which}`, async (t) => {
    serve(t);
    await refused(list, OFFLINE);
  });
}

for (const [failure, told] of [
  [new RangeError("WebAssembly.Memory(): could not allocate memory"), NO_MEMORY],
  [new Error("Unsupported model"), `${NOT_STARTED}: Error: Unsupported model`],
]) {
  test(`켜지 못한 이유를 말함: ${told}`, async (t) => {
    serve(t);
    globalThis.failure = failure;
    try {
      await refused(manifest(), told);
    } finally {
      delete globalThis.failure;
    }
  });
}

test("켜다가 모델을 받지 못하면 네트워크를 탓함", async (t) => {
  t.mock.method(globalThis, "fetch", async () => new Response("", { status: 404 }));
  await refused(manifest(), OFFLINE);
});
