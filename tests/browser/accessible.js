// axe로 `within`을 살핍니다. 코드의 색은 한 페이지에 수천 조각이라, 같은 차림은 하나만 색을 입힌 채로 살핍니다.
async ([rules, within]) => {
  const seen = new Set();
  const look = (span, code) => {
    const { color, backgroundColor, opacity } = getComputedStyle(span);
    const classes = [];
    for (let one = span; one !== code; one = one.parentElement) classes.push(one.className);
    return [color, backgroundColor, opacity, ...classes].join();
  };
  const lightened = [...document.querySelectorAll("pre > code")].map((code) => {
    const light = code.cloneNode(true);
    const copies = light.querySelectorAll("span");
    code.querySelectorAll("span").forEach((span, place) => {
      const shown = look(span, code);
      if (seen.has(shown)) copies[place].replaceWith(...copies[place].childNodes);
      seen.add(shown);
    });
    return { code, own: [...code.childNodes], light: [...light.childNodes] };
  });
  for (const { code, light } of lightened) code.replaceChildren(...light);
  const { violations, passes } = await axe.run(within ?? document, {
    runOnly: rules, resultTypes: ["violations"], preload: false,
  });
  for (const { code, own } of lightened) code.replaceChildren(...own);
  return {
    passes: passes.length,
    flaws: violations.map(({ id, nodes }) => `${id}: ${nodes.length} ${nodes[0].html}`),
  };
};
