/** 펜으로 쓴 획을 글자의 그림으로 옮기고, 배운 글자가 놓인 자리에 맞춥니다. */

/** @typedef {{width: number, points: number[][]}} Stroke 굵기와 지나간 점. 단위는 글자의 화소 */

export const SIDE = 28; // 글자의 한 변
const FINE = 4; // 화소를 가로와 세로로 나누어 보는 수
const MARGIN = 1; // 데이터를 만들 때 비운 가장자리
const LEAST_SCALE = 0.4;
const MOST_SCALE = 2.5;

/**
 * 획이 화소마다 덮은 넓이입니다. 0(종이)에서 1(잉크), 윗줄부터.
 *
 * @param {Stroke[]} strokes
 */
export function ink(strokes) {
  const covered = new Float32Array((SIDE * FINE) ** 2);
  for (const { width, points } of strokes) {
    points.forEach((end, place) => cover(covered, points[Math.max(0, place - 1)], end, width / 2));
  }
  const share = new Float32Array(SIDE * SIDE);
  covered.forEach((filled, place) => {
    const [row, column] = [Math.floor(place / (SIDE * FINE)), place % (SIDE * FINE)];
    share[SIDE * Math.floor(row / FINE) + Math.floor(column / FINE)] += filled / FINE ** 2;
  });
  return share;
}

/**
 * 두 점을 잇는 둥근 획이 잔 칸을 덮은 만큼입니다. 가장자리의 칸은 걸친 만큼만 칠합니다.
 *
 * @param {Float32Array} covered
 * @param {number[]} start
 * @param {number[]} end
 * @param {number} radius
 */
function cover(covered, start, end, radius) {
  const across = SIDE * FINE;
  const [from, to] = [start, end].map((point) => point.map((place) => FINE * place));
  const reach = FINE * radius + 0.5; // 가장자리의 칸에 걸침
  const edges = [0, 1].map((axis) => [
    Math.max(0, Math.floor(Math.min(from[axis], to[axis]) - reach)),
    Math.min(across - 1, Math.ceil(Math.max(from[axis], to[axis]) + reach)),
  ]);
  for (let row = edges[1][0]; row <= edges[1][1]; row++) {
    for (let column = edges[0][0]; column <= edges[0][1]; column++) {
      const part = Math.min(1, reach - distance([column + 0.5, row + 0.5], from, to));
      const place = across * row + column;
      covered[place] = Math.max(covered[place], part); // 겹친 곳은 한 번
    }
  }
}

/**
 * 점에서 선분까지의 거리입니다.
 *
 * @param {number[]} point
 * @param {number[]} start
 * @param {number[]} end
 */
export function distance(point, start, end) {
  const along = [end[0] - start[0], end[1] - start[1]];
  const length = along[0] ** 2 + along[1] ** 2;
  const share = length
    ? ((point[0] - start[0]) * along[0] + (point[1] - start[1]) * along[1]) / length
    : 0;
  const near = Math.min(1, Math.max(0, share));
  return Math.hypot(point[0] - start[0] - near * along[0], point[1] - start[1] - near * along[1]);
}

/**
 * 배운 글자처럼 놓습니다: 긴 변을 `longest`로, 잉크의 무게 중심을 가운데로, 가장자리는 비웁니다.
 *
 * @param {Stroke[]} strokes
 * @param {number} longest 같은 글자를 배운 글꼴의 긴 변. 단위 화소
 * @returns {Stroke[]}
 */
export function placed(strokes, longest) {
  const [low, high] = bounds(strokes);
  const size = Math.max(high[0] - low[0], high[1] - low[1]);
  const scale = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, longest / size));
  const middle = low.map((edge, axis) => (edge + high[axis]) / 2);
  const centred = moved(strokes, scale, (place, axis) => scale * (place - middle[axis]) + SIDE / 2);
  const heavy = centre(ink(centred));
  const [first, last] = bounds(centred);
  const shift = heavy.map((place, axis) => {
    const aim = SIDE / 2 - place;
    return aim + inside(first[axis] + aim, last[axis] + aim);
  });
  return moved(centred, 1, (place, axis) => place + shift[axis]);
}

/**
 * 가장자리를 침범한 만큼 안으로 옮길 거리입니다.
 *
 * @param {number} low
 * @param {number} high
 */
function inside(low, high) {
  return Math.max(0, MARGIN - low) - Math.max(0, high - (SIDE - MARGIN));
}

/**
 * @param {Stroke[]} strokes
 * @param {number} scale 굵기를 키울 배율
 * @param {(place: number, axis: number) => number} move
 */
function moved(strokes, scale, move) {
  return strokes.map(({ width, points }) => ({
    width: scale * width,
    points: points.map((point) => point.map(move)),
  }));
}

/**
 * 획을 꼭 두르는 네모의 왼쪽 위와 오른쪽 아래입니다.
 *
 * @param {Stroke[]} strokes
 */
export function bounds(strokes) {
  const [low, high] = [[Infinity, Infinity], [-Infinity, -Infinity]];
  for (const { width, points } of strokes) {
    for (const point of points) {
      point.forEach((place, axis) => {
        low[axis] = Math.min(low[axis], place - width / 2);
        high[axis] = Math.max(high[axis], place + width / 2);
      });
    }
  }
  return [low, high];
}

/**
 * 잉크의 무게 중심입니다.
 *
 * @param {Float32Array} share
 */
export function centre(share) {
  const sums = [0, 0, 0];
  share.forEach((value, place) => {
    sums[0] += value * ((place % SIDE) + 0.5);
    sums[1] += value * (Math.floor(place / SIDE) + 0.5);
    sums[2] += value;
  });
  return [sums[0] / sums[2], sums[1] / sums[2]];
}

/**
 * 생성기에게 보일 글자입니다: 종이는 -1, 잉크는 +1.
 *
 * @param {Stroke[]} strokes
 * @param {number} longest
 */
export function target(strokes, longest) {
  return ink(placed(strokes, longest)).map((share) => 2 * share - 1);
}
