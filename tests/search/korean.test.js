/** 한국어 찾기의 셈을 lunr 없이 확인합니다. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import vm from "node:vm";

const source = readFileSync(process.env.SEARCH_SCRIPT, "utf-8");
const self = {};
vm.runInNewContext(source, { self });
const { squeeze, stems, expand, wishes, passage, hits, search } = self.korean;
const plain = (value) => JSON.parse(JSON.stringify(value));

const GLOSSARY = [
  { term: "판별기", words: ["discriminator", "판별자"], page: "models/" },
  { term: "손실함수", words: ["lossfunction", "비용함수"], page: null },
];
const text = (...words) => passage(words.map((word, place) => [place, word]));
const fits = (words, asked) => hits(text(...words), asked).map(({ fit }) => fit);

test("빈칸과 쓰다 만 낱자를 버린다", () => {
  assert.equal(squeeze(" 손실 함수"), "손실함수");
  assert.equal(squeeze("판별ㄱ"), "판별");
  assert.equal(squeeze("R₁"), "r1");
  assert.equal(squeeze("판별기".normalize("NFD")), "판별기");
});

test("조사를 떼되 두 글자는 남긴다", () => {
  assert.deepEqual(plain(stems("판별기에서는")), ["판별기에서는", "판별기", "판별기에서"]);
  assert.deepEqual(plain(stems("평가")), ["평가"]);
  assert.deepEqual(plain(stems("gan은")), ["gan은", "gan"]);
});

test("다른 이름은 고른 낱말과 영어로도 찾는다", () => {
  const { forms, page } = plain(expand("판별자는", GLOSSARY));
  assert.deepEqual(forms.map((form) => form.text), ["판별자는", "판별자", "판별기", "discriminator"]);
  assert.equal(page, "models/");
  assert.equal(expand("discrim", GLOSSARY).page, "models/");
  assert.equal(expand("dis", GLOSSARY).page, null);
});

test("이어 붙인 낱말도 찾는다", () => {
  const found = plain(wishes(["비용", "함수를"], GLOSSARY));
  assert.deepEqual(found.map((wish) => wish.clauses), [[0], [0, 1], [1]]);
  assert.ok(found[1].forms.some((form) => form.text === "손실함수"));
});

test("낱말, 앞머리, 가운데의 차례로 맞다", () => {
  assert.deepEqual(plain(fits(["판별기"], "판별기")), [1]);
  assert.deepEqual(plain(fits(["판별기는"], "판별기")), [1]);
  assert.deepEqual(plain(fits(["판별기법"], "판별기")), [0.7]);
  assert.deepEqual(plain(fits(["판별기"], "별기")), [0.4]);
  assert.deepEqual(plain(fits(["gan_docs.losses"], "losses")), [1]);
});

test("띄어 쓴 말도 맞고, 낱말 둘의 끄트머리만 이은 것은 아니다", () => {
  assert.deepEqual(plain(hits(text("이", "손실", "함수가"), "손실함수")), [{ first: 1, last: 2, fit: 1 }]);
  assert.deepEqual(plain(fits(["검사", "과정"], "사과")), []);
  assert.deepEqual(plain(fits(["검사", "과정"], "검사과정")), [1]);
});

test("아주 짧은 말은 낱말이어야 한다", () => {
  assert.deepEqual(plain(fits(["wasserstein"], "as")), []);
  assert.deepEqual(plain(fits(["kl", "kls"], "kl")), [1]);
});

test("제목이 앞서고, 빼라는 말과 꼭 있으라는 말을 지킨다", () => {
  const presence = { OPTIONAL: 1, REQUIRED: 2, PROHIBITED: 3 };
  const fields = ["title", "text"];
  const book = (title, body) => ({ boost: 1, fields: new Map([["title", title], ["text", body]]) });
  const library = new Map([
    ["a/", book(text("생성기"), text("판별기의", "짝"))],
    ["b/", book(text("판별기"), text("가르는", "신경망"))],
    ["c/", book(text("표"), text("수"))],
  ]);
  const ask = (...clauses) =>
    plain(search(library, clauses.map(([term, kind]) => ({ term, fields, presence: kind })), presence, []));
  const found = ask(["판별기는", 1]);
  assert.deepEqual(found.map(({ ref }) => ref), ["b/", "a/"]);
  assert.deepEqual(found[1].matchData.metadata, { "판별기는": { text: { position: [0] } } });
  assert.deepEqual(ask(["판별기", 1], ["짝", 3]).map(({ ref }) => ref), ["b/"]);
  assert.deepEqual(ask(["판별기", 1], ["짝", 2]).map(({ ref }) => ref), ["a/"]);
  assert.deepEqual(ask(["없는말", 1]), []);
});
