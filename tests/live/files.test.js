/** 파일: 크기와 sha256의 확인, 풀기, 나누기, 그리고 받다가 생기는 일들. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

import {
  BROKEN,
  cause,
  fetchAsset,
  fetchManifest,
  fetchPacked,
  isWhole,
  LiveError,
  NO_MEMORY,
  OFFLINE,
  splitArrays,
  unpack,
} from "../../docs/assets/live/files.js";
import { KNOWN } from "./known.js";

const BASE = new URL("https://example.test/book/assets/live/");
const CONTENT = Uint8Array.from({ length: 5000 }, (_, place) => Math.imul(place, 0x9e3779b1) >>> 27);
const PACKED = new Uint8Array(gzipSync(CONTENT));
const MIDDLE = PACKED.length >> 1;
const ASSET = described(PACKED, CONTENT);

function described(packed, content) {
  const sha256 = createHash("sha256").update(packed).digest("hex");
  return { file: "thing-0123.bin.gz", bytes: packed.length, unpacked: content.length, sha256 };
}

function flipped(content, place) {
  const changed = Uint8Array.from(content);
  changed[place] ^= 1;
  return changed;
}

/** 조각으로 나누어 보내는 서버입니다. 물은 주소를 모읍니다. */
function serve(t, content, { status = 200, pieces = 4, cut = false } = {}) {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (address) => {
    asked.push(String(address));
    const size = Math.ceil(content.length / pieces);
    let place = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (cut && place >= content.length / 2) return controller.error(new TypeError("끊김"));
        if (place >= content.length) return controller.close();
        controller.enqueue(content.slice(place, place + size));
        place += size;
      },
    });
    return new Response(body, { status });
  });
  return asked;
}

function refused(promise, message) {
  return assert.rejects(promise, (error) => {
    assert.ok(error instanceof LiveError, `LiveError여야 함: ${error}`);
    assert.equal(error.name, "LiveError");
    assert.equal(error.message, message);
    return true;
  });
}

test("잘리거나 gzip이 아니거나 속이 상한 것은 풀지 않음", async () => {
  await refused(unpack(PACKED.slice(0, -10)), BROKEN);
  await refused(unpack(PACKED.slice(0, MIDDLE)), BROKEN);
  await refused(unpack(CONTENT), BROKEN);
  await refused(unpack(flipped(PACKED, PACKED.length - 5)), BROKEN); // CRC
});

test("온전한 것만 온전함", async () => {
  assert.equal(await isWhole(PACKED, ASSET), true);
  assert.equal(await isWhole(PACKED, { ...ASSET, bytes: ASSET.bytes + 1 }), false);
  assert.equal(await isWhole(PACKED.slice(0, -1), ASSET), false);
  for (const place of [0, 1, MIDDLE, PACKED.length - 1]) {
    assert.equal(await isWhole(flipped(PACKED, place), ASSET), false, `${place}번째 바이트`);
  }
});

test("https가 아니어서 sha256을 셈할 수 없으면 크기만", async (t) => {
  t.mock.getter(globalThis, "crypto", () => ({}));
  assert.equal(await isWhole(flipped(PACKED, MIDDLE), ASSET), true);
  assert.equal(await isWhole(PACKED.slice(0, -1), ASSET), false);
});

test("받아서 풀지 않고 건네며, 온 만큼을 알림", async (t) => {
  const asked = serve(t, PACKED, { pieces: 5 });
  const heard = [];
  assert.deepEqual(await fetchPacked(BASE, ASSET, (bytes) => heard.push(bytes)), PACKED);
  assert.deepEqual(asked, [`${BASE.href}${ASSET.file}`]);
  assert.equal(heard.length, 5);
  assert.equal(heard.reduce((sum, bytes) => sum + bytes, 0), ASSET.bytes);
});

test("서버가 이미 풀어 보낸 것도 받음", async (t) => {
  serve(t, CONTENT);
  const fetched = fetchAsset(BASE, ASSET);
  await assert.doesNotReject(fetched);
  assert.deepEqual(await fetched, CONTENT);
});

