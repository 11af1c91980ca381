/** 파일을 받아 크기와 sha256을 확인하고 풉니다. 일꾼과 페이지가 함께 씁니다. */

/** @typedef {{file: string, bytes: number, unpacked: number, sha256: string}} Asset */
/** @typedef {Asset & {layout: Record<string, {type: string, shape: number[], start: number}>}} ArraysAsset */
/** @typedef {{data: Float32Array | Int16Array | Uint16Array | Uint8Array, shape: number[]}} Values */

/** 독자에게 그대로 보일 수 있는 이유입니다. */
export class LiveError extends Error {
  name = "LiveError";
}

export const BROKEN = "받은 파일이 온전하지 않습니다. 잠시 뒤에 다시 눌러 주세요.";
export const OFFLINE = "파일을 받지 못했습니다. 네트워크를 확인하고 다시 눌러 주세요.";
export const NO_MEMORY =
  "이 기기의 메모리가 모자라 멈췄습니다. 다른 탭을 닫고 페이지를 새로 고친 다음 다시 눌러 주세요.";
const MEMORY = /alloc|out of memory|enlarge memory/i; // 브라우저와 실행기가 저마다 하는 말

/**
 * 실패를 독자에게 보일 이유로 바꿉니다. 메모리가 모자란 것과 그만둔 것은 다른 이유로 덮지 않습니다.
 *
 * @param {unknown} error
 * @param {string} [otherwise] 까닭을 모를 때의 말. 생략하면 받은 오류 그대로
 * @returns {unknown}
 */
export function cause(error, otherwise) {
  const { name = "", message = "" } = /** @type {Error} */ (error ?? {});
  if (name === "LiveError" || name === "AbortError") return error;
  if (MEMORY.test(`${message || error}`)) return new LiveError(NO_MEMORY);
  return otherwise === undefined ? error : new LiveError(otherwise);
}

/**
 * @param {URL} address
 * @param {(bytes: number) => void} [progress] 받은 만큼 부를 함수
 * @param {AbortSignal} [signal] 그만두라는 신호
 */
async function download(address, progress = () => {}, signal) {
  let response;
  try {
    response = await fetch(address, { signal });
    if (!response.ok || !response.body) throw new Error(`${response.status}`);
    const parts = [];
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(value);
      progress(value.length);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  } catch (error) {
    throw cause(error, OFFLINE);
  }
}

/**
 * 묶인 파일을 받아 풉니다.
 *
 * @param {URL} base
 * @param {Asset} asset
 * @param {AbortSignal} [signal]
 */
export async function fetchAsset(base, asset, signal) {
  return unpackAsset(await fetchPacked(base, asset, undefined, signal), asset);
}

/**
 * 묶인 파일을 받아 온전한지 확인합니다. 풀지는 않습니다.
 *
 * @param {URL} base
 * @param {Asset} asset
 * @param {(bytes: number) => void} [progress]
 * @param {AbortSignal} [signal]
 */
export async function fetchPacked(base, asset, progress, signal) {
  const content = await download(new URL(asset.file, base), progress, signal);
  if (isPacked(content) && !(await isWhole(content, asset))) throw new LiveError(BROKEN);
  return content;
}

/**
 * 받은 파일을 풉니다. 서버가 이미 풀어 보낸 것이면 풀린 크기만 확인합니다.
 *
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {Asset} asset
 */
export async function unpackAsset(content, asset) {
  const unpacked = isPacked(content) ? await unpack(content) : content;
  if (unpacked.length !== asset.unpacked) throw new LiveError(BROKEN);
  return unpacked;
}

/** @param {Uint8Array} content */
function isPacked(content) {
  return content[0] === 0x1f && content[1] === 0x8b;
}

/**
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {Asset} asset
 */
export async function isWhole(content, asset) {
  if (content.length !== asset.bytes) return false;
  if (!globalThis.crypto?.subtle) return true; // https가 아니면 크기와 gzip의 검사만
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") === asset.sha256;
}

/** @param {Uint8Array<ArrayBuffer>} content */
export async function unpack(content) {
  try {
    const stream = new Blob([content]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (error) {
    throw cause(error, BROKEN);
  }
}

/**
 * @param {URL} base
 * @param {AbortSignal} [signal]
 */
export async function fetchManifest(base, signal) {
  const content = await download(new URL("manifest.json", base), undefined, signal);
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch {
    throw new LiveError(BROKEN);
  }
}

const TYPES = { float32: Float32Array, int16: Int16Array, uint16: Uint16Array, uint8: Uint8Array };

/**
 * 한 파일에 이어 담은 배열들을 나눕니다.
 *
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {ArraysAsset["layout"]} layout
 * @returns {Record<string, Values>}
 */
export function splitArrays(content, layout) {
  return Object.fromEntries(
    Object.entries(layout).map(([name, { type, shape, start }]) => {
      const Type = TYPES[/** @type {keyof typeof TYPES} */ (type)];
      const count = shape.reduce((product, side) => product * side, 1);
      return [name, { data: new Type(content.buffer, start, count), shape }];
    }),
  );
}
