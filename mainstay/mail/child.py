"""The parser in a warm process of its own, with limits: a mail that eats time or memory costs that mail and nothing else.

Frames go both ways with a length before them. The answer is JSON for the words and raw bytes for the files, not a pickle: the
child handles hostile bytes, and were it ever taken over, a pickle would hand its parent over too. It gets no environment and no
open files, and can't write any.

Run as `python -m mainstay.mail.child FUNCTION`; importable without Django, so that it starts in a tenth of a second.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from mainstay.mail.parse import Bounce, File, Letter, Mailbox

MEMORY = 512 * 1024 * 1024
SMALL = 1_000_000
START_SECONDS = 30.0
LIFE = 5_000  # mails until a fresh one takes over, so that a slow leak stays small
ANSWER_CAP = 256 * 1024 * 1024
_LENGTH = struct.Struct("!I")
_OUT_OF_MEMORY = 3


class Unreadable(Exception):  # noqa: N818 - a finding about a mail, not a mistake of ours
    """This mail can't be parsed within the limits; `reason` says which, in plain words. The next mail can."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def cpu_seconds(size: int) -> float:
    """The processor time that a mail of this many bytes may take."""
    return 2.0 if size <= SMALL else 10.0


class Pending:
    """A mail that the child is reading; `result` waits for it, once."""

    def __init__(self, collect: Callable[[], Letter]) -> None:
        self._collect = collect
        self._letter: Letter | None = None
        self._failure: Unreadable | None = None
        self._done = False

    def result(self) -> Letter:
        """The letter. Raises Unreadable."""
        if not self._done:
            self._done = True
            try:
                self._letter = self._collect()
            except Unreadable as failure:
                self._failure = failure
        if self._letter is None:
            raise self._failure or Unreadable("the parser gave no answer")
        return self._letter


