/** 자판과 손가락으로 캔버스의 자리를 가리킵니다. */

/** 화살표마다 움직일 가로와 세로의 칸입니다. 오른쪽과 아래가 +입니다. @type {Record<string, number[]>} */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * 가리킨 자리가 캔버스의 어디쯤인지, 가로와 세로의 몫(0–1)입니다. 밖으로 나가면 가장자리입니다.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {PointerEvent} event
 */
export function pointed(canvas, { clientX, clientY }) {
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const shares = [(clientX - left) / width, (clientY - top) / height];
  return shares.map((share) => Math.min(1, Math.max(0, share)));
}
