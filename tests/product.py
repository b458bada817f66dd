"""The whole product as an operator runs it: real processes on free loopback ports, ended by process id."""

from __future__ import annotations

import http.client
import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Product:
    """A running installation."""

    data: Path
    http: int
    smtp: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    def mail(self, *, sender: str, subject: str, body: str, to: str = "support@demo.example", **headers: str) -> str:
        """Send a mail through the real listener; returns its Message-ID."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Message-ID"] = headers.pop("message_id", f"<{time.monotonic_ns()}@customer.example>")
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content(body)
        with smtplib.SMTP("127.0.0.1", self.smtp, timeout=20) as server:
            server.send_message(message)
        return str(message["Message-ID"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(data: Path, *words: str, database: str = "", log_level: str = "WARNING") -> Iterator[Product]:
    """`mainstay WORDS` with its own data folder and ports, until the block ends."""
    http_port, smtp_port = free_port(), free_port()
    environment = {
        **os.environ,
        "DATA": str(data),
        "HTTP": f"127.0.0.1:{http_port}",
        "SMTP": f"127.0.0.1:{smtp_port}",
        "DATABASE_URL": database,
        "LOG_LEVEL": log_level,
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    log = (data / "product.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "mainstay", *words], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
    )
    product = Product(data, http_port, smtp_port, process)
    try:
        _wait_until_it_answers(product)
        yield product
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
        log.close()


def _wait_until_it_answers(product: Product, seconds: float = 180) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if product.process.poll() is not None:
            break
        try:
            web = http.client.HTTPConnection("127.0.0.1", product.http, timeout=5)
            web.request("GET", "/healthz")
            web.getresponse().read()
            socket.create_connection(("127.0.0.1", product.smtp), timeout=5).close()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
    raise AssertionError(f"the product did not start:\n{(product.data / 'product.log').read_text()[-4000:]}")
