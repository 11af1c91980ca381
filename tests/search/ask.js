/** 빌드한 색인에 말마다 묻고, 결과마다 찾은 곳의 주소를 JSON으로 적습니다. */
import { readFileSync } from "node:fs";

import { cleaned } from "./query.js";
import { answers } from "./worker.js";

const { config, docs } = JSON.parse(readFileSync(process.argv[2], "utf-8"));
const asked = readFileSync(0, "utf-8").split("\n");
const messages = asked.map((text) => ({ type: 2, data: cleaned(text) }));
const setup = { type: 0, data: { config, docs, options: { suggest: false } } };
const [, ...found] = await answers(setup, ...messages);
const places = found.map(({ data }) => data.items.map((one) => one.map(({ location }) => location)));
console.log(JSON.stringify(places));
