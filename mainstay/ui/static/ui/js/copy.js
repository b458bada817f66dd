// data-copy="…": one click puts it on the clipboard and says so.
import { say } from "ui/words";

export function start() {
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      return; // Not allowed here (no https, no focus): the words can still be selected by hand.
    }
    button.classList.add("is-done");
    const label = button.title;
    button.title = say("copied");
    setTimeout(() => {
      button.classList.remove("is-done");
      button.title = label;
    }, 1500);
  });
}
