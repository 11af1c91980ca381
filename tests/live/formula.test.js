/** 식을 읽기: 묶는 차례, 같은 뜻의 글자, 그리고 틀린 식마다 자리와 말. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { DEEPEST, FormulaError, LONGEST, parse } from "../../docs/assets/live/formula.js";

/** 나무를 괄호로 적습니다. */
function shape(tree) {
  if (tree.kind === "operation") return `(${tree.name} ${tree.parts.map(shape).join(" ")})`;
  return String(tree.kind === "number" ? tree.value : tree.name);
}

for (const [text, wanted] of Object.entries({
  "a + b * 2 - 1": "(- (+ a (* b 2)) 1)",
  "a / b / 2": "(/ (/ a b) 2)",
  "a - (b - 1)": "(- a (- b 1))",
  "a ^ b ^ 2": "(^ a (^ b 2))",
  "-a ^ 2": "(negate (^ a 2))",
  "-a * b": "(* (negate a) b)",
  "a * -b": "(* a (negate b))",
  "2 ^ -a": "(^ 2 (negate a))",
  "1.5e-2 * a + .5 * b + 2. * a": "(+ (+ (* 0.015 a) (* 0.5 b)) (* 2 a))",
  "MAX(a, Softplus(b))": "(max a (softplus b))",
  "a × b ÷ 2 − （a ** 2）": "(- (/ (* a b) 2) (^ a 2))",
  "  a  ": "a",
})) {
  test(`묶는 차례: ${text}`, () => assert.equal(shape(parse(text)), wanted));
}

test("부분마다 글에서의 자리를 앎", () => {
  const text = "1 + log( a * b )";
  const { parts } = parse(text);
  assert.equal(text.slice(parts[1].start, parts[1].end), "log( a * b )");
  assert.equal(text.slice(parts[1].parts[0].start, parts[1].parts[0].end), "a * b");
});

