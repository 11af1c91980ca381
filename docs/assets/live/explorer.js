/** 잠재 공간 탐험: 이 빌드가 배운 생성기를 브라우저에서 실행합니다. */
import { latest, letterChoice, seedField } from "./controls.js";
import { paintGlyph } from "./picture.js";
import { pythonCode } from "./python.js";
import { Random, readSeed } from "./random.js";
import { button, make } from "./stage.js";

/** @typedef {import("./stage.js").Stage} Stage */

const WALL = 64;
const REACH = 3;
const WALK_MILLISECONDS = 2000;
const MIDDLE = "가운데";

/** @param {Stage} stage */
export async function open(stage) {
  const explorer = new Explorer(stage, await stage.open(() => {}, { kindOfWork: "hangul" }));
  await explorer.update();
  stage.redraw(() => explorer.paint());
  return { close: () => cancelAnimationFrame(explorer.walking) };
}

class Explorer {
  seed = 0;
  walking = 0;
  syllable = 0;
  /** @type {{start?: Float32Array, end?: Float32Array}} */
  ends = {};
  /** @type {Float32Array[]} */
  wall = [];
  /** @type {Float32Array[]} */
  wallImages = [];
  /** @type {Float32Array | undefined} */
  image = undefined;
  shown = new Float32Array();
  /** @type {number | undefined} 걷는 중이면 출발에서 온 만큼(0–1) */
  share = undefined;

  /**
   * @param {Stage} stage
   * @param {any} manifest
   */
  constructor(stage, manifest) {
    this.stage = stage;
    this.manifest = manifest;
    this.update = latest(() => this.render(), (text) => this.stage.announce(text));
    const { latent_size: size, syllables, directions } = manifest.explorer;
    /** @type {number} */
    this.size = size;
    /** @type {string[]} */
    this.syllables = syllables;
    /** @type {{less: string, more: string, vector: number[]}[]} */
    this.directions = directions;
    this.moved = this.directions.map(() => 0);
    /** @type {Float32Array} */
    this.base = new Random(this.seed).normals(this.size);
    this.canvas = glyph("live__glyph");
    this.canvas.setAttribute("role", "img");
    this.letters = this.syllables.map((letter, place) =>
      letterChoice("syllable", letter, place, () => {
        this.syllable = place;
        this.walkStopped();
        this.update();
      }),
    );
    this.sliders = this.directions.map(({ less, more }, place) => {
      const input = make("input", {
        type: "range", min: String(-REACH), max: String(REACH), step: "0.1", value: "0",
        "aria-label": `${less} 또는 ${more}`, "aria-valuetext": MIDDLE,
      });
      input.addEventListener("input", () => {
        this.moved[place] = Number(input.value);
        this.tell(place);
        this.walkStopped();
        this.update();
      });
      return input;
    });
    this.seedInput = seedField();
    this.seedInput.addEventListener("change", () => this.sow(this.seedInput.value));
    this.walk = make("input", {
      type: "range", min: "0", max: "1", step: "0.01", value: "0", disabled: true,
      "aria-label": "출발에서 도착까지 걸은 만큼",
    });
    this.walk.addEventListener("input", () => {
      cancelAnimationFrame(this.walking); // 걷는 사이에 잡으면 손을 따름
      this.walkTo(Number(this.walk.value));
    });
    this.go = button("걷기", () => this.stroll(), { disabled: true });
    this.grid = make("div", { className: "live__wall", hidden: true });
    this.code = make("textarea", { readOnly: true, rows: 12, className: "live__code", "aria-label": "이 글자를 만드는 파이썬" });
    stage.root.append(
      make(
        "div",
        { className: "live__bench" },
        make("div", { className: "live__scene" }, this.canvas, stage.status),
        make(
          "div",
          { className: "live__controls" },
          make("fieldset", { className: "live__letters" }, make("legend", {}, "글자"), ...this.letters),
          make(
            "fieldset",
            { className: "live__sliders" },
            make("legend", {}, "방향"),
            ...this.sliders.map((slider, place) =>
              make(
                "div",
                { className: "live__slider" },
                make("span", { "aria-hidden": "true" }, this.directions[place].less),
                slider,
                make("span", { "aria-hidden": "true" }, this.directions[place].more),
              ),
            ),
          ),
          make(
            "div",
            { className: "live__row" },
            button("새로 뽑기", () => this.sow(String(this.seed + 1)), { className: "live__button live__button--main" }),
            button("가운데로", () => this.centre()),
            make("label", {}, "시드 ", this.seedInput),
          ),
        ),
      ),
      make(
        "fieldset",
        { className: "live__walk" },
        make("legend", {}, "두 점 사이 걷기"),
        make(
          "div",
          { className: "live__row" },
          button("여기를 출발로", () => this.mark("start")),
          button("여기를 도착으로", () => this.mark("end")),
          this.go,
        ),
        this.walk,
      ),
      make(
        "div",
        { className: "live__row" },
        button(`${WALL}자 펼치기`, () => this.spread()),
        button("파이썬 코드 복사", () => this.copy()),
      ),
      this.grid,
      make("details", { className: "live__fold" }, make("summary", {}, "이 글자를 만드는 파이썬"), this.code),
    );
  }

