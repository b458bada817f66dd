// "Are you sure?", in our own dialog: for hx-confirm, and for data-confirm on a form or its button. Without scripts nothing asks.
import { make, say } from "ui/words";

/** Resolves to whether the person said yes; Escape says no. The safe answer has the focus. */
export function ask(question, yes = say("confirmYes")) {
  const no = make("button", { class: "button", value: "no", autofocus: true }, say("confirmNo"));
  const sure = make("button", { class: "button primary danger", value: "yes" }, yes);
  const form = make("form", { method: "dialog", class: "button-row end" }, no, sure);
  const dialog = make("dialog", { class: "dialog", "aria-label": question }, make("p", {}, question), form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) =>
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    }),
  );
}

export function start() {
  document.addEventListener("htmx:confirm", async (event) => {
    const question = event.detail.ctx?.confirm;
    if (!question) return;
    event.preventDefault();
    if (await ask(question)) event.detail.issueRequest();
    else event.detail.dropRequest();
  });
  document.addEventListener(
    "submit",
    async (event) => {
      const { target: form, submitter } = event;
      const asking = submitter?.dataset.confirm ? submitter : form;
      if (!asking.dataset.confirm || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!(await ask(asking.dataset.confirm, asking.dataset.confirmYes))) return;
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
      delete form.dataset.confirmed;
    },
    { capture: true },
  );
}
