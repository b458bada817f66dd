// <live-hints data-url="/events">: the server says what changed ("case-204118337", "queue"), never how. Elements that say
// data-live="queue case-204118337" with data-live-url are asked for again, with this person's own rights, and morphed.
import { icon, make, say } from "ui/words";

const QUIET = 3_000;
const RESTS_AFTER = 20_000;
const GATHER = 120;
const POLL = 20_000;
const RETRY = [2_000, 5_000, 15_000, 30_000, 60_000];

class LiveHints extends HTMLElement {
  connectedCallback() {
    this.due = new Set();
    this.held = new Map();
    this.failures = 0;
    this.wasOpen = false;
    this.seen = () => (document.hidden ? this.leave() : this.comeBack());
    this.settle = () => this.release();
    document.addEventListener("visibilitychange", this.seen);
    document.addEventListener("toggle", this.settle, true);
    document.addEventListener("focusout", this.settle);
    this.open();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.seen);
    document.removeEventListener("toggle", this.settle, true);
    document.removeEventListener("focusout", this.settle);
    clearTimeout(this.resting);
    this.close();
  }

  // Over HTTP/1.1 a browser opens six connections to a host: the tabs behind this one must leave it some.
  leave() {
    this.resting ??= setTimeout(() => this.close(), RESTS_AFTER);
  }

  comeBack() {
    clearTimeout(this.resting);
    this.resting = null;
    if (this.source?.readyState !== EventSource.OPEN) this.open();
  }

  close() {
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    clearInterval(this.poll);
    this.silence = this.poll = null;
    this.source?.close();
  }

  open() {
    clearTimeout(this.retry);
    this.source?.close();
    this.source = new EventSource(this.dataset.url);
    this.source.onopen = () => this.opened();
    this.source.onmessage = (event) => this.hint(event.data.split("\n"));
    this.source.onerror = () => this.lost();
  }

  opened() {
    clearTimeout(this.silence);
    clearInterval(this.poll);
    this.silence = this.poll = null;
    this.failures = 0;
    this.state?.remove();
    // Hints are never repeated, so whatever was missed is asked for.
    if (this.wasOpen) this.refreshAll();
    this.wasOpen = true;
  }

  lost() {
    this.silence ??= setTimeout(() => this.showLost(), QUIET);
    if (this.source.readyState !== EventSource.CLOSED) return;
    // The browser tries again by itself after a broken line, but not after a refusal.
    this.retry = setTimeout(() => this.open(), RETRY[Math.min(this.failures, RETRY.length - 1)]);
    this.failures += 1;
    if (this.failures > 2) this.poll ??= setInterval(() => document.hidden || this.refreshAll(), POLL);
  }

  showLost() {
    this.state ??= make("div", { class: "live-state", role: "status" }, icon("wifi-off"), say("reconnecting"));
    document.body.append(this.state);
  }

  hint(topics) {
    if (topics.includes("refresh")) return this.refreshAll();
    for (const element of document.querySelectorAll("[data-live]")) {
      const wanted = element.dataset.live.split(" ");
      if (topics.some((topic) => wanted.includes(topic))) this.want(element);
    }
  }

  refreshAll() {
    document.querySelectorAll("[data-live]").forEach((element) => this.want(element));
  }

  want(element) {
    if (element.hasAttribute("data-live-calm") && isLookedAt(element)) {
      this.hold(element);
      return;
    }
    this.due.add(element);
    this.gathering ??= setTimeout(() => {
      this.gathering = null;
      for (const each of this.due) refresh(each);
      this.due.clear();
    }, GATHER);
  }

  hold(element) {
    const held = this.held.get(element) ?? this.pill(element);
    held.count += 1;
    held.button.textContent = say("news", { n: held.count > 99 ? "99+" : held.count });
  }

  pill(element) {
    const button = make("button", { class: "button small", type: "button" });
    const pill = make("div", { class: "rows-pill", role: "status" }, button);
    const held = { count: 0, pill, button };
    button.addEventListener("click", () => this.let(element));
    element.addEventListener("pointerleave", this.settle, { once: true });
    element.before(pill);
    this.held.set(element, held);
    return held;
  }

  release() {
    // After the event: only then is it known where the focus went.
    setTimeout(() => [...this.held.keys()].filter((element) => !isLookedAt(element)).forEach((element) => this.let(element)));
  }

  let(element) {
    this.held.get(element)?.pill.remove();
    this.held.delete(element);
    refresh(element);
  }
}

function isLookedAt(element) {
  const pointed = matchMedia("(hover: hover)").matches && element.matches(":hover");
  return pointed || element.querySelector(":popover-open, :focus-visible") !== null;
}

async function refresh(element) {
  if (!element.isConnected) return;
  if (element.refreshing) {
    element.refreshAgain = true;
    return;
  }
  element.refreshing = true;
  try {
    await window.htmx.ajax("GET", element.dataset.liveUrl, { source: element, target: element, swap: "outerMorph" });
  } finally {
    element.refreshing = false;
    if (element.refreshAgain) {
      element.refreshAgain = false;
      refresh(element);
    }
  }
}

customElements.define("live-hints", LiveHints);
