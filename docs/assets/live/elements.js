/**
 * 페이지에 놓인 요소들입니다. 독자가 누르기 전에는 이 파일만 받습니다.
 * 요소가 페이지를 떠나면 하던 일을 멈추고 일꾼을 끝냅니다.
 */

/** @typedef {{close: () => void, act?: (script: string) => Promise<boolean>}} Live */
/** @typedef {(stage: import("./stage.js").Stage) => Promise<Live>} Open */

/** @type {Record<string, {label: string, load: () => Promise<{open: Open}>}>} */
const ELEMENTS = {
  "gan-trainer": { label: "여기에서 학습해 보기", load: () => import("./trainer.js") },
  "latent-explorer": { label: "여기에서 움직여 보기", load: () => import("./explorer.js") },
  "digit-trainer": { label: "여기에서 학습해 보기", load: () => import("./digits.js") },
  "hangul-hand": { label: "여기에서 써 보기", load: () => import("./hand.js") },
  "training-scrubber": { label: "기록 펼치기", load: () => import("./scrubber.js") },
};

const CANCEL = "취소";
const CANCELLED = "받기를 그만두었습니다. 다시 누르면 처음부터 받습니다.";
const NO_SCRIPT = "스크립트를 받지 못했습니다. 네트워크를 확인하고 다시 눌러 주세요.";
const FAILED = "여기에서 돌리지 못했습니다. 그림은 이 빌드가 그린 장면입니다.";

class LiveElement extends HTMLElement {
  /** @type {import("./stage.js").Stage | undefined} */
  stage;
  /** @type {Live | undefined} */
  live;
  /** @type {HTMLElement | undefined} */
  offer;
  /** @type {Promise<void> | undefined} 여는 중인 일 */
  opening;
  /** @type {AbortController | undefined} 여는 중이면 그만둘 길 */
  leave;

  connectedCallback() {
    if (this.offer) return; // 자리만 옮긴 요소
    const { label } = ELEMENTS[this.localName];
    const megabytes = Number(this.dataset.bytes) / 1e6;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "live__button live__button--main";
    button.textContent = `${label} (${megabytes.toFixed(1)} MB)`;
    button.addEventListener("click", () => (this.leave ? this.leave.abort() : this.start()));
    const status = document.createElement("p");
    status.className = "live__status";
    status.setAttribute("role", "status");
    this.offer = document.createElement("div");
    this.offer.className = "live__offer";
    this.offer.append(button, status);
    this.append(this.offer);
  }

  disconnectedCallback() {
    this.leave?.abort();
    this.close();
  }

  close() {
    this.live?.close();
    this.stage?.close();
    this.live = this.stage = undefined;
  }

  /**
   * 안내가 시키는 일을 합니다. 무대가 닫혀 있으면 먼저 엽니다.
   *
   * @param {string} script 요소마다 정한 말. `<gan-trainer>`의 것은 `Trainer.act`에 있음
   * @returns {Promise<boolean>} 일을 마쳤는지
   */
  async act(script) {
    if (!this.live) await this.start();
    return (await this.live?.act?.(script)) ?? false;
  }

  /** 무대를 엽니다. 이미 여는 중이면 그 일을 기다립니다. */
  start() {
    this.opening ??= this.open().finally(() => (this.opening = undefined));
    return this.opening;
  }

  async open() {
    const offer = /** @type {HTMLElement} */ (this.offer);
    const [button, status] = /** @type {HTMLElement[]} */ ([...offer.children]);
    const label = button.textContent;
    const { signal } = (this.leave = new AbortController());
    const cancelled = new Promise((_, reject) => signal.addEventListener("abort", reject));
    button.textContent = CANCEL;
    status.textContent = "받는 중입니다…";
    try {
      await Promise.race([this.prepare(signal, status), cancelled]);
      offer.remove();
      this.stage?.show();
    } catch (error) {
      this.close();
      const known = error instanceof Error && error.name === "LiveError";
      status.textContent = signal.aborted ? CANCELLED : known ? error.message : FAILED;
      button.focus();
      if (!known && !signal.aborted) console.warn(error);
    } finally {
      this.leave = undefined;
      button.textContent = label;
    }
  }

  /**
   * 스크립트와 파일을 받아 무대를 갖춥니다.
   *
   * @param {AbortSignal} signal
   * @param {HTMLElement} status
   */
  async prepare(signal, status) {
    const scripts = Promise.all([import("./stage.js"), ELEMENTS[this.localName].load()]);
    const [{ Stage }, { open }] = await scripts.catch((error) => {
      throw Object.assign(new Error(NO_SCRIPT, { cause: error }), { name: "LiveError" });
    });
    signal.throwIfAborted();
    this.stage = new Stage(this, (text) => (status.textContent = text), signal);
    const live = await open(this.stage);
    if (signal.aborted) live.close();
    else this.live = live;
  }
}

for (const name of Object.keys(ELEMENTS)) {
  if (!customElements.get(name)) customElements.define(name, class extends LiveElement {});
}

class Guide extends HTMLElement {
  async connectedCallback() {
    const { guide } = await import("./guide.js");
    if (this.isConnected) guide(this);
  }
}

if (!customElements.get("gan-guide")) customElements.define("gan-guide", Guide);
