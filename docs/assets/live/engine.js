/** 일꾼 안에서 onnxruntime-web을 켜고 모델을 부릅니다. */
import { cause, fetchAsset, LiveError, OFFLINE, unpackAsset } from "./files.js";

/** @typedef {Record<string, Float32Array>} Feeds */
/** @typedef {typeof import("onnxruntime-web")} Runtime */

export const NO_WASM =
  "이 브라우저에서는 WebAssembly를 쓸 수 없어 돌리지 못합니다. 그림은 이 빌드가 그린 장면입니다.";
export const NOT_STARTED = "실행기가 켜지지 않았습니다";
/** 0으로 채운 128비트 벡터를 돌려주는 함수 하나: 실행기가 쓰는 SIMD를 할 수 있는지 물음 */
const SIMD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0], // 이름과 버전
  ...[1, 5, 1, 96, 0, 1, 123], // () → v128
  ...[3, 2, 1, 0],
  ...[10, 8, 1, 6, 0, 65, 0, 253, 15, 11], // i32.const 0, i8x16.splat
);

export class Engine {
  /** @type {Map<string, Promise<import("onnxruntime-web").InferenceSession>>} */
  sessions = new Map();
  /** @type {Promise<unknown>} 실행기에 마지막으로 시킨 일 */
  last = Promise.resolve();

  /**
   * @param {URL} base 파일들이 놓인 자리
   * @param {any} manifest
   * @param {Runtime} runtime
   */
  constructor(base, manifest, runtime) {
    this.base = base;
    this.manifest = manifest;
    this.runtime = runtime;
  }

  /**
   * @param {URL} base
   * @param {any} manifest
   * @param {Blob} packed 페이지가 받아 확인한 실행기
   */
  static async open(base, manifest, packed) {
    if (!(await isAble())) throw new LiveError(NO_WASM);
    const { module, loader, binary } = manifest.runtime;
    const path = new URL(loader, base).href;
    /** @type {[Runtime, unknown]} */
    const [runtime] = await Promise.all([script(new URL(module, base).href), script(path)]);
    const content = new Uint8Array(await packed.arrayBuffer());
    runtime.env.wasm.numThreads = 1;
    runtime.env.wasm.wasmBinary = (await unpackAsset(content, binary)).buffer;
    runtime.env.wasm.wasmPaths = { mjs: path };
    runtime.env.logLevel = "error";
    const engine = new Engine(base, manifest, runtime);
    try {
      await engine.session("points"); // 가장 작은 모델로 실행기를 켬
    } catch (error) {
      throw cause(error, `${NOT_STARTED}: ${error}`);
    }
    runtime.env.wasm.wasmBinary = undefined; // 켠 뒤에는 쓰지 않는 14MB
    return engine;
  }

  /** @param {string} name */
  session(name) {
    let session = this.sessions.get(name);
    if (!session) {
      session = fetchAsset(this.base, this.manifest.models[name]).then((content) =>
        this.alone(() => this.runtime.InferenceSession.create(content, { executionProviders: ["wasm"] })),
      );
      session.catch(() => this.sessions.delete(name)); // 실패하면 다음에 다시 받음
      this.sessions.set(name, session);
    }
    return session;
  }

  /**
   * 실행기에 일을 하나씩 시킵니다. 실행기는 기다리는 사이에 다른 일을 받으면 두 일의 스택을 섞어, 남의 텐서를 제 답으로 읽습니다.
   *
   * @template Made
   * @param {() => Promise<Made>} work
   * @returns {Promise<Made>}
   */
  alone(work) {
    const made = this.last.then(work);
    this.last = made.catch(() => {});
    return made;
  }

  /**
   * 모델을 부릅니다. 모델이 받지 않는 입력은 건네지 않습니다.
   *
   * @param {string} name
   * @param {Feeds} values
   * @returns {Promise<Feeds>}
   */
  async run(name, values) {
    const session = await this.session(name);
    const { inputs } = this.manifest.models[name];
    /** @type {Record<string, import("onnxruntime-web").Tensor>} */
    const feeds = {};
    for (const [input, shape] of Object.entries(inputs)) {
      const data = values[input];
      const sides = shape.map((/** @type {number} */ side) => side || data.length / shape[1]);
      feeds[input] = new this.runtime.Tensor("float32", data, sides);
    }
    const outputs = await this.alone(() => session.run(feeds));
    return Object.fromEntries(
      Object.entries(outputs).map(([output, { data }]) => [
        output,
        /** @type {Float32Array} */ (data),
      ]),
    );
  }
}

/** WebAssembly를 쓸 수 있는지 실제로 옮겨 봅니다. 보안 정책이 막은 것은 옮겨 보아야 압니다. */
async function isAble() {
  try {
    return Boolean(await WebAssembly.compile(SIMD));
  } catch {
    return false;
  }
}

/** @param {string} address */
async function script(address) {
  try {
    return await import(address);
  } catch (error) {
    throw cause(error, OFFLINE);
  }
}
