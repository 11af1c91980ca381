// 열린 요소를 시켜 보고, 그림이 바뀌는지와 초당 스텝을 어느 엔진에서나 같은 길로 잽니다.
globalThis.works = (() => {
  const LOOK_AGAIN = 50;
  const MEASURE = 2_000; // 초당 스텝을 재는 밀리초
  const STILL = 2_000; // 이만큼 그대로면 멈춘 그림

  const stage = (tag) => document.querySelector(`${tag} .live__stage`);
  const status = (tag) => document.querySelector(`${tag} [role=status]`)?.textContent ?? "";
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  const picture = (tag) => [...stage(tag).querySelectorAll("canvas")].map((one) => one.toDataURL()).join();

  /** 조건이 맞을 때까지 다시 봅니다. */
  async function until(tag, patience, wanted, condition) {
    for (const since = performance.now(); performance.now() - since < patience; await pause(LOOK_AGAIN)) {
      const answer = condition();
      if (answer) return answer;
    }
    throw new Error(`${wanted} 않음: ${status(tag)}`);
  }

  const opened = async (tag, patience) => Boolean(await until(tag, patience, "열리지", () => stage(tag)));

  /** 요소를 화면에 들이고, 그 너비와 높이의 몫으로 적은 점들의 화면 좌표를 돌려줍니다. 요소가 없으면 없습니다. */
  async function along(selector, shares) {
    const element = document.querySelector(selector);
    element?.scrollIntoView({ block: "center", behavior: "instant" });
    const box = element?.getBoundingClientRect();
    return box ? shares.map(([x, y]) => [box.x + x * box.width, box.y + y * box.height]) : null;
  }

  /** 으뜸 단추를 누르면 캔버스가 바뀌는지 봅니다. 스텝을 세는 요소면 초당 스텝을 돌려줍니다. */
  async function moved(tag, patience) {
    const main = stage(tag).querySelector(".live__button--main");
    const before = picture(tag);
    main.click();
    await until(tag, patience, "그림이 바뀌지", () => picture(tag) !== before);
    const counter = stage(tag).querySelector("dd");
    if (!counter) return null;
    const steps = () => Number(counter.textContent.replaceAll(",", ""));
    const [first, since] = [await until(tag, patience, "스텝이 늘지", steps), performance.now()];
    await pause(MEASURE);
    const rate = (1000 * (steps() - first)) / (performance.now() - since);
    main.click();
    return rate;
  }

  /** 멈춘 그림입니다. */
  async function still(tag, patience) {
    let [seen, since] = ["", 0];
    await until(tag, patience, "그림이 멈추지", () => {
      const now = picture(tag);
      if (now !== seen) [seen, since] = [now, performance.now()];
      return performance.now() - since > STILL;
    });
    return seen;
  }

  /** 밝기를 바꾸면 멈춘 그림도 다시 그리는지, 밝기가 같으면 같은 그림인지 봅니다. 바꾸는 단추가 없으면 거짓입니다. */
  async function dimmed(tag, patience) {
    const toggle = () => document.querySelector("[data-md-component=palette] label:not([hidden])");
    if (!toggle()) return false;
    const pictures = [await still(tag, patience)];
    for (let turn = 0; turn < 3; turn++) {
      toggle().click();
      await until(tag, patience, "밝기를 바꾸어도 그림이 바뀌지", () => picture(tag) !== pictures.at(-1));
      pictures.push(await still(tag, patience));
    }
    if (pictures[1] !== pictures[3]) throw new Error("밝기를 되돌려도 그림이 돌아오지 않음");
    return true;
  }

  /** PyTorch와 견주는 단추가 있으면 눌러, 그 답을 돌려줍니다. */
  async function compared(tag, patience) {
    const buttons = [...stage(tag).querySelectorAll("button")];
    const compare = buttons.find((one) => one.textContent.includes("PyTorch와 같은지"));
    compare?.click();
    return compare ? until(tag, patience, "견주지", () => /(같습|다릅)니다\..*/.exec(status(tag))?.[0]) : null;
  }

  return { opened, along, moved, dimmed, compared };
})();
