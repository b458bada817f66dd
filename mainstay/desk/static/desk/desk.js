// The send button says to whom it sends, so it follows the ticks.
function label(form) {
  const words = form.querySelector("[data-send-words]")?.dataset;
  const shown = form.querySelector("button[data-send][value=send] > span");
  if (!words || !shown) return;
  const ticked = [...form.querySelectorAll("input[name=to]:checked")];
  const name = ticked[0]?.labels[0]?.querySelector("span")?.textContent.trim().split(/\s+/)[0] ?? "";
  const sentence = [words.nobody, words.one][ticked.length] ?? words.more;
  shown.textContent = sentence.replace("{name}", name).replace("{more}", ticked.length - 1);
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.(".composer input[name=to]")) label(event.target.form);
});

// On a phone the page itself scrolls: it opens at what was said last, and the composer follows. A case that wants its first look,
// a problem to be read first, a link to one message, and the way back stay where they are.
function openAtTheEnd() {
  const isElsewhere = location.hash || performance.getEntriesByType("navigation")[0]?.type !== "navigate";
  if (isElsewhere || matchMedia("(min-width: 761px)").matches || document.querySelector(".first-touch, .case-problem")) return;
  [...document.querySelectorAll("#thread :is(.message:not(.letter), .team-note)")].at(-1)?.scrollIntoView();
}

openAtTheEnd();
