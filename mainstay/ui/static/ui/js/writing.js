// The composer: toolbar, preview, and files by paste, drop or choice. Loaded only where there is a composer.
import "ui/vendor/markdown-toolbar";
import { toast } from "ui/toasts";
import { icon, make, say } from "ui/words";

const LIMIT = 25 * 1024 * 1024;

function composerOf(event) {
  return event.target.closest?.(".composer");
}

/** Sends one file, shows how far it is, and puts a picture where the cursor was. */
function upload(form, file) {
  if (file.size > LIMIT) {
    toast(say("tooLarge", { name: file.name }));
    return;
  }
  const bar = make("progress", { max: "100", value: "0", "aria-label": say("uploading", { name: file.name }) });
  const chip = make("span", { class: "attachment" }, icon("paperclip"), make("span", { class: "attachment-name" }, file.name), bar);
  form.querySelector("[data-files]").append(chip);
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("file", file, file.name);
  const request = new XMLHttpRequest();
  request.upload.addEventListener("progress", (event) => event.lengthComputable && (bar.value = (100 * event.loaded) / event.total));
  request.addEventListener("loadend", () => {
    bar.remove();
    if (request.status >= 200 && request.status < 300) arrived(form, chip, JSON.parse(request.responseText));
    else failed(chip, file.name);
  });
  request.open("POST", form.dataset.uploadUrl);
  request.send(body);
}

function failed(chip, name) {
  chip.remove();
  toast(say("uploadFailed", { name }));
}

function arrived(form, chip, file) {
  const off = make("button", { class: "tag-off", type: "button", "aria-label": say("remove", { name: file.name }) }, icon("x"));
  off.addEventListener("click", () => {
    chip.remove();
    changed(form);
  });
  chip.append(make("input", { type: "hidden", name: "attachment", value: file.id }), off);
  if (file.picture && file.url) insert(form.querySelector("textarea"), `![${file.name.replace(/[[\]]/g, "")}](${file.url})`);
  changed(form);
}

function insert(field, words) {
  const before = field.value.slice(0, field.selectionStart);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  field.setRangeText(`${gap}${words}\n`, field.selectionStart, field.selectionEnd, "end");
}

function changed(form) {
  form.querySelector("textarea").dispatchEvent(new Event("input", { bubbles: true }));
}

function take(event, form, files) {
  if (!files?.length || !form?.dataset.uploadUrl) return;
  event.preventDefault();
  for (const file of files) upload(form, file);
}

async function preview(form, button) {
  const shown = button.getAttribute("aria-pressed") === "true";
  const field = form.querySelector("textarea");
  const pane = form.querySelector(".composer-preview");
  if (!shown) await window.htmx.ajax("POST", form.dataset.previewUrl, { source: pane, target: pane, values: previewed(form, field) });
  pane.hidden = shown;
  field.hidden = !shown;
  button.setAttribute("aria-pressed", String(!shown));
  if (shown) field.focus();
}

function previewed(form, field) {
  return { csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, text: field.value };
}

function send(form) {
  const buttons = [...form.querySelectorAll("[data-send]")];
  const button = buttons.find((each) => each.checkVisibility?.() ?? true);
  if (button && !button.disabled) form.requestSubmit(button);
}

document.addEventListener("paste", (event) => take(event, composerOf(event), [...(event.clipboardData?.files ?? [])]));
document.addEventListener("dragover", (event) => {
  const form = composerOf(event);
  if (!form?.dataset.uploadUrl || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  form.querySelector(".composer-box").classList.add("composer-drop");
});
document.addEventListener("dragleave", (event) => composerOf(event)?.querySelector(".composer-drop")?.classList.remove("composer-drop"));
document.addEventListener("drop", (event) => {
  composerOf(event)?.querySelector(".composer-drop")?.classList.remove("composer-drop");
  take(event, composerOf(event), [...(event.dataTransfer?.files ?? [])]);
});
document.addEventListener("change", (event) => {
  if (!event.target.matches?.(".composer input[type=file]")) return;
  take(event, composerOf(event), [...event.target.files]);
  if (composerOf(event).dataset.uploadUrl) event.target.value = "";
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-preview]");
  if (button) preview(button.form, button);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches?.(".composer textarea")) {
    event.preventDefault();
    send(event.target.form);
  }
});

/** Shows what only works with scripts. */
export function ready() {
  for (const button of document.querySelectorAll(".composer[data-preview-url] [data-preview]")) button.hidden = false;
}
