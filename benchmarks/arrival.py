"""New mail to the open page: from the listener's 250 to the row on the screen (the gate: 2 s at the 95th percentile).

    DATABASE_URL=postgresql://root@127.0.0.1:5432/NAME python benchmarks/arrival.py [--mails 60] [--seed 1]

The whole product runs as an operator runs it, with the demo's cases; "All open" stands in Debian's chromium, and nobody touches it.
The mails come one after another at random intervals, so that they meet every moment of what runs by the clock. A row counts from the
frame in which it is painted. Give it an empty database; without DATABASE_URL it makes a SQLite file.
"""

from __future__ import annotations

import argparse
import os
import random
import smtplib
import sys
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.browsing import CHROMIUM, FLAGS, sign_in
from tests.product import Product, running

GATE = 2.0
PATIENCE = 30_000
# Subject → when it was painted, by the machine's clock, which is also ours.
PAINTED = """
() => {
  window.painted = {};
  const look = () => requestAnimationFrame(() => setTimeout(() => {
    for (const subject of document.querySelectorAll(".row-subject")) window.painted[subject.textContent.trim()] ??= Date.now();
  }));
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
}
"""


def main() -> int:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="arrival-") as folder, sync_playwright() as playwright:
        words = ("demo", "--cases", str(options.cases))
        with running(Path(folder), *words, database=os.environ.get("DATABASE_URL", "")) as product:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            context = browser.new_context(base_url=product.address, viewport={"width": 1440, "height": 900})
            sign_in(context, product, "Maya Ortiz")
            page = context.new_page()
            page.goto("/desk/open/")
            page.evaluate(PAINTED)
            seconds = sorted(measure(product, page, options.mails, random.Random(options.seed)))
            browser.close()
    median, late = seconds[len(seconds) // 2], seconds[int(len(seconds) * 0.95)]
    kind = "PostgreSQL" if os.environ.get("DATABASE_URL") else "SQLite"
    print(
        f"new mail to the open page, {kind}, {len(seconds)} mails: median {median:.2f} s, 95th percentile {late:.2f} s, gate {GATE:.0f} s"
    )
    return 0 if late <= GATE else 1


def measure(product: Product, page: Page, count: int, dice: random.Random) -> list[float]:
    """Seconds from the 250 to the painted row, for each mail. The first one warms everything up and does not count."""
    taken: dict[str, float] = {}
    for number in range(count + 1):
        time.sleep(dice.uniform(0.1, 1.5))
        subject = f"Arrival {number} {dice.randrange(10**9)}"
        taken[subject] = _hand_in(product, subject, number)
        page.wait_for_function("subject => subject in window.painted", arg=subject, timeout=PATIENCE)
    painted = page.evaluate("window.painted")
    return [painted[subject] / 1000 - at for subject, at in taken.items()][1:]


def _hand_in(product: Product, subject: str, number: int) -> float:
    """Over SMTP; returns the moment of the 250."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"customer{number}@arrival.example", "support@demo.example", subject
    message["Message-ID"] = f"<{number}@arrival.example>"
    message.set_content("The export stops after page twelve, and nothing is written to the file.\n")
    with smtplib.SMTP("127.0.0.1", product.smtp, timeout=20) as server:
        server.send_message(message)
        return time.time()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--mails", type=int, default=60)
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
