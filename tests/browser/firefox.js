/** Firefox로 페이지를 열어 본 것을 JSON으로 적습니다: 어긴 정책, 오류, 열리지 않은 요소, 초당 스텝. */
import puppeteer from "puppeteer-core";

const { program, address, places, elements, steps } = JSON.parse(process.argv[2]);
const browser = await puppeteer.launch({ browser: "firefox", executablePath: program, headless: true });
const page = await browser.newPage();
const found = { visited: [], violations: [], errors: [], closed: [], rate: 0 };
page.on("console", (said) => said.type() === "error" && found.errors.push(said.text()));
page.on("pageerror", (error) => found.errors.push(String(error)));
await page.evaluateOnNewDocument(() => {
  globalThis.violations = [];
  addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) =>
    violations.push(`${effectiveDirective} ${blockedURI}`));
});

async function visit(place) {
  await page.goto(address + place, { waitUntil: "load" });
  await page.evaluate(() => new Promise((done) => setTimeout(done, 200))); // 미리 받기는 다 연 뒤에 시작함
  found.visited.push(place);
}

async function note(place) {
  const broken = await page.evaluate(() => violations);
  found.violations.push(...broken.map((one) => `${place}: ${one}`));
}

for (const place of places) {
  await visit(place);
  await note(place);
}
for (const [tag, place] of Object.entries(elements)) {
  await visit(place);
  await page.click(`${tag} .live__offer button`);
  const opened = await page.waitForSelector(`${tag} .live__stage`, { timeout: 60_000 }).catch(() => null);
  if (!opened) found.closed.push(tag);
  if (opened && tag === "gan-trainer") found.rate = await train(tag);
  await note(place);
}
await browser.close();
console.log(JSON.stringify(found));

/** 그 스텝에 이를 때까지 배우고 초당 스텝을 돌려줍니다. */
async function train(tag) {
  const since = Date.now();
  await page.click(`${tag} .live__stage .live__button--main`);
  await page.waitForFunction(
    (tag, steps) => Number(document.querySelector(`${tag} dd`).textContent.replaceAll(",", "")) >= steps,
    { timeout: 60_000 }, tag, steps,
  );
  return (1000 * steps) / (Date.now() - since);
}
