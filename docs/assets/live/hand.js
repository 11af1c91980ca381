/** 한 자 쓰면 열네 자: 쓴 글자에서 글씨체를 찾아, 나머지 글자도 그 글씨체로 씁니다. */
import { choice, latest, letterChoice, named, reason } from "./controls.js";
import { Paper } from "./paper.js";
import { paintGlyph } from "./picture.js";
import { Random } from "./random.js";
import { allLetters, between } from "./search.js";
import { button, make } from "./stage.js";
import { SIDE, target } from "./strokes.js";

/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./strokes.js").Stroke} Stroke */

const THINNEST = 1;
const THICKEST = 6;
const ENDS = { mean: "가운데 글씨체", before: "바로 앞에 찾은 글씨체", random: "무작위 글씨체" };
const EMPTY = "종이가 비어 있습니다. 먼저 한 자를 쓰세요.";

/** @param {Stage} stage */
export async function open(stage) {
  /** @type {Hand | undefined} */
  let hand;
  const manifest = await stage.open((message) => hand?.watched(message), { kindOfWork: "hand" });
  hand = new Hand(stage, manifest.hand);
  stage.redraw(() => hand?.paint());
  return hand;
}

class Hand {
  letter = 0;
  share = 1;
  searching = false;
  /** @type {"mean" | "before" | "random"} */
  end = "mean";
  /** @type {Float32Array[]} 글자마다의 그림 */
  images = [];
  /** @type {{z: Float32Array, loss: number, losses: Float32Array, begun: Float32Array, letters: number[], targets: Float32Array} | undefined} */
  found = undefined;
  /** @type {Float32Array | undefined} */
  before = undefined;

