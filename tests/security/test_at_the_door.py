"""The product as it stands on the network, behind a proxy that speaks TLS: what every answer carries, and what none gives away."""

from __future__ import annotations

import http.client
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest

from mainstay import __version__
from tests.product import ROOT, Product, running

HOST = "help.journeyware.example"
PAGES = ["/", "/help/", "/help/ask", "/account/sign-in", "/account/password/forgotten", "/healthz", "/desk/", "/profile/"]
ERRORS = ["/nowhere", "/setup/", "/help/case/nothing", "/join/0", "/face/0", "/%00", "/../../etc/passwd"]
OTHERS = ["/static/nothing.css", "/events", "/events?x"]


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str

    @property
    def cookies(self) -> SimpleCookie:
        found = SimpleCookie()
        for line in self.headers.get_all("Set-Cookie") or []:
            found.load(line)
        return found


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BASE_URL", f"https://{HOST}")
        patch.setenv("TRUSTED_PROXIES", "127.0.0.0/8")
        with running(tmp_path_factory.mktemp("product"), "start") as product:
            furnish = "import django; django.setup(); from tests.cast import Cast; Cast.assemble()"
            changes = {"DATA": str(product.data), "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "mainstay.settings"}
            subprocess.run([sys.executable, "-c", furnish], cwd=ROOT, env=os.environ | changes, check=True, timeout=120)
            yield product


def ask(product: Product, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
    line = http.client.HTTPConnection("127.0.0.1", product.http, timeout=30)
    given = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in given.items():
        line.putheader(name, value)
    if body is not None:
        line.putheader("Content-Length", str(len(body)))
    line.endheaders(body)
    answer = line.getresponse()
    return Answer(answer.status, answer.headers, answer.read().decode("utf-8", "replace"))


def raw(product: Product, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", product.http), timeout=20) as line:
        line.sendall(request)
        said = b""
        while piece := line.recv(65_536):
            said += piece
    return said


def a_style_sheet(product: Product) -> str:
    found = re.search(r'href="(/static/[^"]+\.css)"', ask(product, "/help/").body)
    assert found is not None
    return found[1]


def everything(product: Product) -> dict[str, Answer]:
    """An answer of each kind, by what was asked."""
    answers = {path: ask(product, path) for path in [*PAGES, *ERRORS, *OTHERS, a_style_sheet(product)]}
    answers["a form without its proof"] = ask(product, "/help/ask", "POST", b"goal=x", Content_Type="application/x-www-form-urlencoded")
    answers["a wrong method"] = ask(product, "/help/thanks/x", "PUT", b"")
    answers["another host"] = ask(product, "/help/", Host="mallory.test")
    answers["too large"] = ask(product, "/help/ask", "POST", b"x" * (27 * 1024 * 1024), Content_Type="multipart/form-data; boundary=x")
    return answers


@pytest.fixture(scope="module")
def answers(product: Product) -> dict[str, Answer]:
    return everything(product)


@pytest.mark.security("S-098")
def test_every_answer_of_every_kind_carries_what_protects_it(answers: dict[str, Answer]) -> None:
    for asked, answer in answers.items():
        headers = answer.headers
        assert headers["X-Content-Type-Options"] == "nosniff", asked
        if "text/plain" not in headers.get("Content-Type", ""):
            assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, asked
            assert "max-age=31536000" in headers["Strict-Transport-Security"], asked
        if "text/html" in headers.get("Content-Type", "text/html"):
            assert "default-src 'none'" in headers["Content-Security-Policy"], asked
            assert "unsafe" not in headers["Content-Security-Policy"], asked


@pytest.mark.security("S-072")
def test_no_page_can_be_framed_by_another_site(answers: dict[str, Answer]) -> None:
    for asked, answer in answers.items():
        if "text/html" in answer.headers.get("Content-Type", ""):
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], asked
        assert answer.headers.get("Cross-Origin-Resource-Policy", "same-origin") == "same-origin", asked


@pytest.mark.security("S-098")
def test_cookies_are_bound_to_this_host_and_hidden_from_scripts(product: Product, answers: dict[str, Answer]) -> None:
    found = {name: cookie for answer in answers.values() for name, cookie in answer.cookies.items() if cookie.value}
    assert "__Host-csrf" in found
    for name, cookie in found.items():
        assert name.startswith("__Host-")
        assert (cookie["secure"], cookie["httponly"], cookie["path"], cookie["domain"]) == (True, True, "/", ""), name
        assert cookie["samesite"] in {"Lax", "Strict"}


@pytest.mark.security("S-063")
@pytest.mark.parametrize(
    "host", ["mallory.test", f"{HOST}.mallory.test", f"mallory.test#{HOST}", f"{HOST}@mallory.test", f"{HOST}:80@x", ""]
)
def test_a_host_that_is_not_ours_gets_no_page(product: Product, host: str) -> None:
    for path in PAGES:
        answer = ask(product, path, Host=host)
        assert answer.status == 400, path
        assert "mallory" not in answer.body


@pytest.mark.security("S-063")
def test_no_address_on_any_page_comes_from_what_the_browser_says(product: Product) -> None:
    forged = {
        "X_Forwarded_Host": "mallory.test",
        "Forwarded": "host=mallory.test",
        "X_Original_URL": "//mallory.test",
        "X_Host": "mallory.test",
    }
    for path in PAGES:
        answer = ask(product, path, **forged)
        assert answer.status < 400 or answer.status == 503, path
        assert "mallory" not in f"{answer.headers} {answer.body}", path


@pytest.mark.security("S-063")
@pytest.mark.parametrize("asked", ["http://mallory.test/help/", "//mallory.test/help/", "http://mallory.test@x/help/"])
@pytest.mark.parametrize("hosts", [["mallory.test"], [HOST], [HOST, "mallory.test"], []])
def test_an_absolute_address_or_a_second_host_is_no_way_round(product: Product, asked: str, hosts: list[str]) -> None:
    lines = [f"GET {asked} HTTP/1.1", *(f"Host: {host}" for host in hosts), "Connection: close"]
    head, _, body = raw(product, "\r\n".join([*lines, "", ""]).encode()).partition(b"\r\n\r\n")
    assert b"mallory" not in body
    assert b"location: http://mallory" not in head.lower() and b"location: //mallory" not in head.lower()
    if hosts != [HOST]:
        assert head.startswith((b"HTTP/1.1 400", b"HTTP/1.1 404"))


@pytest.mark.security("S-099")
def test_no_answer_tells_what_is_inside(answers: dict[str, Answer]) -> None:
    for asked, answer in answers.items():
        told = f"{answer.headers}\n{answer.body}"
        for word in ("Traceback", "django", "Django", "uvicorn", "Python/", "SELECT ", "mainstay/", __version__, "/root", "/home"):
            assert word not in told, (asked, word)
        assert "Server" not in answer.headers, asked


@pytest.mark.security("S-099")
@pytest.mark.parametrize("path", ERRORS)
def test_every_error_is_a_page_of_ours(answers: dict[str, Answer], path: str) -> None:
    answer = answers[path]
    assert answer.status == 404
    assert "<h1" in answer.body
    assert path.strip("/") not in re.sub(r"<[^>]*>", "", answer.body)


@pytest.mark.security("S-082")
@pytest.mark.parametrize(
    "path",
    [
        "/static/../secret.key",
        "/static/..%2f..%2fsecrets.key",
        "/static/%2e%2e/%2e%2e/mainstay.sqlite3",
        "/static//etc/passwd",
        "/static/..\\..\\secret.key",
        "/face/..%2fsecret.key",
        "/help/case/..%2f..%2fsecret.key",
        "/desk/files/..%2f..%2fsecret.key/x",
    ],
)
def test_no_path_leads_out_of_what_is_served(product: Product, path: str) -> None:
    answer = ask(product, path)
    assert answer.status in {301, 302, 303, 400, 404}
    for name in ("secret.key", "secrets.key"):
        assert (product.data / name).read_text() not in answer.body
    assert "root:" not in answer.body
