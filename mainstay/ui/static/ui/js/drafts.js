// <draft-keeper data-url data-name> inside a form: what is typed is never lost. Every two seconds after a change, and when the
// page is left, the form's fields go to the server; until it has answered, a copy stays in this browser and comes back from it.
// data-name has to change once the draft was sent, or old words would come back.
import { say } from "ui/words";

const WAIT = 2_000;
const PREFIX = "mainstay:draft:";
const OLD = 30 * 24 * 3600 * 1000;
const OWN = new Set(["csrfmiddlewaretoken", "do", "next"]);

class DraftKeeper extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.key = PREFIX + this.dataset.name;
    if (!this.form) return;
    this.stop = new AbortController();
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.stop.signal });
    on(this.form, "input", () => this.changed());
    on(this.form, "change", () => this.changed());
    on(this.form, "focusout", () => this.save());
    on(this.form, "submit", (event) => this.submitted(event));
    on(this.form, "htmx:response:error", () => (this.isSent = false));
    on(this.form, "htmx:error", () => (this.isSent = false));
    on(window, "pagehide", () => this.save(true));
    on(window, "online", () => this.changed());
    // The form's later fields are not parsed yet when the page is still loading.
    if (document.readyState === "loading") on(document, "DOMContentLoaded", () => this.restore());
    else queueMicrotask(() => this.restore());
  }

  disconnectedCallback() {
    if (this.isChanged) this.save(true);
    clearTimeout(this.timer);
    this.stop?.abort();
  }

  fields() {
    return [...new FormData(this.form)].filter(([name, value]) => typeof value === "string" && !OWN.has(name));
  }

  changed() {
    if (this.isSent) return;
    this.isChanged = true;
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), WAIT);
  }

  keep() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ at: Date.now(), fields: this.fields() }));
    } catch {
      // A full or forbidden store: the server's copy is then the only one.
    }
  }

  submitted(event) {
    if (event.defaultPrevented) return;
    clearTimeout(this.timer);
    this.keep();
    this.isSent = true;
  }

  async save(leaving = false) {
    if (!this.isChanged || this.isSent || this.isSaving) return;
    clearTimeout(this.timer);
    this.isChanged = false;
    this.isSaving = true;
    const body = new URLSearchParams(this.fields());
    body.set("csrfmiddlewaretoken", this.form.elements.csrfmiddlewaretoken?.value ?? "");
    let isKept = false;
    try {
      if (!leaving) this.show(say("saving"));
      // A redirect is the sign-in page: that is no answer to a draft.
      isKept = (await fetch(this.dataset.url, { method: "POST", body, keepalive: leaving, redirect: "manual" })).ok;
    } catch {
      isKept = false;
    }
    this.isSaving = false;
    this.answered(isKept);
  }

  answered(isKept) {
    if (!isKept) {
      this.isChanged = true;
      this.show(say("keptHere"), true);
      this.timer = setTimeout(() => this.save(), 10 * WAIT);
      return;
    }
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
    this.show(say("saved", { time }));
    if (this.isChanged) this.timer = setTimeout(() => this.save(), WAIT);
    else localStorage.removeItem(this.key);
  }

  restore() {
    forgetOld();
    const kept = read(this.key);
    if (!kept || JSON.stringify(kept.fields) === JSON.stringify(this.fields())) return;
    const values = Map.groupBy(kept.fields, ([name]) => name);
    for (const element of this.form.elements) {
      if (!element.name || OWN.has(element.name) || element.type === "file" || element.type === "hidden") continue;
      const wanted = (values.get(element.name) ?? []).map(([, value]) => value);
      if (element.type === "checkbox" || element.type === "radio") element.checked = wanted.includes(element.value);
      else if (wanted.length) element.value = wanted[0];
    }
    this.show(say("restored"));
    this.changed();
  }

  show(words, bad = false) {
    const state = this.form.querySelector("[data-draft-state]");
    if (!state) return;
    state.textContent = words;
    state.classList.toggle("bad", bad);
  }
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

function forgetOld() {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(PREFIX))) {
    if (Date.now() - (read(key)?.at ?? 0) > OLD) localStorage.removeItem(key);
  }
}

customElements.define("draft-keeper", DraftKeeper);
