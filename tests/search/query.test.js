/** 찾는 말을 다듬는 셈: 문장 부호는 빈칸, 이름에 든 것과 빼라는 말은 그대로. */
import assert from "node:assert/strict";
import test from "node:test";

import { cleaned } from "./query.js";

const words = (text) => cleaned(text).split(/\s+/).filter(Boolean).join(" ");

test("문장 부호는 빈칸이 된다", () => {
  for (const asked of ["판별기?", "(판별기)", "판별기.", "판별기…", "「판별기」", "판별기:", "*판별기*"]) {
    assert.equal(words(asked), "판별기", asked);
  }
  assert.equal(words("판별기/생성기·손실"), "판별기 생성기 손실");
  assert.equal(words("e^x"), "e x");
  assert.equal(words("log(1 - D)"), "log 1 D");
  assert.equal(words("--data photos"), "data photos");
  assert.equal(words("?!"), "");
});

test("이름에 든 것은 남는다", () => {
  const names = ["wgan-gp", "gan100.py", "R1+R2", "toward_one", "gan_docs.losses.LOSSES", "0.5", "D_loss"];
  for (const name of names) assert.equal(words(`${name}?`), name);
});

test("빼라는 말과 꼭 있으라는 말은 남고, 수의 부호는 아니다", () => {
  assert.equal(words("용어집 -용어집"), "용어집 -용어집");
  assert.equal(words("+모드 +붕괴"), "+모드 +붕괴");
  assert.equal(words("손실 -1"), "손실 1");
});

test("풀어 쓴 한글과 넓은 글자는 페이지의 글자가 되고, 아래 첨자는 그대로다", () => {
  assert.equal(words("판별기".normalize("NFD")), "판별기");
  assert.equal(words("ＷＧＡＮ－ＧＰ？"), "WGAN-GP");
  assert.equal(words("R₁"), "R₁");
  assert.equal(words("판별ㄱ"), "판별ㄱ");
});
