// Toasts go away by themselves, except bad news and while somebody looks at them.
import { icon, make, say } from "ui/words";

const STAY = 6;

/** Shows words that no server sent, such as that it can't be reached. The same words are not piled up. */
export function toast(text, bad = true) {
  const shelf = document.getElementById("toasts");
  if (!shelf || [...shelf.children].some((shown) => shown.querySelector("p")?.textContent === text)) return;
  const slot = make("span", { class: "icon-slot" }, icon(bad ? "circle-alert" : "circle-check"));
  const close = make("button", { class: "button small quiet icon-only", type: "button", "data-dismiss": true, "aria-label": say("close") }, icon("x"));
  shelf.append(make("div", { class: bad ? "toast bad" : "toast", "data-toast": true }, slot, make("p", {}, text), close));
}

function keep(toast) {
  if (toast.dataset.kept) return;
  toast.dataset.kept = "yes";
  toast.querySelector("[data-dismiss]")?.removeAttribute("hidden");
  if (toast.classList.contains("bad")) return;
  const undoable = Number(toast.dataset.seconds);
  let left = undoable || STAY;
  const counter = toast.querySelector("[data-countdown]");
  const clock = setInterval(() => {
    // An undo's time runs on the server, so it runs here too; anything else waits while it is looked at.
    if (!undoable && toast.matches(":hover, :focus-within")) return;
    left -= 1;
    if (counter) counter.textContent = Math.max(left, 0);
    if (left <= 0 || !toast.isConnected) {
      clearInterval(clock);
      toast.remove();
    }
  }, 1000);
}

export function start() {
  const shelf = document.getElementById("toasts");
  if (!shelf) return;
  const look = () => shelf.querySelectorAll("[data-toast]").forEach(keep);
  new MutationObserver(look).observe(shelf, { childList: true });
  look();
  document.addEventListener("click", (event) => event.target.closest?.("[data-dismiss]")?.closest("[data-toast]")?.remove());
}