class ParserChild:
    """One child for one thread. It is started at the first mail and replaced when it dies or a limit trips.

    The kernel kills it when the thread that started it ends (PR_SET_PDEATHSIG looks at the thread, not at the process), so use it
    from one thread and close it there.
    """

    def __init__(self, work: str = "mainstay.mail.parse:parse", wall_seconds: float = 30.0) -> None:
        self.work, self.wall_seconds = work, wall_seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0
        self._open: Pending | None = None

    def __enter__(self) -> ParserChild:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def parse(self, raw: bytes) -> Letter:
        """Reads one mail. Raises Unreadable for this mail only."""
        return self.submit(raw).result()

    def submit(self, raw: bytes) -> Pending:
        """Hands a mail over and returns at once, so that the caller can write the last one's rows meanwhile.

        One mail at a time is in the child: submitting another waits for the one before.
        """
        if self._open is not None:
            with contextlib.suppress(Unreadable):
                self._open.result()
        try:
            self._send(raw)
        except OSError:
            failure = self._failed()
            self._open = Pending(lambda: _raise(failure))
            return self._open
        self._open = Pending(self._collect)
        return self._open

    def close(self) -> None:
        """Ends the child."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    def _send(self, raw: bytes) -> None:
        if self._process is not None and (self._served >= LIFE or self._process.poll() is not None):
            self.close()
        if self._process is None:
            self._start()
        self._served += 1
        assert self._process is not None and self._process.stdin is not None
        pipe = self._process.stdin.fileno()
        rest = memoryview(_LENGTH.pack(len(raw)) + raw)
        while rest:
            rest = rest[os.write(pipe, rest) :]

    def _start(self) -> None:
        root = str(Path(__file__).resolve().parents[2])
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "mainstay.mail.child", self.work],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env={"PYTHONPATH": root, "LC_ALL": "C.UTF-8"},
        )
        self._served = 0
        self._read(1, time.monotonic() + START_SECONDS)

    def _collect(self) -> Letter:
        self._open = None
        deadline = time.monotonic() + self.wall_seconds
        try:
            head, data = (_LENGTH.unpack(self._read(4, deadline))[0] for _ in range(2))
            if head + data > ANSWER_CAP:
                raise ValueError("too large")
            answer = self._read(head, deadline)
            return decode(answer, self._read(data, deadline))
        except TimeoutError:
            self.close()
            raise Unreadable(f"it took longer than {self.wall_seconds:g} s") from None
        except (EOFError, OSError):
            raise self._failed() from None
        except (ValueError, TypeError, KeyError) as error:
            self.close()
            raise Unreadable(f"the parser's answer makes no sense: {error or type(error).__name__}") from error

    def _read(self, size: int, deadline: float) -> bytes:
        """Exactly so many bytes. Raises TimeoutError, or EOFError when the child is gone."""
        assert self._process is not None and self._process.stdout is not None
        pipe = self._process.stdout.fileno()
        got = bytearray()
        while len(got) < size:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([pipe], [], [], left)[0]:
                raise TimeoutError
            piece = os.read(pipe, min(size - len(got), 1 << 20))
            if not piece:
                raise EOFError
            got += piece
        return bytes(got)

    def _failed(self) -> Unreadable:
        """Why the child ended, as far as its exit tells; the next mail starts another."""
        process = self._process
        code = None
        if process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = process.wait(timeout=2)
        self.close()
        if code == -signal.SIGPROF:
            return Unreadable("it took more processor time than a mail may take")
        if code == _OUT_OF_MEMORY:
            return Unreadable(f"it needed more than {MEMORY // 1024 // 1024} MB of memory")
        if code is not None and code < 0:
            return Unreadable(f"the parser was ended by {signal.Signals(-code).name}")
        return Unreadable(f"the parser ended with {code}")


def _raise(failure: Unreadable) -> Letter:
    raise failure


def encode(letter: Letter) -> tuple[bytes, bytes]:
    """A letter as JSON and, apart, the bytes of its files one after another."""
    values: dict[str, Any] = {name: getattr(letter, name) for name in Letter.__slots__}
    values["date"] = letter.date.isoformat() if letter.date else None
    for name in ("from_", "sender", "bounce"):
        values[name] = asdict(values[name]) if values[name] else None
    for name in ("reply_to", "to", "cc"):
        values[name] = [asdict(box) for box in values[name]]
    files = letter.attachments
    values["attachments"] = [[file.name, file.type, len(file.data), file.content_id, file.inline, file.sha256] for file in files]
    return json.dumps(values, ensure_ascii=False).encode("utf-8"), b"".join(file.data for file in files)


def decode(answer: bytes, data: bytes) -> Letter:
    """The letter that `encode` packed. Raises ValueError, TypeError or KeyError for anything else."""
    values: dict[str, Any] = json.loads(answer)
    values["date"] = datetime.fromisoformat(values["date"]) if values["date"] else None
    for name in ("from_", "sender"):
        values[name] = Mailbox(**values[name]) if values[name] else None
    for name in ("reply_to", "to", "cc"):
        values[name] = tuple(Mailbox(**box) for box in values[name])
    if values["bounce"]:
        values["bounce"] = Bounce(**{**values["bounce"], "recipients": tuple(values["bounce"]["recipients"])})
    values["headers"] = tuple((str(name), str(value)) for name, value in values["headers"])
    for name in ("references", "defects"):
        values[name] = tuple(map(str, values[name]))
    files, place = [], 0
    for name, type_, size, content_id, inline, digest in values["attachments"]:
        if size < 0 or place + size > len(data):
            raise ValueError("the files are longer than their bytes")
        files.append(File(name, type_, data[place : place + size], content_id, inline, digest))
        place += size
    values["attachments"] = tuple(files)
    return Letter(**values)


def _limit() -> None:
    """What the child may use; and it dies with its parent, even one that is killed."""
    import ctypes
    import resource

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG; a parent that died before this line has closed our pipe
    for which, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_NOFILE, 64)):
        resource.setrlimit(which, (most, most))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    signal.signal(signal.SIGPROF, signal.SIG_DFL)


def _serve(work: Callable[[bytes], Letter]) -> None:
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(b"r")
    sink.flush()
    while len(head := source.read(4)) == 4:
        raw = source.read(_LENGTH.unpack(head)[0])
        # The timer counts processor time of this process alone, and its signal kills even inside a C function.
        signal.setitimer(signal.ITIMER_PROF, cpu_seconds(len(raw)))
        answer, data = encode(work(raw))
        signal.setitimer(signal.ITIMER_PROF, 0)
        sink.write(_LENGTH.pack(len(answer)) + _LENGTH.pack(len(data)))
        sink.write(answer)
        sink.write(data)
        sink.flush()


def _function(name: str) -> Callable[[bytes], Letter]:
    from importlib import import_module

    module, _, function = name.partition(":")
    found: Callable[[bytes], Letter] = getattr(import_module(module), function)
    return found


def main() -> None:
    """The child's whole life: limits first, then mails until the pipe closes."""
    work = _function(sys.argv[1])
    _limit()
    try:
        _serve(work)
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
    except BrokenPipeError:
        os._exit(0)


if __name__ == "__main__":
    main()
