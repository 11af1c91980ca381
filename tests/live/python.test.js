/** 파이썬 코드: 파이썬이 읽을 수 있고, 그 안의 수가 입력과 같은지. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";

import { pythonCode } from "../../docs/assets/live/python.js";
import { Random } from "../../docs/assets/live/random.js";

const ADDRESS = "https://example.test/book/assets/live/hangul-0123.onnx.gz";
const SIZE = 5;
const INPUT = Float32Array.of(0.1, -1.23456, 0.0004, -0.0004, 2, 0, 0.25, 0.75);

// 값을 대입하는 줄만 셈하지 않고 읽음
const READ = `
import ast, json, sys
tree = ast.parse(sys.stdin.buffer.read().decode("utf-8"))
found = {}
for node in tree.body:
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        try:
            found[node.targets[0].id] = ast.literal_eval(node.value)
        except ValueError:
            pass
print(json.dumps(found))
`;

/** 파이썬이 읽은 이름과 값입니다. */
function read(code) {
  const program = process.env.PYTHON ?? "python3";
  const done = spawnSync(program, ["-c", READ], { input: code, encoding: "utf-8" });
  assert.equal(done.status, 0, done.stderr || String(done.error));
  return JSON.parse(done.stdout);
}

test("파이썬이 읽은 주소와 수", () => {
  const code = pythonCode(INPUT, SIZE, ADDRESS);
  assert.deepEqual(read(code), { address: ADDRESS, z: [0.1, -1.235, 0, 0, 2], syllable: [0, 0.25, 0.75] });
  assert.ok(code.includes("z = [0.1, -1.235, 0, 0, 2]\n")); // 군더더기 0도 -0도 없음
});

test("페이지가 뽑는 입력은 적은 수를 다시 float32로 담으면 그대로", () => {
  const rounded = new Random(0).normals(64).map((value) => Math.round(1000 * value) / 1000);
  const input = new Float32Array(64 + 14);
  input.set(rounded);
  input[64 + 3] = 1;
  const { z, syllable } = read(pythonCode(input, 64, ADDRESS));
  assert.deepEqual(Float32Array.from([...z, ...syllable]), input);
});

test("받은 입력은 그대로", () => {
  const input = Float32Array.from(INPUT);
  pythonCode(input, SIZE, ADDRESS);
  assert.deepEqual(input, INPUT);
});
