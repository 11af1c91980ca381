// `watched.js`에 이어 페이지보다 먼저 실행되어, 화면에서만 알 수 있는 것을 모으고 잽니다.
Object.assign(watched, { shift: 0, largest: "" });
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) watched.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  const { element, url } = list.getEntries().at(-1);
  watched.largest = element?.tagName === "IMG" ? url : "";
}).observe({ type: "largest-contentful-paint", buffered: true });

const FOCUSED = ".md-content :is(a[href], button, input, select, summary, [tabindex='0'])";
const BOXES = "h1,h2,h3,p,li,pre,figure,img,table,details";

globalThis.measure = (() => {
  const all = (selector, place = document) => [...place.querySelectorAll(selector)];
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const apart = (one, other) =>
    one.right <= other.left || one.left >= other.right ||
    one.bottom <= other.top || one.top >= other.bottom;

  /** 보이는 그림을 모두 불러옵니다. */
  async function pictures() {
    const shown = all("img").filter((image) => image.checkVisibility());
    for (const image of shown) image.loading = "eager";
    await Promise.all(shown.map((image) => image.decode().catch(() => {})));
    return shown;
  }

  /** 굴리기 전에 가장 크게 그려진 그림과, 미리 받은 그림입니다. */
  async function open() {
    await document.fonts.ready;
    await frame();
    await frame();
    const preloaded = all("link[rel=preload][as=image]")
      .filter((link) => matchMedia(link.media).matches)
      .map((link) => link.href);
    return { largest: watched.largest, preloaded };
  }

  /** 끝까지 읽고 돌아오는 동안 글이 밀린 만큼입니다. 열리며 밀린 것은 Lighthouse가 셉니다. */
  async function read() {
    const opened = watched.shift;
    for (let top = 0; top < document.body.scrollHeight; top += 600) {
      scrollTo(0, top);
      await frame();
    }
    await pictures();
    scrollTo(0, 0);
    await frame();
    await frame();
    return { shift: watched.shift - opened };
  }

  /** 넘친 너비와 보이는 그림입니다. */
  async function look() {
    const shown = await pictures();
    const root = document.documentElement;
    return {
      overflow: Math.max(root.scrollWidth, document.body.scrollWidth) - root.clientWidth,
      pictures: all("article img:not(.live img)").length,
      images: shown.map((image) => ({
        address: image.currentSrc || image.src,
        alt: image.alt.trim(),
        loaded: image.naturalWidth > 0,
        sized: image.hasAttribute("width") && image.hasAttribute("height"),
      })),
    };
  }

  /** 글의 조각이 놓인 자리입니다. */
  const boxes = () =>
    all("article *")
      .filter((each) => each.matches(BOXES))
      .filter((each) => (each.offsetParent && each.tagName !== "IMG") || each.clientWidth)
      .map((each) => {
        const { left, top, width, height } = each.getBoundingClientRect();
        return [left, top + scrollY, width, height].map(Math.round).join();
      });

  /** 밝기를 바꾸면 움직이는 조각입니다. */
  function restless() {
    const before = boxes();
    const { dataset } = document.body;
    const scheme = dataset.mdColorScheme;
    dataset.mdColorScheme = scheme === "slate" ? "default" : "slate";
    const after = boxes();
    dataset.mdColorScheme = scheme;
    return before.length === after.length ? before.filter((box, at) => box !== after[at]) : after;
  }

  /** 옆으로 끝까지 민 코드에서 복사 단추 밑에 남은 글자입니다. */
  function covered(code) {
    code.scrollLeft = code.scrollWidth;
    const button = code.parentElement.querySelector(".md-code__nav").getBoundingClientRect();
    const words = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    const range = new Range();
    let found = "";
    while (button.width && words.nextNode()) {
      range.selectNode(words.currentNode);
      if (apart(range.getBoundingClientRect(), button)) continue;
      for (let at = 0; at < words.currentNode.length; at++) {
        range.setStart(words.currentNode, at);
        range.setEnd(words.currentNode, at + 1);
        if (!apart(range.getBoundingClientRect(), button)) found += String(range).trim();
      }
    }
    return found;
  }

  /** 아래에서 위로 초점을 옮길 때 머리글에 가리는 것입니다. */
  function hidden() {
    scrollTo(0, document.body.scrollHeight);
    const header = document.querySelector(".md-header").getBoundingClientRect();
    const found = all(FOCUSED).reverse().filter((each) => {
      each.focus();
      const held = document.activeElement === each;
      return held && each.getBoundingClientRect().bottom <= header.bottom;
    });
    document.activeElement.blur();
    scrollTo(0, 0);
    return found.map((each) => each.outerHTML.slice(0, 80));
  }

  /** 앞의 식이나 괄호와 떨어져 줄을 여는 조사입니다. */
  const orphans = () =>
    all(".md-typeset .unbroken")
      .filter((whole) => {
        const particle = document.createRange();
        particle.selectNode(whole.lastChild);
        const line = particle.getBoundingClientRect();
        const formula = whole.firstElementChild?.getBoundingClientRect();
        if (!formula) return particle.getClientRects().length > 1;
        return line.top >= formula.bottom || line.right <= formula.left;
      })
      .map((whole) => whole.textContent);

  const shape = () => ({
    restless: restless(),
    covered: all("pre:has(.md-code__nav) > code").map(covered).filter(Boolean),
    hidden: hidden(),
    orphans: orphans(),
  });

  /** 코드가 든 탭을 고르는 단추입니다. */
  function tabOf(code) {
    const block = code.closest(".tabbed-block");
    if (!block) return null;
    const number = [...block.parentElement.children].indexOf(block);
    return all(":scope > input", block.closest(".tabbed-set"))[number];
  }

  /** 접은 것을 모두 펴고 코드마다 다가가, 그래도 복사 단추가 생기지 않은 것입니다. */
  async function unfold() {
    for (const fold of all("article details")) fold.open = true;
    const bare = () => all("pre:not(:has(.md-code__nav))");
    for (const code of bare()) {
      tabOf(code)?.click();
      code.scrollIntoView({ behavior: "instant" });
      await frame();
    }
    scrollTo(0, 0);
    await frame();
    return { bare: bare().map((each) => each.outerHTML.slice(0, 80)) };
  }

  /** 복사 단추의 언어입니다. */
  const language = (button) => button.closest("[class*=language-]")?.className ?? "";

  /** 복사 단추의 언어, 보이는 글, 복사된 글입니다. 누르지 않으면 누를 때 복사할 글입니다. */
  function copy(button, pressed) {
    const { clipboardTarget, clipboardText } = button.dataset;
    let text = "";
    const note = () => { text = document.activeElement?.value ?? String(getSelection()); };
    if (pressed) {
      document.addEventListener("copy", note);
      button.click();
      document.removeEventListener("copy", note);
    } else {
      text = clipboardText ?? document.querySelector(clipboardTarget)?.textContent ?? "";
    }
    return [language(button), button.closest("pre").querySelector("code").textContent, text];
  }

  /** 옮긴 클래스를 style 속성으로 되돌리면 자리가 달라지는 요소입니다. */
  function misplaced(styles) {
    const moved = all("[class*=moved-]");
    const places = () =>
      moved.map((element) => {
        const { x, y, width, height } = element.getBoundingClientRect();
        return [x, y, width, height, getComputedStyle(element).textAlign].join();
      });
    const before = places();
    for (const element of moved) {
      const name = [...element.classList].find((name) => name.startsWith("moved-"));
      element.classList.remove(name);
      element.style.cssText = styles[name];
    }
    const after = places();
    return before.filter((place, at) => place !== after[at]);
  }

  return { open, read, look, shape, orphans, unfold, language, copy, misplaced };
})();
