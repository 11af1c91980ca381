/** 평면과 손실을 캔버스에 그립니다. */
import { normalised } from "./plane.js";

/** @typedef {Record<string, string>} Colours */

const MARGIN = 18;
const LONGEST = 0.22; // 가장 긴 화살표의 길이(평면의 단위)
const ARROWS = 64;
const DEEPEST = 0.55; // 점수 지도의 가장 짙은 불투명도

/**
 * 잉크의 몫(0–1)을 화면의 두 색 사이로 칠한 글자입니다.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {(pixel: number) => number} share 화소마다의 잉크
 * @param {Colours} colours
 */
export function glyphImage(context, width, height, share, { ink, paper }) {
  const [dark, light] = [ink, paper].map(channels);
  const image = context.createImageData(width, height);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const part = Math.min(1, Math.max(0, share(pixel)));
    for (let channel = 0; channel < 3; channel++) {
      const mixed = light[channel] + part * (dark[channel] - light[channel]);
      image.data[4 * pixel + channel] = Math.round(mixed);
    }
    image.data[4 * pixel + 3] = 255;
  }
  return image;
}

/**
 * [-1, 1]의 이미지를 캔버스에 그립니다.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Float32Array} image
 * @param {Record<string, string>} colours
 */
export function paintGlyph(canvas, image, colours) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const share = (/** @type {number} */ pixel) => (image[pixel] + 1) / 2;
  context.putImageData(glyphImage(context, canvas.width, canvas.height, share, colours), 0, 0);
}

/**
 * 화면의 자리를 평면의 자리로 옮깁니다.
 *
 * @param {number} x
 * @param {number} y
 * @param {number} side
 * @param {number} window
 */
export function toPlane(x, y, side, window) {
  return [((2 * x) / side - 1) * window, (1 - (2 * y) / side) * window];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} side 한 변의 화소
 * @param {any} frame
 * @param {{window: number, field: number, lattice: number, push: boolean, cursor?: number[], colours: Colours}} how
 */
export function drawPlane(context, side, frame, how) {
  const { colours, window } = how;
  const x = (/** @type {number} */ value) => (value / window + 1) * (side / 2);
  const y = (/** @type {number} */ value) => (1 - value / window) * (side / 2);
  if (how.field) drawField(context, side, normalised(frame.logits), how.field, colours.discriminator);
  if (how.lattice) drawLattice(context, frame.bent, how.lattice, x, y, colours.generator);
  context.lineWidth = 1;
  context.strokeStyle = colours.real;
  each(frame.real, (a, b) => {
    context.beginPath();
    context.arc(x(a), y(b), 3, 0, 2 * Math.PI);
    context.stroke();
  });
  if (how.push) drawPush(context, frame, x, y, colours.ink);
  context.fillStyle = colours.generator;
  context.strokeStyle = colours.paper;
  context.lineWidth = 0.6;
  each(frame.fake, (a, b) => {
    const [across, down] = [x(a), y(b)];
    context.beginPath();
    context.moveTo(across, down - 4);
    context.lineTo(across + 4, down);
    context.lineTo(across, down + 4);
    context.lineTo(across - 4, down);
    context.closePath();
    context.fill();
    context.stroke();
  });
  if (how.cursor) {
    const [across, down] = [x(how.cursor[0]), y(how.cursor[1])];
    context.strokeStyle = colours.ink;
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(across - 9, down);
    context.lineTo(across + 9, down);
    context.moveTo(across, down - 9);
    context.lineTo(across, down + 9);
    context.stroke();
  }
}

/**
 * @param {Float32Array} points
 * @param {(x: number, y: number, place: number) => void} act
 */
function each(points, act) {
  for (let place = 0; place < points.length; place += 2) {
    act(points[place], points[place + 1], place);
  }
}

/**
 * 잰 자리 사이를 부드럽게 이어 칠합니다.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} side
 * @param {Float32Array} values 0–1
 * @param {number} count 한 변의 칸 수
 * @param {string} colour `#rrggbb`
 */
function drawField(context, side, values, count, colour) {
  const small = new OffscreenCanvas(count, count);
  const brush = /** @type {OffscreenCanvasRenderingContext2D} */ (small.getContext("2d"));
  const image = brush.createImageData(count, count);
  const red = channels(colour);
  values.forEach((value, place) => image.data.set([...red, 255 * DEEPEST * value], 4 * place));
  brush.putImageData(image, 0, 0);
  const cell = side / (count - 1); // 칸의 한가운데가 잰 자리
  context.drawImage(small, -cell / 2, -cell / 2, side + cell, side + cell);
}