  /**
   * @param {Stage} stage
   * @param {any} settings
   */
  constructor(stage, settings) {
    this.stage = stage;
    this.settings = settings;
    this.update = latest(() => this.render(), (text) => this.stage.announce(text));
    /** @type {string[]} */
    this.syllables = settings.syllables;
    /** @type {Stroke[][]} */
    this.written = this.syllables.map(() => []);
    /** @type {(Float32Array | undefined)[]} 글자마다 생성기에게 보일 그림 */
    this.targets = this.syllables.map(() => undefined);
    this.paper = new Paper(stage, (strokes) => this.wrote(strokes));
    this.letters = this.syllables.map((letter, place) =>
      letterChoice("hand-letter", letter, place, () => this.select(place)),
    );
    this.previews = this.syllables.map((letter) => {
      const canvas = glyph();
      canvas.hidden = true;
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `생성기에게 보일 ${letter}`);
      return canvas;
    });
    this.seen = make("p", { className: "live__seen", hidden: true }, "생성기에게 보일 글자", ...this.previews);
    this.wall = make("div", { className: "live__wall live__wall--hand", role: "img", hidden: true });
    for (const _ of this.syllables) this.wall.append(glyph());
    this.go = button("열네 자 쓰기", () => this.search(), {
      className: "live__button live__button--main",
    });
    this.width = make("input", {
      type: "range", min: String(THINNEST), max: String(THICKEST), step: "0.5", value: "2.5",
    });
    this.width.addEventListener("input", () => this.thicken());
    this.walk = make("input", {
      type: "range", min: "0", max: "1", step: "0.01", value: "1", disabled: true,
      "aria-label": "다른 글씨체에서 이 글씨체까지 걸은 만큼",
    });
    this.walk.addEventListener("input", () => {
      this.share = Number(this.walk.value);
      this.update();
    });
    this.ends = choice(ENDS, (name) => this.choose(/** @type {"mean" | "before" | "random"} */ (name)));
    this.ends.disabled = true;
    this.seed = 0;
    this.thicken();
    stage.root.append(this.bench(), this.seen, this.wall, this.walking());
    this.choose("mean");
    this.select(0);
  }

  bench() {
    return make(
      "div",
      { className: "live__bench" },
      make("div", { className: "live__scene" }, this.paper.canvas, this.stage.status),
      make(
        "div",
        { className: "live__controls" },
        make("fieldset", { className: "live__letters" }, make("legend", {}, "쓸 글자"), ...this.letters),
        named("펜 굵기", this.width),
        make(
          "div",
          { className: "live__row" },
          button("획 되돌리기", () => this.undo()),
          button("지우기", () => this.clear()),
        ),
        make("div", { className: "live__row" }, this.go),
        make(
          "p",
          { className: "live__hint" },
          "종이에 초점을 두면 자판으로도 씁니다. 화살표가 펜을 움직이고, 스페이스가 펜을 내리거나 들고, 백스페이스가 획을 되돌립니다.",
        ),
      ),
    );
  }

  walking() {
    return make(
      "fieldset",
      { className: "live__walk" },
      make("legend", {}, "글씨체 사이 걷기"),
      named("출발", this.ends),
      this.walk,
    );
  }

  /** @param {number} place */
  select(place) {
    this.letter = place;
    this.paper.show(this.syllables[place], this.written[place]);
  }

  thicken() {
    this.paper.width = Number(this.width.value);
    this.paper.draw();
  }

  /** @param {Stroke[]} strokes */
  wrote(strokes) {
    const { letter } = this;
    this.written[letter] = strokes;
    this.targets[letter] = strokes.length ? target(strokes, this.settings.longest[letter]) : undefined;
    this.letters[letter].classList.toggle("live__letter--written", strokes.length > 0);
    this.preview(letter);
  }

  undo() {
    const empty = this.written[this.letter].length === 0;
    this.paper.undo();
    const left = this.written[this.letter].length;
    this.stage.announce(empty ? "되돌릴 획이 없습니다." : `획 하나를 되돌렸습니다. 남은 획 ${left}개.`);
  }

  clear() {
    this.paper.clear();
    this.stage.announce(`${this.syllables[this.letter]} 자를 지웠습니다.`);
  }

  /** 쓴 글자의 번호입니다. */
  get given() {
    return this.syllables.map((_, place) => place).filter((place) => this.targets[place]);
  }

  /** @param {number} place 생성기에게 보일 그림을 그대로 보일 글자 */
  preview(place) {
    const shown = this.targets[place];
    this.previews[place].hidden = !shown;
    if (shown) paintGlyph(this.previews[place], shown, this.stage.colours());
    this.seen.hidden = !this.given.length;
  }

  async search() {
    if (this.searching) return;
    const letters = this.given;
    if (!letters.length) {
      this.stage.announce(EMPTY);
      this.paper.canvas.focus();
      return;
    }
    const focused = document.activeElement === this.go;
    this.searching = this.go.disabled = true;
    this.stage.announce("글씨체를 찾는 중입니다…");
    const targets = joined(this.targets.filter((shown) => shown !== undefined));
    const begun = new Random(0).normals(this.settings.starts * this.settings.latent_size);
    const since = performance.now();
    try {
      const found = await this.stage.ask("search", { letters, targets, begun });
      this.before = this.found?.z;
      this.found = { ...found, letters, targets, begun };
      this.share = 1;
      this.walk.value = "1";
      await this.update();
      this.finish(performance.now() - since);
    } catch (error) {
      this.stage.announce(reason(error));
    } finally {
      this.searching = this.go.disabled = false;
      if (focused && document.activeElement === document.body) this.go.focus({ preventScroll: true });
    }
  }

  /** @param {number} milliseconds */
  finish(milliseconds) {
    this.walk.disabled = this.ends.disabled = false;
    this.ends.options[1].disabled = !this.before;
    if (this.before) this.choose("before");
    const { letters, loss } = /** @type {NonNullable<Hand["found"]>} */ (this.found);
    const names = letters.map((place) => this.syllables[place]).join(", ");
    const seconds = (milliseconds / 1000).toFixed(1);
    const said = `${names}에서 글씨체를 찾아 열네 자를 썼습니다. ${seconds}초, 손실 ${loss.toFixed(3)}.`;
    this.stage.announce(letters.length < 4 ? `${said} 다른 글자도 쓰면 더 닮습니다.` : said);
  }

  /** @param {{kind: string, step: number, images: Float32Array}} message 찾는 사이의 모습 */
  watched({ kind, step, images }) {
    if (kind !== "searched" || !this.searching) return;
    this.stage.announce(`글씨체를 찾는 중입니다: ${step}/${this.settings.steps}스텝`);
    if (this.stage.reduced) return;
    this.images = divided(images);
    this.paintWall();
  }

  /** @param {"mean" | "before" | "random"} end */
  choose(end) {
    this.end = end;
    this.ends.value = end;
    if (end === "random") this.seed++;
    this.update();
  }

  /** 걷기의 출발입니다. */
  get start() {
    const { latent_size: size } = this.settings;
    if (this.end === "random") return new Random(this.seed).normals(size);
    return (this.end === "before" && this.before) || new Float32Array(size);
  }

  async render() {
    if (!this.found) return;
    const z = between(this.start, this.found.z, this.share);
    const input = allLetters(z, this.syllables.length);
    this.images = divided(await this.stage.ask("images", { input }));
    this.paintWall();
  }

  paint() {
    this.paper.draw();
    this.syllables.forEach((_, place) => this.preview(place));
    this.paintWall();
  }

  paintWall() {
    this.wall.hidden = !this.images.length;
    this.wall.setAttribute("aria-label", `찾은 글씨체로 쓴 ${this.syllables.join("")}`);
    const colours = this.stage.colours();
    for (const [place, image] of this.images.entries()) {
      paintGlyph(/** @type {HTMLCanvasElement} */ (this.wall.children[place]), image, colours);
    }
  }

  close() {}
}

function glyph() {
  return make("canvas", { width: SIDE, height: SIDE });
}

/** @param {Float32Array} images */
function divided(images) {
  const pixels = SIDE * SIDE;
  return Array.from({ length: images.length / pixels }, (_, place) =>
    images.subarray(place * pixels, (place + 1) * pixels),
  );
}

/** @param {Float32Array[]} rows */
function joined(rows) {
  const whole = new Float32Array(rows.length * SIDE * SIDE);
  rows.forEach((row, place) => whole.set(row, place * SIDE * SIDE));
  return whole;
}
