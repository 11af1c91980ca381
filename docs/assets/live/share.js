/** 지금의 학습을 남에게 보이는 법 둘: 설정을 적은 주소와, 저장하는 그림. */
import { button, make } from "./stage.js";

const MARGIN = 16;
const LINE = 22;
const FILE = "gan-plane.png";

export class Share {
  /**
   * @param {{
   *   query: () => string | undefined,
   *   canvas: HTMLCanvasElement,
   *   caption: () => string[],
   *   colours: () => Record<string, string>,
   *   announce: (text: string) => void,
   * }} given 주소에 적을 글, 저장할 그림, 그 아래에 적을 줄들, 지금의 색
   */
  constructor(given) {
    this.given = given;
    this.field = make("input", { type: "text", readOnly: true, hidden: true, "aria-label": "이 설정의 주소" });
    this.field.addEventListener("focus", () => this.field.select());
    this.element = make(
      "div",
      { className: "live__share" },
      make(
        "div",
        { className: "live__row" },
        button("이 설정의 주소", () => this.write()),
        button("그림 저장", () => this.save()),
      ),
      this.field,
    );
  }

  /** 주소를 적어 보이고, 되면 복사합니다. */
  async write() {
    const query = this.given.query();
    if (query === undefined) return;
    const address = new URL(location.href);
    [address.search, address.hash] = [query, ""];
    this.field.value = address.href;
    this.field.hidden = false;
    try {
      await navigator.clipboard.writeText(address.href);
      this.given.announce("이 설정의 주소를 복사했습니다. 열면 같은 설정과 시드로 시작합니다.");
    } catch {
      this.given.announce("아래의 주소를 복사하세요. 열면 같은 설정과 시드로 시작합니다.");
      this.field.focus();
    }
  }

  /** 지금의 평면을 바탕색 위에 놓고, 설정을 적어 PNG로 저장합니다. */
  save() {
    const { canvas, caption, colours, announce } = this.given;
    this.drawn(canvas, caption(), colours()).toBlob((content) => {
      if (!content) {
        announce("그림을 만들지 못했습니다.");
        return;
      }
      const address = URL.createObjectURL(content);
      make("a", { href: address, download: FILE }).click();
      setTimeout(() => URL.revokeObjectURL(address)); // 받기 시작한 다음에
      announce(`그림을 ${FILE}로 저장했습니다.`);
    });
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {string[]} lines
   * @param {Record<string, string>} colours
   */
  drawn(canvas, lines, { paper, ink, face }) {
    const density = canvas.width / canvas.clientWidth;
    const size = 14;
    const copy = make("canvas", {
      width: canvas.width + 2 * MARGIN * density,
      height: canvas.height + (3 * MARGIN + lines.length * LINE) * density,
    });
    const context = /** @type {CanvasRenderingContext2D} */ (copy.getContext("2d"));
    context.fillStyle = paper;
    context.fillRect(0, 0, copy.width, copy.height);
    context.drawImage(canvas, MARGIN * density, MARGIN * density);
    context.scale(density, density);
    context.fillStyle = ink;
    context.font = `${size}px ${face}`;
    context.textBaseline = "top";
    lines.forEach((line, place) => {
      context.fillText(line, MARGIN, canvas.clientHeight + 2 * MARGIN + place * LINE, canvas.clientWidth);
    });
    return copy;
  }
}
