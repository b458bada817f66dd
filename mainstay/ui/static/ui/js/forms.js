// A button that was pressed says so, is not pressed twice, and what went wrong is said in words.
import { toast } from "ui/toasts";
import { say } from "ui/words";

const SENTENCES = { 401: "refused", 403: "refused", 404: "gone", 409: "gone", 413: "large", 429: "many" };

function rest(form) {
  delete form.dataset.sending;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
}

function begin(event) {
  const form = event.target;
  if (form.method === "dialog") return;
  if (form.dataset.sending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.sending = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  // Downloads and pages that never come must not leave the form dead.
  setTimeout(() => rest(form), 8000);
}

export function start() {
  // Captured, so that it comes before htmx, which would queue a second press.
  document.addEventListener("submit", begin, { capture: true });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(rest));
  document.addEventListener("htmx:finally:request", () => document.querySelectorAll("form[data-sending]").forEach(rest));
  document.addEventListener("htmx:response:error", (event) => {
    const status = event.detail.ctx.response.status;
    if (status !== 422) toast(say(SENTENCES[status] ?? "broken"));
  });
  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx?.request) toast(say("offline"));
  });
}