// 서버가 보낸 것과, 목록에 적힌 것
for (const [what, content, asset] of [
  ["이미 풀린 것이 잘림", CONTENT.slice(0, -1), ASSET],
  ["묶인 것이 잘림", PACKED.slice(0, -10), ASSET],
  ["첫 바이트가 바뀜", flipped(PACKED, 0), ASSET],
  ["풀린 내용은 같고 sha256만 다름", flipped(PACKED, 5), ASSET],
  ["가운데 바이트가 바뀜", flipped(PACKED, MIDDLE), ASSET],
  ["풀린 크기가 목록과 다름", PACKED, { ...ASSET, unpacked: ASSET.unpacked + 4 }],
  ["빈 답", new Uint8Array(), ASSET],
]) {
  test(`온전하지 않으면 거절: ${what}`, async (t) => {
    serve(t, content);
    await refused(fetchAsset(BASE, asset), BROKEN);
  });
}

for (const status of [404, 500]) {
  test(`상태 ${status}: 네트워크를 탓함`, async (t) => {
    serve(t, PACKED, { status });
    await refused(fetchAsset(BASE, ASSET), OFFLINE);
    await refused(fetchManifest(BASE), OFFLINE);
  });
}

test("받다가 끊기면 네트워크를 탓함", async (t) => {
  serve(t, PACKED, { cut: true });
  await refused(fetchAsset(BASE, ASSET), OFFLINE);
});

// 브라우저마다, 실행기마다 메모리가 모자랄 때 하는 말
for (const said of [
  new RangeError("WebAssembly.Memory(): could not allocate memory"),
  new RangeError("Array buffer allocation failed"),
  new Error("Out of memory"),
  new Error("std::bad_alloc"),
  "Cannot enlarge memory",
]) {
  test(`메모리를 탓함: ${said}`, async (t) => {
    assert.equal(cause(said, OFFLINE).message, NO_MEMORY);
    t.mock.method(globalThis, "fetch", async () => {
      throw said;
    });
    await refused(fetchAsset(BASE, ASSET), NO_MEMORY);
  });
}

test("메모리와 상관없는 오류는 그대로이거나 건넨 말", () => {
  const error = new Error("memory access out of bounds"); // 모자란 것이 아니라 실행기의 잘못
  assert.equal(cause(error), error);
  assert.equal(cause(error, BROKEN).message, BROKEN);
  assert.equal(cause(undefined, BROKEN).message, BROKEN);
});

test("그만두면 받기가 끝나고, 네트워크를 탓하지 않음", async (t) => {
  t.mock.method(globalThis, "fetch", (_, { signal }) => {
    return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
  });
  const leave = new AbortController();
  const waiting = [fetchAsset(BASE, ASSET, leave.signal), fetchManifest(BASE, leave.signal)];
  leave.abort();
  for (const { reason } of await Promise.allSettled(waiting)) {
    assert.equal(reason.name, "AbortError");
  }
});

test("닿지 못하면 네트워크를 탓함", async (t) => {
  t.mock.method(globalThis, "fetch", async () => {
    throw new TypeError("fetch failed");
  });
  await refused(fetchAsset(BASE, ASSET), OFFLINE);
  await refused(fetchManifest(BASE), OFFLINE);
});

test("목록을 읽음", async (t) => {
  const asked = serve(t, new TextEncoder().encode('{"title": "가나다", "list": [1, 2]}'), { pieces: 7 });
  assert.deepEqual(await fetchManifest(BASE), { title: "가나다", list: [1, 2] });
  assert.deepEqual(asked, [`${BASE.href}manifest.json`]);
});

test("목록이 깨졌으면 거절", async (t) => {
  for (const text of ['{"title": ', "<!doctype html>", ""]) {
    serve(t, new TextEncoder().encode(text));
    await refused(fetchManifest(BASE), BROKEN);
    t.mock.restoreAll();
  }
});

test("파이썬이 담은 배열들을 그대로 꺼냄", async (t) => {
  const { packed, asset, arrays } = KNOWN.packed;
  serve(t, new Uint8Array(Buffer.from(packed, "base64")));
  const found = splitArrays(await fetchAsset(BASE, asset), asset.layout);
  assert.deepEqual(Object.keys(found), Object.keys(arrays));
  for (const [name, { type, shape, values }] of Object.entries(arrays)) {
    assert.equal(found[name].data.constructor.name.toLowerCase(), `${type}array`);
    assert.deepEqual(found[name].shape, shape);
    assert.deepEqual(Array.from(found[name].data), values);
  }
});
