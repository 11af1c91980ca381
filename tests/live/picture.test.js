/** 그림: 화면의 자리와 색을 옮기는 셈. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { channels, toPlane } from "../../docs/assets/live/picture.js";

test("화면의 네 귀와 가운데를 평면으로: 위가 양수", () => {
  assert.deepEqual(toPlane(0, 0, 400, 1.5), [-1.5, 1.5]);
  assert.deepEqual(toPlane(400, 0, 400, 1.5), [1.5, 1.5]);
  assert.deepEqual(toPlane(0, 400, 400, 1.5), [-1.5, -1.5]);
  assert.deepEqual(toPlane(200, 200, 400, 1.5), [0, 0]);
  assert.deepEqual(toPlane(300, 100, 400, 2), [1, 1]);
});

test("색의 세 채널", () => {
  assert.deepEqual(channels("#C83821"), [200, 56, 33]);
  assert.deepEqual(channels("#00ff0a"), [0, 255, 10]);
});