  /** 지금의 자리입니다. 파이썬에 적을 수 있게 소수 셋째 자리까지만 씁니다. */
  get place() {
    const z = Float32Array.from(this.base, (value, index) => {
      const pushed = this.directions.reduce(
        (sum, { vector }, which) =>
          sum + this.moved[which] * vector[index],
        value,
      );
      return rounded(pushed);
    });
    return this.joined(z, this.syllable);
  }

  /**
   * @param {Float32Array} z
   * @param {number} syllable
   */
  joined(z, syllable) {
    const input = new Float32Array(z.length + this.syllables.length);
    input.set(z);
    input[z.length + syllable] = 1;
    return input;
  }

  /** 모델에 건넬 입력입니다. 걷는 중이면 두 점의 사이입니다. */
  get input() {
    const { share } = this;
    const { start, end } = this.ends;
    if (share === undefined || !start || !end) return this.place;
    return Float32Array.from(start, (value, index) => rounded((1 - share) * value + share * end[index]));
  }

  async render() {
    const input = this.input;
    this.image = await this.stage.ask("images", { input });
    this.shown = input;
    this.paint();
  }

  paint() {
    if (!this.image) return;
    const colours = this.stage.colours();
    paintGlyph(this.canvas, this.image, colours);
    const letter = this.syllables[this.syllable];
    const walked = `출발에서 도착까지 ${Math.round(100 * (this.share ?? 0))}% 걸은 글자`;
    this.canvas.setAttribute("aria-label", this.share === undefined ? `생성기가 쓴 ${letter}` : walked);
    this.code.value = pythonCode(this.shown, this.size, new URL(this.manifest.models.hangul.file, import.meta.url).href);
    for (const [place, image] of this.wallImages.entries()) {
      paintGlyph(/** @type {HTMLCanvasElement} */ (this.grid.children[place].firstChild), image, colours);
    }
  }

  /** @param {string} text */
  sow(text) {
    const { seed, refusal } = readSeed(text);
    if (refusal !== undefined) {
      this.stage.announce(refusal);
      return;
    }
    this.seed = seed;
    this.seedInput.value = String(seed);
    this.base = new Random(seed).normals(this.size);
    this.walkStopped();
    this.update();
    this.stage.announce(`시드 ${seed}에서 새로 뽑았습니다.`);
  }

  centre() {
    this.moved = this.moved.map(() => 0);
    this.sliders.forEach((slider, place) => {
      slider.value = "0";
      this.tell(place);
    });
    this.walkStopped();
    this.update();
    this.stage.announce("슬라이더를 모두 가운데로 돌렸습니다.");
  }

