/** 세 요소가 함께 쓰는 무대입니다: 자리, 상태를 알리는 글, 일꾼, 화면의 색. */
import { fetchManifest, LiveError, OFFLINE } from "./files.js";
import { sharedFile } from "./runtime.js";

const BASE = new URL(".", import.meta.url);

/** @typedef {(message: any) => void} Listener */

export class Stage {
  /** @type {Worker | undefined} */
  worker;
  /** @type {Map<number, {resolve: (result: any) => void, reject: (error: Error) => void}>} */
  waiting = new Map();
  /** @type {(() => void)[]} */
  closers = [];
  asked = 0;
  draw = () => {};

  /**
   * @param {HTMLElement} element
   * @param {(text: string) => void} announce 열기 전에 상태를 알릴 함수
   * @param {AbortSignal} signal 받기를 그만두라는 신호
   */
  constructor(element, announce, signal) {
    this.element = element;
    this.announce = announce;
    this.signal = signal;
    this.root = document.createElement("div");
    this.root.className = "live__stage";
    this.status = make("p", { className: "live__status", role: "status" });
    this.reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  /** 정지 그림의 자리에 무대를 놓습니다. */
  show() {
    this.element.classList.add("live--open");
    this.element.append(this.root);
    this.draw();
    this.announce = (/** @type {string} */ text) => (this.status.textContent = text);
    const { top, bottom } = this.element.getBoundingClientRect();
    const { activeElement: focused, body } = document;
    const elsewhere = bottom < 0 || top > innerHeight || (focused !== body && !this.element.contains(focused));
    if (elsewhere) return; // 받는 사이에 다른 곳을 읽는 독자를 부르지 않음
    /** @type {HTMLElement | null} */ (this.root.querySelector("button, input"))?.focus();
  }

  close() {
    for (const closer of this.closers) closer();
    this.worker?.terminate();
    this.waiting.clear(); // 답을 들을 화면이 없음
    this.worker = undefined;
    this.root.remove();
    this.element.classList.remove("live--open");
  }

  /**
   * 실행기를 받아 일꾼을 켭니다.
   *
   * @param {Listener} listener 물음 없이 온 말을 들을 함수
   * @param {object} request 처음의 부탁
   */
  async open(listener, request) {
    const manifest = await fetchManifest(BASE, this.signal);
    const progress = (/** @type {number} */ loaded, /** @type {number} */ total) =>
      this.announce(`받는 중입니다: ${Math.min(100, Math.floor((100 * loaded) / total))}%`);
    const binary = await sharedFile(BASE, manifest.runtime.binary, progress, this.signal);
    this.signal.throwIfAborted();
    this.work(listener);
    return this.ask("open", { ...request, manifest, binary });
  }

  /** @param {Listener} listener */
  work(listener) {
    this.worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
    this.worker.onmessage = ({ data }) => {
      if (data.id === undefined) {
        listener(data);
      } else {
        const { resolve, reject } = this.waiting.get(data.id) ?? {};
        this.waiting.delete(data.id);
        if (data.error === undefined) resolve?.(data.result);
        else reject?.(data.known ? new LiveError(data.error) : new Error(data.error));
      }
    };
    this.worker.onerror = ({ message }) => {
      // 말이 없는 것은 스크립트를 받지 못한 것
      const error = message ? new Error(`일꾼이 멈췄습니다: ${message}`) : new LiveError(OFFLINE);
      for (const { reject } of this.waiting.values()) reject(error);
      this.waiting.clear();
    };
  }

  /**
   * 일꾼에게 부탁하고 답을 기다립니다.
   *
   * @param {string} kind
   * @param {object} [request]
   * @returns {Promise<any>}
   */
  ask(kind, request = {}) {
    const id = ++this.asked;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker?.postMessage({ ...request, id, kind });
    });
  }

  /**
   * 무대가 놓이거나 화면의 밝기나 너비가 바뀌면 그립니다.
   * @param {() => void} draw
   */
  redraw(draw) {
    this.draw = draw;
    const scheme = new MutationObserver(draw);
    scheme.observe(document.body, { attributeFilter: ["data-md-color-scheme"] });
    let frame = 0;
    const size = new ResizeObserver(() => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(draw); // 그 자리에서 그려 높이가 바뀌면 WebKit이 되풀이라 알림
    });
    size.observe(this.root);
    this.closers.push(() => scheme.disconnect(), () => size.disconnect(), () => cancelAnimationFrame(frame));
  }

  /** 뜻마다 정해진 색과 글꼴을 지금의 화면에서 읽습니다. */
  colours() {
    const style = getComputedStyle(this.element);
    const read = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
    return {
      generator: read("generator"),
      discriminator: read("discriminator"),
      real: read("real"),
      rule: read("rule"),
      ink: read("ink"),
      paper: read("paper"),
      quiet: read("quiet"),
      face: style.fontFamily,
    };
  }
}

/**
 * 요소를 만듭니다. `role`과 `aria-`는 속성으로, 나머지는 성질로 넣습니다.
 *
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, any>} [properties]
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "role" || name.startsWith("aria-") || name === "for") {
      element.setAttribute(name, value);
    } else {
      Object.assign(element, { [name]: value });
    }
  }
  element.append(...children);
  return element;
}

/**
 * @param {string} text
 * @param {() => void} act
 * @param {Record<string, any>} [properties]
 */
export function button(text, act, properties = {}) {
  return make(
    "button",
    { type: "button", className: "live__button", onclick: act, ...properties },
    text,
  );
}

/**
 * 화면의 화소에 맞춘 캔버스의 붓입니다. 좌표는 CSS의 화소입니다.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {number} width
 * @param {number} height
 */
export function brush(canvas, width, height) {
  const density = Math.min(2, devicePixelRatio || 1);
  const [across, down] = [Math.round(width * density), Math.round(height * density)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
  }
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.setTransform(density, 0, 0, density, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
