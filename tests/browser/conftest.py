"""The real browser before the real product. A word on the console, a request off the page or a failed one fails the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from tests.product import Product, running

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": "/usr/bin/chromium", "args": FLAGS}


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The demo desk with sixty cases."""
    with running(tmp_path_factory.mktemp("demo"), "demo", "--cases", "60") as demo:
        yield demo


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An installation that nobody has set up yet."""
    with running(tmp_path_factory.mktemp("fresh"), "start") as new:
        yield new


class Watch:
    """What the browser complains about."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        self.allowed: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._note(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            self.complaints.append(f"request off the page: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 500:
            self._note(f"{response.status} {response.url}")

    def _note(self, complaint: str) -> None:
        if not any(word in complaint for word in self.allowed):
            self.complaints.append(complaint)


@pytest.fixture
def watch(page: Page) -> Iterator[Watch]:
    found = Watch(page)
    yield found
    assert not found.complaints, found.complaints


@pytest.fixture
def signed_in(context: BrowserContext, product: Product) -> BrowserContext:
    """Maya is signed in, by the demo's one click."""
    sign_in(context, product, "Maya Ortiz")
    return context


def sign_in(context: BrowserContext, product: Product, name: str) -> None:
    page = context.new_page()
    page.goto(f"{product.address}/demo/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url("**/desk/**")
    page.close()


def axe_finds(page: Page) -> list[str]:
    """What axe-core complains about on the page as it stands (WCAG 2.2 A and AA)."""
    page.evaluate(AXE)
    found = page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
        ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + (n.any[0]||{message:''}).message)"
        ".slice(0, 4).join(' | ')))"
    )
    return list(found)
