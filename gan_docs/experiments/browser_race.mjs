// 같은 스텝을 onnxruntime-web과 TensorFlow.js로 번갈아 실행합니다. Node와 브라우저가 함께 부릅니다.

// --8<-- [start:race]
/**
 * 참가자마다 짧은 바퀴를 번갈아 돌고, 가장 빠른 바퀴를 남깁니다.
 *
 * @param ort onnxruntime-web
 * @param tf TensorFlow.js의 코어. 기울기와 두 백엔드(wasm, cpu)를 등록해 둔 것
 * @param models 내보낸 모델마다 ONNX의 내용
 * @param request `browser_race.py`가 적은 출발값과 바퀴
 * @returns 참가자마다의 1초당 스텝 수, 처음 몇 스텝의 손실, 손실의 가장 큰 차이
 */
export async function race({ ort, tf, models, request }) {
  const { laps, checked, allowed } = request;
  tf.enableProdMode(); // 상대의 검사와 안내도 생략
  const { makeRunners } = await import(`./${request.runners}`);
  const { values, ...settings } = request.start;
  const vectors = Object.entries(values).map(([name, each]) => [name, Float32Array.from(each)]);
  const start = { ...settings, ...Object.fromEntries(vectors) };
  const runners = await makeRunners({ ort, tf, models, start });
  const losses = {};
  for (const [name, runner] of Object.entries(runners)) {
    await runner.prepare();
    losses[name] = [];
    for (let step = 0; step < checked; step++) losses[name].push(await runner.step());
  }
  const difference = largestDifference(losses);
  if (!(difference <= allowed))
    throw new Error(`같은 출발에서 손실이 다릅니다: ${difference} > ${allowed}`);

  const speeds = {};
  for (let lap = 0; lap < laps; lap++)
    for (const [name, runner] of Object.entries(runners)) {
      await runner.prepare();
      const steps = request.steps[name];
      const before = performance.now();
      for (let step = 0; step < steps; step++) await runner.step();
      const speed = (1000 * steps) / (performance.now() - before);
      speeds[name] = Math.max(speeds[name] ?? 0, speed);
    }
  return { speeds, losses, difference };
}

/** 첫 참가자의 손실과 나머지의 손실이 가장 다른 만큼입니다. NaN이 있으면 NaN입니다. */
function largestDifference(losses) {
  const [first, ...others] = Object.values(losses).map((each) => each.flat());
  const gaps = others.flatMap((each) => each.map((loss, place) => Math.abs(loss - first[place])));
  return Math.max(...gaps);
}

/** `count`번째 스텝의 진짜와 잠재 벡터입니다. 준비한 만큼 쓰면 처음으로 돌아갑니다. */
export function batch({ real, z, batches }, count) {
  return [real, z].map((values) => {
    const size = values.length / batches;
    const from = (count % batches) * size;
    return values.subarray(from, from + size);
  });
}
// --8<-- [end:race]
