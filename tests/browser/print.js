// 종이에 찍힐 모습을 잽니다. 종이는 희고, 바탕색은 찍히지 않을 수 있습니다.
globalThis.paper = (() => {
  const LEAST = 4.5, LARGE = 3; // WCAG의 글자와 큰 글자
  const { luminance, contrast } = colours;
  const all = (selector, place = document) => [...place.querySelectorAll(selector)];
  const shown = (element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    element.clientWidth !== 1; // 듣는 기계에만 읽히는 글은 한 화소

  /** 흰 종이나 제 바탕에서 읽히지 않는 글입니다. */
  function faint() {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
      const { data, parentElement: element } = walk.currentNode;
      if (!data.trim() || element.closest("script, style, noscript, .katex-mathml")) continue;
      if (!shown(element)) continue;
      const { color, fontSize, fontWeight } = getComputedStyle(element);
      const large = parseFloat(fontSize) >= (fontWeight >= 600 ? 18.6 : 24);
      const grounds = [1];
      for (let one = element; one; one = one.parentElement) {
        const { backgroundColor } = getComputedStyle(one);
        if (!/, 0\)$|transparent/.test(backgroundColor)) {
          grounds.push(luminance(backgroundColor));
          break;
        }
      }
      const least = Math.min(...grounds.map((ground) => contrast(luminance(color), ground)));
      if (least < (large ? LARGE : LEAST)) {
        found.push(`${least.toFixed(2)} ${element.className || element.localName}: ${data.trim().slice(0, 30)}`);
      }
    }
    return [...new Set(found)];
  }

  /** 종이 밖으로 나가거나 상자에 잘리는 것입니다. */
  function cut() {
    const right = document.documentElement.clientWidth + 1;
    const inside = all("article *").filter(
      (each) => shown(each) && !each.closest(".katex-mathml, svg, .tabbed-set > input"));
    return inside
      .filter((each) => {
        const box = each.getBoundingClientRect();
        const { overflowX } = getComputedStyle(each);
        const boxed = overflowX !== "visible" && each.scrollWidth > each.clientWidth + 1;
        return box.width > 0 && (box.right > right || box.left < -1 || (boxed && each.clientWidth > 1));
      })
      .map((each) => `${each.localName}.${each.className}: ${each.outerHTML.slice(0, 60)}`);
  }

  /** 어두운 화면의 그림이거나, 불러오지 못한 그림입니다. */
  async function pictures() {
    const images = all("article img").filter(shown);
    for (const image of images) image.loading = "eager"; // 인쇄하면 브라우저가 모두 불러옴
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
    return images
      .filter(({ src, naturalWidth }) => src.endsWith("#only-dark") || !naturalWidth)
      .map(({ src }) => src);
  }

  /** 정지 그림이 찍히지 않는 요소입니다. */
  const empty = () =>
    all(".live > :is([data-bytes])")
      .filter((element) => {
        const still = all("img", element).filter(shown);
        return still.length !== 1 || still[0].getBoundingClientRect().height < 100;
      })
      .map((element) => element.localName);

  /** 화면에서만 쓰는 것입니다. */
  const tools = () =>
    all("button, input, select, textarea, canvas").filter(shown).map((each) => each.outerHTML.slice(0, 60));

  /** 아직 화면의 모습에서 바뀌고 있는 것입니다. */
  const moving = () =>
    document.getAnimations().map(({ effect }) => effect.target.outerHTML.slice(0, 60));

  return async () => ({
    "움직이는 것": moving(), "옅은 글": faint(), "잘린 것": cut(), "틀린 그림": await pictures(), "빈 요소": empty(), "도구": tools(),
  });
})();
