/**
 * 페이지에 놓인 세 요소입니다. 독자가 누르기 전에는 이 파일만 받습니다.
 * 요소가 페이지를 떠나면 하던 일을 멈추고 일꾼을 끝냅니다.
 */

/** @typedef {{close: () => void, act?: (script: string) => Promise<void>}} Live */
/** @typedef {(stage: import("./stage.js").Stage) => Promise<Live>} Open */

/** @type {Record<string, {label: string, load: () => Promise<{open: Open}>}>} */
const ELEMENTS = {
  "gan-trainer": { label: "여기에서 학습해 보기", load: () => import("./trainer.js") },
  "latent-explorer": { label: "여기에서 움직여 보기", load: () => import("./explorer.js") },
  "training-scrubber": { label: "기록 펼치기", load: () => import("./scrubber.js") },
};

class LiveElement extends HTMLElement {
  /** @type {import("./stage.js").Stage | undefined} */
  stage;
  /** @type {Live | undefined} */
  live;
  /** @type {HTMLElement | undefined} */
  offer;

  connectedCallback() {
    if (this.offer) return; // 자리만 옮긴 요소
    const { label } = ELEMENTS[this.localName];
    const megabytes = Number(this.dataset.bytes) / 1e6;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "live__button live__button--main";
    button.textContent = `${label} (${megabytes.toFixed(1)} MB)`;
    button.addEventListener("click", () => this.start(button));
    const status = document.createElement("p");
    status.className = "live__status";
    status.setAttribute("role", "status");
    this.offer = document.createElement("div");
    this.offer.className = "live__offer";
    this.offer.append(button, status);
    this.append(this.offer);
  }

  disconnectedCallback() {
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
    if (!this.live) await this.start(/** @type {HTMLButtonElement} */ (this.offer?.firstElementChild));
    await this.live?.act?.(script);
    return this.live?.act !== undefined;
  }

  /** @param {HTMLButtonElement} button */
  async start(button) {
    const status = /** @type {HTMLElement} */ (this.offer?.lastElementChild);
    button.disabled = true;
    status.textContent = "받는 중입니다…";
    try {
      const [{ Stage }, { open }] = await Promise.all([
        import("./stage.js"),
        ELEMENTS[this.localName].load(),
      ]);
      this.stage = new Stage(this, (text) => (status.textContent = text));
      this.live = await open(this.stage);
      if (!this.isConnected) throw new Error("떠난 페이지입니다");
      this.offer?.remove();
      this.stage.show();
    } catch (error) {
      this.disconnectedCallback();
      const reason = error instanceof Error && error.name === "LiveError" ? error.message : "";
      status.textContent = reason || "여기에서 돌리지 못했습니다. 그림은 이 빌드가 그린 장면입니다.";
      button.disabled = false;
      button.focus();
      if (!reason && this.isConnected) console.warn(error);
    }
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