/** @param {string} colour `#rrggbb` */
export function channels(colour) {
  return [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Float32Array} bent
 * @param {number} count 한 변의 점 수
 * @param {(value: number) => number} x
 * @param {(value: number) => number} y
 * @param {string} colour
 */
function drawLattice(context, bent, count, x, y, colour) {
  context.strokeStyle = colour;
  context.globalAlpha = 0.5;
  context.lineWidth = 1;
  const to = (/** @type {number} */ row, /** @type {number} */ column) => {
    const place = 2 * (row * count + column);
    return /** @type {[number, number]} */ ([x(bent[place]), y(bent[place + 1])]);
  };
  for (let line = 0; line < count; line++) {
    context.beginPath();
    context.moveTo(...to(line, 0));
    for (let turn = 1; turn < count; turn++) context.lineTo(...to(line, turn));
    context.moveTo(...to(0, line));
    for (let turn = 1; turn < count; turn++) context.lineTo(...to(turn, line));
    context.stroke();
  }
  context.globalAlpha = 1;
}

/**
 * 가짜가 밀리는 쪽의 화살표입니다. 서로의 길이는 견줄 수 있고, 가장 긴 것만 맞춥니다.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {{fake: Float32Array, push: Float32Array}} frame
 * @param {(value: number) => number} x
 * @param {(value: number) => number} y
 * @param {string} colour
 */
function drawPush(context, { fake, push }, x, y, colour) {
  let longest = 1e-12;
  each(push, (a, b) => (longest = Math.max(longest, Math.hypot(a, b))));
  const scale = LONGEST / longest;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.beginPath();
  each(fake.subarray(0, 2 * ARROWS), (a, b, place) => {
    const end = [a + scale * push[place], b + scale * push[place + 1]];
    const angle = Math.atan2(y(end[1]) - y(b), x(end[0]) - x(a));
    context.moveTo(x(a), y(b));
    context.lineTo(x(end[0]), y(end[1]));
    for (const turn of [2.6, -2.6]) {
      context.moveTo(x(end[0]), y(end[1]));
      context.lineTo(x(end[0]) + 4 * Math.cos(angle + turn), y(end[1]) + 4 * Math.sin(angle + turn));
    }
  });
  context.stroke();
}

/**
 * 두 손실의 선입니다. 판별기는 실선, 생성기는 파선입니다.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {ArrayLike<number | undefined>[]} history `[판별기, 생성기]`들
 * @param {Colours} colours
 * @param {number} [marked] 표시할 자리(0–1)
 */
export function drawLosses(context, width, height, history, colours, marked) {
  const known = history
    .flatMap((pair) => [pair[0] ?? NaN, pair[1] ?? NaN])
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  if (known.length === 0) return;
  const low = Math.min(0, known[Math.floor(0.01 * known.length)]);
  const high = Math.max(low + 1e-6, known[Math.ceil(0.99 * known.length) - 1]);
  const left = 6;
  const x = (/** @type {number} */ place) =>
    left + (place / Math.max(1, history.length - 1)) * (width - left - 54);
  const y = (/** @type {number} */ value) =>
    height - 6 - ((Math.min(high, Math.max(low, value)) - low) / (high - low)) * (height - MARGIN);
  context.strokeStyle = colours.rule;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(left, y(0));
  context.lineTo(width - 54, y(0));
  context.stroke();
  context.font = `12px ${colours.face}`;
  context.textBaseline = "middle";
  const ends = [0, 1].map((which) => y(history[history.length - 1][which] ?? 0));
  const apart = ends[0] <= ends[1] ? -1 : 1; // 이름이 겹치지 않게
  for (const which of [0, 1]) {
    context.strokeStyle = context.fillStyle = which ? colours.generator : colours.discriminator;
    context.setLineDash(which ? [5, 3] : []);
    context.lineWidth = 1.6;
    context.beginPath();
    let started = false;
    history.forEach((pair, place) => {
      const value = pair[which] ?? NaN;
      if (!Number.isFinite(value)) return;
      if (started) context.lineTo(x(place), y(value));
      else context.moveTo(x(place), y(value));
      started = true;
    });
    context.stroke();
    if (!started) continue;
    const near = Math.abs(ends[0] - ends[1]) < 14 ? (which ? -apart : apart) * 7 : 0;
    const middle = (ends[0] + ends[1]) / 2;
    const down = near ? middle + near : ends[which];
    context.fillText(which ? "생성기" : "판별기", width - 48, Math.min(height - 8, Math.max(8, down)));
  }
  context.setLineDash([]);
  if (marked !== undefined) {
    context.strokeStyle = colours.ink;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(left + marked * (width - left - 54), 0);
    context.lineTo(left + marked * (width - left - 54), height);
    context.stroke();
  }
}
