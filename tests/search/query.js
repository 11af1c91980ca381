/** 브라우저의 것만 흉내 내어, 찾는 말을 다듬는 함수를 꺼냅니다. */
import { readFileSync } from "node:fs";
import vm from "node:vm";

const scope = vm.createContext({
  Worker: class {
    postMessage() {}
  },
  addEventListener() {},
  location: { href: "https://example.test/" },
  URL,
});
vm.runInContext(readFileSync(process.env.SEARCH_QUERY, "utf-8"), scope);

/** @type {(text: string) => string} */
export const cleaned = vm.runInContext("searchQuery.cleaned", scope);
