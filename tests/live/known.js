/** 파이썬의 답과, 수를 견주는 함수입니다. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

// `pytest tests/live`가 적어 건넴
export const KNOWN = JSON.parse(readFileSync(process.env.LIVE_FIXTURE, "utf-8"));

export function near(found, wanted, margin, what = "값") {
  assert.ok(Math.abs(found - wanted) <= margin, `${what}: ${found}은 ${wanted}에서 ${margin} 안이어야 함`);
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
