"""The real browser before the real product: how it starts, what it must not complain about, and who signs in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, WebError

from tests.product import Product

AXE = (Path(__file__).parent / "browser" / "vendor" / "axe.min.js").read_text()
# WCAG 2.2 A and AA on the page as it stands; a sentence for each kind of complaint, with the places where it was found.
AXE_RUN = """
() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], resultTypes: ["violations"]})
  .then((all) => all.violations.map((one) => `${one.id}: ` + one.nodes.slice(0, 4)
    .map((node) => `${node.target.join(" ")} ${node.any[0]?.message ?? ""}`).join(" | ")))
"""
CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": FLAGS}


class Watch:
    """What the browser complains about on all pages of a context: a word on the console, an error, a request off the product, an
    answer of 500. Chromium notes every answer of 400 and more on the console; `allow` names the statuses that are meant."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        self.allowed: set[int] = set()
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("response", self._response)

    def allow(self, *statuses: int) -> None:
        self.allowed = set(statuses)

    def over(self) -> None:
        """Nothing was complained about since the last time."""
        found, self.complaints = self.complaints, []
        assert found == []

    def _console(self, message: ConsoleMessage) -> None:
        meant = any(
            message.text.startswith(f"Failed to load resource: the server responded with a status of {one} ") for one in self.allowed
        )
        if message.type in {"error", "warning"} and not meant:
            where = message.page.url if message.page else ""
            self.complaints.append(f"console {message.type} on {where}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.complaints.append(f"error: {error.error}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.complaints.append(f"request off the page: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"{response.status} {response.url}")


class Watched:
    """A browser of its own before a product, whose one page goes from test to test; each looks at its own complaints."""

    def __init__(self, browser: Browser, product: Product) -> None:
        self.context = browser.new_context(base_url=product.address, viewport={"width": 1440, "height": 900})
        self.watch = Watch(self.context)
        self.first = self.context.new_page()

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *ignored: object) -> None:
        self.context.close()

    @contextmanager
    def page(self, *meant: int) -> Iterator[Page]:
        """The page; answers with these statuses are meant."""
        self.watch.allow(*meant)
        try:
            yield self.first
        except BaseException:
            self.watch.complaints.clear()
            raise
        self.watch.over()


def sign_in(context: BrowserContext, product: Product, name: str) -> None:
    """By the demo's one click."""
    page = context.new_page()
    page.goto(f"{product.address}/demo/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/desk/**")
    page.close()
