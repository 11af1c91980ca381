/** 일꾼 안에서 onnxruntime-web을 켜고 모델을 부릅니다. */
import { fetchAsset, fetchManifest, LiveError } from "./files.js";

/** @typedef {Record<string, Float32Array>} Feeds */
/** @typedef {typeof import("onnxruntime-web")} Runtime */

export const NO_WASM =
  "이 브라우저에서는 WebAssembly를 쓸 수 없어 돌리지 못합니다. 그림은 이 빌드가 그린 장면입니다.";

export class Engine {
  /** @type {Map<string, Promise<import("onnxruntime-web").InferenceSession>>} */
  sessions = new Map();

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
   * @param {(loaded: number, total: number) => void} progress
   */
  static async open(base, progress) {
    const manifest = await fetchManifest(base);
    const { module, loader, binary } = manifest.runtime;
    let loaded = 0;
    const content = await fetchAsset(base, binary, (bytes) => {
      loaded += bytes;
      progress(loaded, binary.bytes);
    });
    if (typeof WebAssembly === "undefined") throw new LiveError(NO_WASM);
    try {
      const runtime = /** @type {Runtime} */ (await import(new URL(module, base).href));
      runtime.env.wasm.numThreads = 1;
      runtime.env.wasm.wasmBinary = content.buffer;
      runtime.env.wasm.wasmPaths = { mjs: new URL(loader, base).href };
      runtime.env.logLevel = "error";
      const engine = new Engine(base, manifest, runtime);
      await engine.session("points"); // 가장 작은 모델로 실행기를 켬
      return engine;
    } catch (error) {
      if (error instanceof LiveError) throw error;
      throw new LiveError(NO_WASM);
    }
  }

  /** @param {string} name */
  session(name) {
    let session = this.sessions.get(name);
    if (!session) {
      session = fetchAsset(this.base, this.manifest.models[name]).then((content) =>
        this.runtime.InferenceSession.create(content, { executionProviders: ["wasm"] }),
      );
      session.catch(() => this.sessions.delete(name)); // 실패하면 다음에 다시 받음
      this.sessions.set(name, session);
    }
    return session;
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
    const outputs = await session.run(feeds);
    return Object.fromEntries(
      Object.entries(outputs).map(([output, { data }]) => [
        output,
        /** @type {Float32Array} */ (data),
      ]),
    );
  }
}
