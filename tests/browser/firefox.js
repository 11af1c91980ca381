/** Firefox를 켜고, 한 줄에 하나씩 들어오는 부탁을 JSON으로 답합니다. 부탁이 끝나면 닫습니다. */
import { createInterface } from "node:readline";
import puppeteer from "puppeteer-core";

const browser = await puppeteer.launch({ browser: "firefox", executablePath: process.argv[2], headless: true });
const page = await browser.newPage();

const commands = {
  go: (address) => page.goto(address, { waitUntil: "load" }),
  press: (selector) => page.locator(selector).click(),
  ask: (name, rest) => page.evaluate((name, rest) => {
    const [place, method] = name.split(".");
    return method ? globalThis[place][method](...rest) : globalThis[place];
  }, name, rest),
  async drag(points) {
    await page.mouse.move(...points[0]);
    await page.mouse.down();
    for (const point of points.slice(1)) await page.mouse.move(...point, { steps: 6 });
    await page.mouse.up();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [name, ...rest] = JSON.parse(line);
  const answer = await commands[name](...rest).then(
    (value) => ({ value: name === "ask" ? value : null }),
    (error) => ({ error: String(error) }),
  );
  console.log(JSON.stringify(answer));
}
await browser.close();
