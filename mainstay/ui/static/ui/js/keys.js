// Single-letter keys: an element says data-key="r" or, for two in a row, data-key="g q". They work while no field has the
// focus, go by the character that was produced (not by where the key sits), and can be turned off for this browser.
import { make, say } from "ui/words";

const SWITCH = "mainstay:keys";
const SEQUENCE = 1200;
let begun = "";
let begunAt = 0;

const isOn = () => localStorage.getItem(SWITCH) !== "off";
const isField = (element) => element.matches("input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]");
const isShown = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true;

function labelOf(element) {
  const label = element.getAttribute("aria-label") || element.labels?.[0]?.textContent || element.querySelector("span")?.textContent || element.textContent;
  return label.trim().replace(/\s+/g, " ");
}

function keyed() {
  const found = new Map();
  for (const element of document.querySelectorAll("[data-key]")) {
    if (isShown(element) && !element.disabled && !found.has(element.dataset.key)) found.set(element.dataset.key, element);
  }
  return found;
}

function press(element) {
  if (isField(element)) element.focus();
  else element.click();
  if (element.matches(".composer input[type=radio]")) element.form.querySelector("textarea")?.focus();
}

function step(rows, by) {
  const at = rows.indexOf(document.activeElement.closest?.(".row") ?? document.querySelector(".row[aria-current]"));
  const row = rows[Math.min(Math.max(at + by, 0), rows.length - 1)];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

function sheet() {
  const line = (keys, label) => make("div", {}, make("dt", {}, label), make("dd", {}, ...keys.map((key) => make("kbd", {}, key))));
  const rows = document.querySelector(".row") ? [line(["J"], say("keyNext")), line(["K"], say("keyPrevious"))] : [];
  const own = [...keyed()].map(([key, element]) => line(key.toUpperCase().split(" "), labelOf(element)));
  const send = document.querySelector("[data-send]") ? [line(["Ctrl", "↵"], say("keySend"))] : [];
  const list = make("dl", { class: "keys" }, ...rows, ...own, ...send, line(["?"], say("keyHelp")));
  const flip = make("button", { class: "button small" }, say(isOn() ? "keysOff" : "keysOn"));
  // At the press, not when the dialog says that it has closed: that comes later than the next key can.
  flip.addEventListener("click", () => localStorage.setItem(SWITCH, isOn() ? "off" : "on"));
  const close = make("button", { class: "button small primary", autofocus: true }, say("close"));
  const form = make("form", { method: "dialog", class: "button-row end" }, flip, close);
  const dialog = make("dialog", { class: "dialog wide", "aria-label": say("keys") }, make("h2", {}, say("keys")), make("p", { class: "hush small" }, say("keysHelp")), list, form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function pressed(event) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  if (isField(event.target) || document.querySelector("dialog[open]:modal, :popover-open")) return;
  if (event.key === "?") {
    sheet();
    event.preventDefault();
    return;
  }
  if (!isOn()) return;
  const key = event.key.toLowerCase();
  const known = keyed();
  const sequence = Date.now() - begunAt < SEQUENCE ? `${begun} ${key}` : "";
  const element = known.get(sequence) ?? known.get(key);
  begun = key;
  begunAt = Date.now();
  const rows = [...document.querySelectorAll("a.row")];
  if (element) press(element);
  else if ("jk".includes(key) && rows.length) step(rows, key === "j" ? 1 : -1);
  else return;
  event.preventDefault();
}

export function start() {
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-keys]")) sheet();
    const row = event.target.closest?.(".row[data-htmx-powered]");
    if (!row || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // The list is not asked for again when a case opens beside it, so its mark moves here.
    document.querySelectorAll(".row[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    row.setAttribute("aria-current", "true");
  });
}
