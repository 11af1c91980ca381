/** 획: 덮은 넓이, 거리, 배운 글자의 자리에 놓기. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { bounds, centre, distance, ink, placed, SIDE, target } from "../../docs/assets/live/strokes.js";
import { near } from "./known.js";

const total = (share) => share.reduce((sum, value) => sum + value, 0);

test("선분까지의 거리: 가운데, 두 끝의 밖, 점 하나", () => {
  assert.equal(distance([2, 3], [0, 0], [4, 0]), 3);
  assert.equal(distance([-3, 4], [0, 0], [4, 0]), 5);
  assert.equal(distance([7, -4], [0, 0], [4, 0]), 5);
  assert.equal(distance([3, 4], [0, 0], [0, 0]), 5);
});

test("덮은 넓이는 둥근 획의 넓이", () => {
  near(total(ink([{ width: 8, points: [[14, 14]] }])), Math.PI * 16, 1);
  const line = [{ width: 3, points: [[6, 10], [20, 10]] }];
  near(total(ink(line)), 14 * 3 + Math.PI * 1.5 ** 2, 1);
  near(total(ink([...line, ...line])), total(ink(line)), 1e-6); // 겹쳐도 한 번
  const bent = [{ width: 2, points: [[5, 5], [5, 20], [20, 20]] }];
  near(total(ink(bent)), 2 * 30, 4);
});

test("윗줄부터, 왼쪽부터", () => {
  const share = ink([{ width: 2, points: [[21, 5]] }]);
  assert.ok(share[5 * SIDE + 21] > 0.5 && share[21 * SIDE + 5] === 0);
  assert.deepEqual([...new Set(ink([]))], [0]);
});

test("종이를 벗어난 획은 안의 것만", () => {
  const share = ink([{ width: 4, points: [[-10, 14], [40, 14]] }]);
  near(total(share), 4 * SIDE, 1e-6);
});

test("획을 꼭 두르는 네모는 굵기까지", () => {
  const strokes = [{ width: 2, points: [[3, 4], [9, 5]] }, { width: 6, points: [[8, 12]] }];
  assert.deepEqual(bounds(strokes), [[2, 3], [11, 15]]);
});

test("놓으면 긴 변과 무게 중심이 맞음", () => {
  const strokes = [
    { width: 2, points: [[3, 4], [11, 4], [11, 12]] },
    { width: 1, points: [[14, 3], [14, 13]] },
  ];
  const before = JSON.stringify(strokes);
  const moved = placed(strokes, 16);
  const [low, high] = bounds(moved);
  near(Math.max(high[0] - low[0], high[1] - low[1]), 16, 1e-9);
  near(moved[0].width / moved[1].width, 2, 1e-9);
  for (const place of centre(ink(moved))) near(place, 14, 0.05);
  assert.equal(JSON.stringify(strokes), before);
});

test("한쪽으로 치우친 글자는 가장자리를 침범하지 않음", () => {
  const heavy = [
    { width: 6, points: [[4, 4], [4, 24]] },
    { width: 1, points: [[4, 14], [26, 14]] },
  ];
  const [low, high] = bounds(placed(heavy, 26));
  assert.ok(low.every((edge) => edge >= 1 - 1e-9) && high.every((edge) => edge <= 27 + 1e-9));
});

test("점 하나는 화면을 채우도록 키우지 않음", () => {
  const [{ width }] = placed([{ width: 2, points: [[5, 5]] }], 24);
  assert.equal(width, 5);
});

test("생성기에게 보일 그림은 종이가 -1, 잉크가 +1", () => {
  const shown = target([{ width: 4, points: [[8, 14], [20, 14]] }], 20);
  assert.equal(shown.length, SIDE * SIDE);
  assert.equal(shown[0], -1);
  assert.equal(shown[14 * SIDE + 14], 1);
});