  /**
   * 슬라이더가 어느 쪽으로 얼마나 갔는지를 낱말로 적습니다.
   * @param {number} place
   */
  tell(place) {
    const [moved, { less, more }] = [this.moved[place], this.directions[place]];
    const text = moved ? `${moved < 0 ? less : more} ${Math.abs(moved)}` : MIDDLE;
    this.sliders[place].setAttribute("aria-valuetext", text);
  }

  /**
   * 지금 보이는 글자를 한쪽 끝으로 삼습니다. 두 끝이 다 있으면 걷기의 슬라이더도 그 끝에 놓습니다.
   *
   * @param {"start" | "end"} which
   */
  mark(which) {
    cancelAnimationFrame(this.walking);
    const letter = this.share === undefined ? this.syllables[this.syllable] : "걷던 자리";
    this.ends[which] = Float32Array.from(this.input);
    const ready = this.ends.start !== undefined && this.ends.end !== undefined;
    this.walk.disabled = this.go.disabled = !ready;
    const [name, rest] = which === "start" ? ["출발로", "도착"] : ["도착으로", "출발"];
    if (ready) this.walkTo(which === "start" ? 0 : 1);
    this.stage.announce(
      ready ? `${letter}를 ${name} 삼았습니다. 이제 걸을 수 있습니다.` : `${letter}를 ${name} 삼았습니다. ${rest}도 고르세요.`,
    );
  }

  /** 출발에서 도착까지 한 번 걷습니다. 움직임을 줄인 화면에서는 도착만 보입니다. */
  stroll() {
    cancelAnimationFrame(this.walking);
    if (this.stage.reduced) {
      this.walkTo(1);
      return;
    }
    const since = performance.now();
    const advance = (/** @type {number} */ now) => {
      const share = Math.min(1, Math.max(0, (now - since) / WALK_MILLISECONDS));
      this.walkTo(share);
      if (share < 1) this.walking = requestAnimationFrame(advance);
    };
    this.walking = requestAnimationFrame(advance);
  }

  /** @param {number} share */
  walkTo(share) {
    this.share = share;
    this.walk.value = String(share);
    this.update();
  }

  walkStopped() {
    cancelAnimationFrame(this.walking);
    this.share = undefined;
    this.walk.value = "0";
  }

  async spread() {
    const random = new Random(this.seed);
    this.wall = Array.from({ length: WALL }, () => random.normals(this.size).map(rounded));
    const rows = this.wall.map((z) => this.joined(z, this.syllable));
    const input = new Float32Array(rows.length * rows[0].length);
    rows.forEach((row, place) => input.set(row, place * row.length));
    const images = await this.stage.ask("images", { input });
    const pixels = images.length / WALL;
    this.wallImages = this.wall.map((_, place) => images.subarray(place * pixels, (place + 1) * pixels));
    this.grid.replaceChildren(
      ...this.wall.map((z, place) =>
        make(
          "button",
          { type: "button", className: "live__pick", "aria-label": `${place + 1}번째 글자 고르기`, onclick: () => this.pick(z, place) },
          glyph(""),
        ),
      ),
    );
    this.grid.hidden = false;
    this.paint();
    this.stage.announce(`${this.syllables[this.syllable]} ${WALL}자를 펼쳤습니다. 누르면 그 글자로 갑니다.`);
  }

  /**
   * @param {Float32Array} z
   * @param {number} place
   */
  pick(z, place) {
    this.base = z;
    this.centre();
    this.stage.announce(`${place + 1}번째 글자로 갔습니다.`);
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(this.code.value);
      this.stage.announce("파이썬 코드를 복사했습니다.");
    } catch {
      this.stage.announce("복사하지 못했습니다. 아래의 코드를 펼쳐 직접 복사하세요.");
      /** @type {HTMLDetailsElement} */ (this.code.parentElement).open = true;
      this.code.select();
    }
  }
}

/**
 * 파이썬에 적을 자릿수까지만 남깁니다.
 * @param {number} value
 */
function rounded(value) {
  return Math.round(1000 * value) / 1000;
}

/** @param {string} className */
function glyph(className) {
  return make("canvas", { className, width: 28, height: 28 });
}
