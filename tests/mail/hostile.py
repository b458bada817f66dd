"""Work for the parser's child that goes wrong in every way a parser can; the mail's own words choose the way."""

from __future__ import annotations

import os
import signal
import time

from mainstay.mail.parse import Letter, parse


def work(raw: bytes) -> Letter:
    if b"please die" in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    if b"please hang" in raw:
        time.sleep(600)
    if b"please spin" in raw:
        while True:
            pass
    if b"please eat" in raw:
        return Letter(text="x" * (2 << 30))
    if b"please lie" in raw:
        os.write(1, b"\x00\x00\x00\x02\x00\x00\x00\x00{}")
        os._exit(0)
    if b"please boast" in raw:
        os.write(1, b"\xff\xff\xff\xff\xff\xff\xff\xff")
        time.sleep(600)
    if b"please write" in raw:
        with open("/tmp/mainstay-child-was-here", "w") as file:
            file.write("x")
    if b"please raise" in raw:
        raise RuntimeError("a parser's own mistake")
    if b"please tell" in raw:
        return Letter(text=" ".join(sorted(os.environ)))
    return parse(raw)
