/** 함께 쓰는 파일: 한 번만 받고, 모두 그만둘 때에만 그만두고, 실패하면 다시 받음. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { OFFLINE } from "../../docs/assets/live/files.js";
import { sharedFile } from "../../docs/assets/live/runtime.js";

const BASE = new URL("https://example.test/book/assets/live/");
const CONTENT = Uint8Array.of(1, 2, 3, 4, 5, 6);
let made = 0;

/** 테스트마다 처음 받는 파일입니다. */
function asset() {
  return { file: `binary-${made++}.wasm`, bytes: 6, unpacked: 6, sha256: "" };
}

/** 두 조각으로 보내되, 둘째는 `release`를 기다리는 서버입니다. */
function serve(t) {
  const asked = [];
  t.mock.method(globalThis, "fetch", async (_, { signal }) => {
    const one = { signal };
    asked.push(one);
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(CONTENT.slice(0, 2));
        one.release = () => {
          controller.enqueue(CONTENT.slice(2));
          controller.close();
        };
        signal.addEventListener("abort", () => controller.error(signal.reason));
      },
    });
    return new Response(body);
  });
  return asked;
}

const still = () => new AbortController().signal;
const bytes = async (blob) => new Uint8Array(await blob.arrayBuffer());
const turn = () => new Promise((resolve) => setTimeout(resolve, 5));

test("함께 물은 둘과 나중에 물은 하나가 한 번 받은 것을 씀", async (t) => {
  const asked = serve(t);
  const one = asset();
  const heard = [[], []];
  const both = heard.map((list) =>
    sharedFile(BASE, one, (...told) => list.push(told), still()),
  );
  await turn();
  assert.equal(asked.length, 1);
  asked[0].release();
  for (const blob of await Promise.all(both)) assert.deepEqual(await bytes(blob), CONTENT);
  assert.deepEqual(heard, Array(2).fill([[2, 6], [6, 6]]));
  const later = sharedFile(BASE, one, () => {}, still());
  await turn();
  assert.equal(asked.length, 1);
  assert.deepEqual(await bytes(await later), CONTENT);
});

test("하나가 그만두어도 다른 하나는 받고, 모두 그만두면 받기도 그만둠", async (t) => {
  const asked = serve(t);
  const one = asset();
  const [first, second] = [new AbortController(), new AbortController()];
  const left = sharedFile(BASE, one, () => {}, first.signal);
  const stayed = sharedFile(BASE, one, () => {}, second.signal);
  await turn();
  first.abort();
  const gone = await Promise.race([left.catch(({ name }) => name), turn()]);
  assert.equal(gone, "AbortError");
  assert.equal(asked[0].signal.aborted, false);
  second.abort();
  assert.equal(await stayed.catch(({ name }) => name), "AbortError");
  assert.equal(asked[0].signal.aborted, true);
});

test("그만둔 바로 뒤에 다시 물으면 새로 받음", async (t) => {
  const asked = serve(t);
  const one = asset();
  const leave = new AbortController();
  const left = sharedFile(BASE, one, () => {}, leave.signal);
  await turn();
  leave.abort();
  await assert.rejects(left, { name: "AbortError" });
  const again = sharedFile(BASE, one, () => {}, still());
  again.catch(() => {});
  await turn();
  assert.equal(asked.length, 2);
  asked[1].release();
  assert.deepEqual(await bytes(await again), CONTENT);
});

test("이미 그만둔 것은 묻지 않음", async (t) => {
  const asked = serve(t);
  await assert.rejects(sharedFile(BASE, asset(), () => {}, AbortSignal.abort()), { name: "AbortError" });
  assert.equal(asked.length, 0);
});

test("실패한 것은 간직하지 않음", async (t) => {
  const one = asset();
  t.mock.method(globalThis, "fetch", async () => {
    throw new TypeError("fetch failed");
  });
  await assert.rejects(sharedFile(BASE, one, () => {}, still()), { message: OFFLINE });
  t.mock.restoreAll();
  const asked = serve(t);
  const again = sharedFile(BASE, one, () => {}, still());
  again.catch(() => {});
  await turn();
  assert.equal(asked.length, 1);
  asked[0].release();
  assert.deepEqual(await bytes(await again), CONTENT);
});
