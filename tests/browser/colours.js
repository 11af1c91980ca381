// 색의 밝기와, 두 밝기의 대비를 WCAG대로 셈합니다.
globalThis.colours = (() => {
  const brush = Object.assign(document.createElement("canvas"), { width: 1, height: 1 })
    .getContext("2d", { willReadFrequently: true });
  const known = new Map();

  /** 색을 바탕 위에 놓은 밝기입니다. */
  function luminance(colour, ground = "#fff") {
    const both = `${colour} ${ground}`;
    if (!known.has(both)) {
      for (const paint of [ground, colour]) {
        brush.fillStyle = paint;
        brush.fillRect(0, 0, 1, 1);
      }
      const [red, green, blue] = [...brush.getImageData(0, 0, 1, 1).data].map((byte) => {
        const part = byte / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
      });
      known.set(both, 0.2126 * red + 0.7152 * green + 0.0722 * blue);
    }
    return known.get(both);
  }

  const contrast = (one, other) =>
    (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

  return { luminance, contrast };
})();
