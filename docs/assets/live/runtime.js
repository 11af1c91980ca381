/**
 * 실행기의 파일을 페이지에서 한 번만 받습니다. 페이지의 모든 요소와, 새로 고치지 않고 옮겨 간 다음
 * 페이지의 요소가 함께 씁니다. 묶인 채로 간직하므로 메모리를 적게 씁니다.
 */
import { fetchPacked } from "./files.js";

/** @typedef {(loaded: number, total: number) => void} Progress */
/** @typedef {{content: Promise<Blob>, stop: AbortController, listeners: Set<Progress>, done: boolean}} Fetching */

/** @type {Map<string, Fetching>} 주소마다 받았거나 받는 중인 것 */
const kept = new Map();

/**
 * 받은 것이 있으면 그것을, 없으면 받아서 돌려줍니다. 기다리던 모두가 그만두면 받기도 그만둡니다.
 *
 * @param {URL} base
 * @param {import("./files.js").Asset} asset
 * @param {Progress} progress
 * @param {AbortSignal} signal
 */
export async function sharedFile(base, asset, progress, signal) {
  signal.throwIfAborted();
  const { href } = new URL(asset.file, base);
  const one = kept.get(href) ?? begin(base, asset, href);
  one.listeners.add(progress);
  try {
    return await Promise.race([one.content, aborted(signal)]);
  } finally {
    one.listeners.delete(progress);
    if (!one.done && one.listeners.size === 0) {
      kept.delete(href); // 실패하거나 그만둔 것은 다음에 다시 받음
      one.stop.abort();
    }
  }
}

/**
 * @param {URL} base
 * @param {import("./files.js").Asset} asset
 * @param {string} href
 */
function begin(base, asset, href) {
  const stop = new AbortController();
  /** @type {Set<Progress>} */
  const listeners = new Set();
  let loaded = 0;
  const hear = (/** @type {number} */ bytes) => {
    loaded += bytes;
    for (const listener of listeners) listener(loaded, asset.bytes);
  };
  const content = fetchPacked(base, asset, hear, stop.signal).then((bytes) => {
    one.done = true;
    return new Blob([bytes]);
  });
  /** @type {Fetching} */
  const one = { content, stop, listeners, done: false };
  kept.set(href, one);
  return one;
}

/**
 * 신호가 오면 실패합니다.
 *
 * @param {AbortSignal} signal
 * @returns {Promise<never>}
 */
function aborted(signal) {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
