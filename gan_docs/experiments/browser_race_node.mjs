// Node에서 겨룹니다: `node browser_race_node.mjs 폴더`가 결과를 JSON 한 줄로 적습니다.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { pathToFileURL } from "node:url";

import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import * as ort from "onnxruntime-web/wasm";

import { race } from "./browser_race.mjs";

const folder = process.argv[2];
const { resolve } = createRequire(import.meta.url);

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmBinary = readFileSync(resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm"));
setWasmPaths(dirname(resolve("@tensorflow/tfjs-backend-wasm")) + sep);
tf.env().set("WASM_HAS_MULTITHREAD_SUPPORT", false);

try {
  const { registerGradients } = await import(pathToFileURL(join(folder, "gradients.mjs")));
  registerGradients(tf);
  const request = JSON.parse(readFileSync(join(folder, "request.json"), "utf8"));
  const models = Object.fromEntries(
    request.models.map((name) => [name, readFileSync(join(folder, `${name}.onnx`))]),
  );
  console.log(JSON.stringify(await race({ ort, tf, models, request })));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
