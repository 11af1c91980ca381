/** 테마의 검색 일꾼을 그대로 돌려, 우리의 찾기가 그 lunr에 이어졌는지 확인합니다. */
import assert from "node:assert/strict";
import test from "node:test";

import { answers } from "./worker.js";

const page = (location, title, text) => ({ location, title, text });
const DOCS = [
  page("a/", "손실 함수", "두 신경망이 겨룹니다."),
  page("b/", "판별기", "<p>생성기의 짝이고 손실함수로 배웁니다.</p>"),
  page("c/", "학습기", "글"),
  { ...page("c/#gan_docs.trainer.Trainer", "Trainer", "학습합니다."), boost: 2 },
];

const SETUP = {
  type: 0,
  data: {
    config: {
      lang: ["ko"],
      separator: "[\\s\\-,:!=\\[\\]()\"/]+|\\.(?!\\d)",
      pipeline: ["stopWordFilter"],
      fields: { title: { boost: 1000 }, text: { boost: 1 }, tags: { boost: 1000000 } },
    },
    docs: DOCS,
    options: { suggest: false },
  },
};

test("조사를 떼고, 띄어쓰기가 달라도, 점 찍은 이름도 찾아 칠한다", async () => {
  const [ready, glued, inside, path] = await answers(
    SETUP,
    { type: 2, data: "손실함수를" },
    { type: 2, data: "별기" },
    { type: 2, data: "trainer.Trainer" },
  );
  assert.equal(ready.type, 1);
  const places = ({ data }) => Array.from(data.items, ([first]) => first.location);
  assert.deepEqual(places(glued), ["a/", "b/"]);
  assert.match(glued.data.items[0][0].title, /<mark.*손실<\/mark> <mark.*함수<\/mark>/);
  assert.deepEqual(places(inside), ["b/"]);
  assert.deepEqual(places(path), ["c/#gan_docs.trainer.Trainer"]);
});
