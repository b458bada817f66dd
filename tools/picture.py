"""Takes docs/desk.png from the running demo: `make run` elsewhere, then `.venv/bin/python tools/picture.py http://127.0.0.1:8000`."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent


def main(address: str) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{address}/demo/")
        page.get_by_role("button", name="Maya Ortiz").click()
        page.goto(f"{address}/desk/open/")
        page.locator("#queue-pane a[href*='/cases/']").nth(1).click()
        page.wait_for_timeout(1500)
        page.screenshot(path=ROOT / "docs" / "desk.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
