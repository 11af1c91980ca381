/** 실행기: 가짜 실행기에 건너간 것, 받은 모델의 보관, 켜지 못한 이유. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import { Engine, NO_WASM } from "../../docs/assets/live/engine.js";
import { LiveError, OFFLINE } from "../../docs/assets/live/files.js";

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
  export const InferenceSession = { create: async () => ({}) };`;

function described(file, unpacked) {
  const content = FILES[file];
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { file, bytes: content.length, unpacked, sha256 };
}

function manifest(module = RUNTIME) {
  const binary = described("binary.wasm.gz", 6);
  return { runtime: { module, loader: "loader.mjs", binary }, models: MODELS };
}

function serve(t, list = manifest()) {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (address) => {
    const name = String(address).slice(BASE.href.length);
    asked.push(name);
    return new Response(name === "manifest.json" ? JSON.stringify(list) : FILES[name]);
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

test("켜면서 온 만큼을 알리고, 확인한 파일을 실행기에 건넴", async (t) => {
  const asked = serve(t);
  const heard = [];
  const engine = await Engine.open(BASE, (loaded, total) => heard.push([loaded, total]));
  const { bytes } = manifest().runtime.binary;
  assert.deepEqual(heard.at(-1), [bytes, bytes]);
  assert.deepEqual(asked, ["manifest.json", "binary.wasm.gz", "points.onnx.gz"]);
  const { wasm } = globalThis.seenEnvironment;
  assert.equal(new TextDecoder().decode(wasm.wasmBinary), "binary");
  assert.deepEqual(wasm.wasmPaths, { mjs: `${BASE.href}loader.mjs` });
  assert.equal(wasm.numThreads, 1);
  assert.deepEqual(engine.manifest, manifest());
});

test("WebAssembly가 없거나 실행기가 켜지지 않으면 이유를 말함", async (t) => {
  const refused = (error) => {
    assert.ok(error instanceof LiveError);
    assert.equal(error.message, NO_WASM);
    return true;
  };
  serve(t, manifest("data:text/javascript,throw new Error()"));
  await assert.rejects(Engine.open(BASE, () => {}), refused);
  t.mock.restoreAll();
  serve(t);
  const kept = globalThis.WebAssembly;
  try {
    delete globalThis.WebAssembly;
    await assert.rejects(Engine.open(BASE, () => {}), refused);
  } finally {
    globalThis.WebAssembly = kept;
  }
});

test("켜다가 모델을 받지 못하면 네트워크를 탓함", async (t) => {
  const list = manifest();
  t.mock.method(globalThis, "fetch", async (address) => {
    const name = String(address).slice(BASE.href.length);
    if (name === "points.onnx.gz") return new Response("", { status: 404 });
    return new Response(name === "manifest.json" ? JSON.stringify(list) : FILES[name]);
  });
  await assert.rejects(Engine.open(BASE, () => {}), { name: "LiveError", message: OFFLINE });
});
