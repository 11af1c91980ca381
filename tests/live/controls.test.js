/** 무대의 글: 남은 시간. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { duration } from "../../docs/assets/live/controls.js";

test("남은 시간은 분과 초로 적는다", () => {
  assert.deepEqual([0, 59, 61, 120].map(duration), ["0초", "59초", "1분 1초", "2분 0초"]);
});

test("남은 시간은 올리되 60초라 적지 않는다", () => {
  assert.deepEqual([0.2, 59.4, 119.3].map(duration), ["1초", "1분 0초", "2분 0초"]);
});