// 틀린 식, 표시할 글(식의 끝이면 빈 글), 그 첫 글자의 자리, 알리는 말
const WRONG = [
  ["", "", 0, /식이 비어 있습니다/],
  ["   ", "", 0, /식이 비어 있습니다/],
  ["a +", "", 3, /수, a, b, 함수, 여는 괄호 가운데 하나가 와야 할 자리입니다: 식이 끝났습니다/],
  ["* a", "*", 0, /와야 할 자리입니다: 온 것은 ‘\*’/],
  ["+a", "+", 0, /와야 할 자리입니다: 온 것은 ‘\+’/],
  ["a + * b", "*", 4, /연산자가 잇달아 있습니다: ‘\+’ 다음에 ‘\*’/],
  ["a -- b", "-", 3, /연산자가 잇달아 있습니다: ‘-’ 다음에 ‘-’/],
  ["a ^* b", "*", 3, /연산자가 잇달아 있습니다: ‘\^’ 다음에 ‘\*’/],
  ["()", ")", 1, /와야 할 자리입니다: 온 것은 ‘\)’/],
  ["max(a, )", ")", 7, /와야 할 자리입니다: 온 것은 ‘\)’/],
  ["2a", "a", 1, /연산자가 와야 할 자리입니다: 온 것은 ‘a’\. 곱하기는 \*로/],
  ["a b", "b", 2, /연산자가 와야 할 자리입니다: 온 것은 ‘b’/],
  ["a(b)", "(", 1, /연산자가 와야 할 자리입니다: 온 것은 ‘\(’/],
  ["a x b", "x", 2, /연산자가 와야 할 자리입니다: 온 것은 ‘x’\. 곱하기는 \*로/],
  ["(a + b", "", 6, /닫는 괄호가 와야 합니다\. 1번째에서 연 뒤에 식이 끝났습니다/],
  ["softplus(a + relu(b)", "", 20, /닫는 괄호가 와야 합니다\. 9번째에서 연 뒤에/],
  ["(a, b)", ",", 2, /1번째에서 연 뒤에 쉼표가 왔습니다/],
  ["a + b)", ")", 5, /여는 괄호가 없는 닫는 괄호입니다/],
  ["a, b", ",", 1, /쉼표는 max\(a, b\)처럼 함수의 괄호 안에서만/],
  ["log a", "a", 4, /log 다음에는 여는 괄호가 와야 합니다: 온 것은 ‘a’/],
  ["relu", "", 4, /relu 다음에는 여는 괄호가 와야 합니다: 식이 끝났습니다/],
  ["b + log()", ")", 8, /log의 괄호 안이 비었습니다/],
  ["b + max(a)", "max(a)", 4, /max의 괄호 안에는 값이 2개여야 합니다: 받은 것 1개/],
  ["exp(a, b)", "exp(a, b)", 0, /exp의 괄호 안에는 값이 1개여야 합니다: 받은 것 2개/],
  ["a + foo(b)", "foo", 4, /모르는 이름입니다: ‘foo’\. 쓸 수 있는 것은 a, b, exp, log, softplus/],
  ["ln(a)", "ln", 0, /모르는 이름입니다: ‘ln’\. log로 적으세요/],
  ["D(x)", "D", 0, /모르는 이름입니다: ‘d’/],
  ["a constructor", "constructor", 2, /온 것은 ‘constructor’\. 곱하기는 \*로/],
  ["constructor(a)", "constructor", 0, /모르는 이름입니다: ‘constructor’/],
  ["a + $b", "$", 4, /쓸 수 없는 글자입니다: ‘\$’/],
  ["a - ㅠ", "ㅠ", 4, /한글 자판입니다\. 영문 자판으로 바꿔 b를/],
  ["(a - 1)²", "²", 7, /위 첨자는 읽지 못합니다\. \^2로/],
  ["L = a", "=", 2, /등호는 빼고 오른쪽만/],
  ["1.2.3 * a", "1.2.3", 0, /수를 읽지 못합니다: ‘1\.2\.3’/],
  ["1e999 * a", "1e999", 0, /수가 너무 큽니다/],
  ["a + (1 / 0)", "1 / 0", 5, /값이 유한하지 않습니다: ‘1 \/ 0’/],
  ["log(-1) + a", "log(-1)", 0, /값이 유한하지 않습니다: ‘log\(-1\)’/],
  ["3 + 4", "3 + 4", 0, /a나 b가 없어 배울 것이 없습니다/],
  [`${"(".repeat(DEEPEST)}a${")".repeat(DEEPEST)}`, "a", DEEPEST, /24겹까지만 묶을 수 있습니다/],
  [`a${" + a".repeat(LONGEST / 4)}`, "a", LONGEST, /200자까지 적을 수 있습니다: 받은 것 201자/],
];

function refused(text, needed) {
  try {
    parse(text, needed);
  } catch (error) {
    assert.ok(error instanceof FormulaError, String(error.stack));
    return error;
  }
  assert.fail(`받아들인 식: ${text}`);
}

for (const [text, mark, start, told] of WRONG) {
  test(`틀린 식의 자리와 말: ${text.slice(0, 30)}`, () => {
    const error = refused(text);
    assert.match(error.message, told);
    assert.equal(error.start, start);
    assert.equal(text.slice(error.start, error.end), mark);
  });
}

test("생성기의 식에는 b가 있어야 함", () => {
  assert.match(refused("a", ["b"]).message, /^b가 없어 배울 것이 없습니다/);
  assert.equal(shape(parse("a - b", ["b"])), "(- a b)");
});

test("글을 코드로 실행하지 않음", () => {
  for (const name of ["formula", "dual", "formulas"]) {
    const text = readFileSync(new URL(`../../docs/assets/live/${name}.js`, import.meta.url), "utf-8");
    const code = text.replace(/\/\*.*?\*\//gs, ""); // 주석은 뺌
    assert.doesNotMatch(code, /\beval\b|\bFunction\b|\bimport\(/, name);
  }
});
