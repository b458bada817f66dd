// Everything that a page may need is small and starts here; the composer's part comes only where there is a composer.
import * as confirm from "ui/confirm";
import * as copy from "ui/copy";
import "ui/drafts";
import * as forms from "ui/forms";
import * as keys from "ui/keys";
import "ui/live";
import * as times from "ui/times";
import * as toasts from "ui/toasts";

for (const module of [confirm, copy, forms, keys, times, toasts]) module.start();

async function composer() {
  if (!document.querySelector(".composer")) return;
  const writing = await import("ui/writing");
  writing.ready();
}

composer();
document.addEventListener("htmx:after:swap", composer);
