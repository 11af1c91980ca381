/** 테마의 검색 일꾼을 브라우저 없이 그대로 돌립니다. */
import { readFileSync } from "node:fs";
import vm from "node:vm";

const { SEARCH_SCRIPTS, THEME_WORKER, THEME_SUPPORT } = process.env;
const [support, worker, ...ours] = [THEME_SUPPORT, THEME_WORKER, ...SEARCH_SCRIPTS.split("\n")]
  .map((file) => readFileSync(file, "utf-8"));

/** 일꾼에게 차례로 물은 답입니다. */
export async function answers(...asked) {
  let told;
  const listeners = [];
  const scope = { console, RegExp, addEventListener: (_, listener) => listeners.push(listener) };
  const context = vm.createContext({ ...scope, postMessage: (answer) => told(answer) });
  context.self = context;
  context.importScripts = () => [support, ...ours].forEach((text) => vm.runInContext(text, context));
  vm.runInContext(worker, context);
  const found = [];
  for (const message of asked) {
    const answer = new Promise((resolve, reject) => {
      told = resolve;
      process.once("unhandledRejection", reject);
    });
    listeners[0]({ data: message });
    found.push(await answer);
    process.removeAllListeners("unhandledRejection");
  }
  return found;
}
