// What is left of a promise goes on counting. Only minutes and hours tick; "Mon 9:00" stays what the server wrote.
import { say } from "ui/words";

const EVERY = 15_000;
const MINUTE = 60_000;
const STATES = ["calm", "soon", "late"];

/** The same words as mainstay.ui.words.due_words, or null where they do not change from minute to minute. */
export function dueWords(dueAt, now) {
  const late = Math.floor((now - dueAt) / MINUTE);
  if (now > dueAt) {
    if (late < 60) return say("lateMinutes", { n: Math.max(late, 1) });
    return late < 24 * 60 ? say("lateHours", { n: Math.floor(late / 60) }) : null;
  }
  const left = Math.floor((dueAt - now) / MINUTE);
  if (left < 1) return say("now");
  if (left < 60) return say("minutes", { n: left });
  if (left >= 180) return null;
  return say("hoursMinutes", { h: Math.floor(left / 60), mm: String(left % 60).padStart(2, "0") });
}

function tick() {
  const now = Date.now();
  for (const time of document.querySelectorAll("time[data-due]")) {
    const promise = time.closest(".promise");
    if (promise && !STATES.some((state) => promise.classList.contains(state))) continue;
    const dueAt = Date.parse(time.dateTime);
    const words = dueWords(dueAt, now);
    if (words && words !== time.textContent) time.textContent = words;
    const state = dueAt < now ? "late" : dueAt - now < 120 * MINUTE ? "soon" : "calm";
    if (promise && !promise.classList.contains(state)) {
      promise.classList.remove(...STATES);
      promise.classList.add(state);
    }
  }
}

export function start() {
  setInterval(tick, EVERY);
  document.addEventListener("visibilitychange", () => document.hidden || tick());
}
