"""Intake: from raw bytes to committed cases with drained reactions, one worker with its parser child (the gate: 150 mails a second).

    DATABASE_URL=postgresql://root@127.0.0.1:5432/NAME python benchmarks/intake.py [--mails 1500]

Makes a data folder and fills the database it is given, so give it an empty one; without DATABASE_URL it makes a SQLite file. The
mails are our own, of realistic kinds and sizes; half come from people we know. Promises and acknowledgements are on, and letters are
kept as the demo keeps them. First everything at once, then at the gate's pace. The same rows, search index included, are then written
as plain SQL, one commit a mail: what the database alone could do. "Database part" is the time that the transactions of the same mails
take from their beginning to their commit, with everything that is thought meanwhile, and without parser, files and composing.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SUPPORT = "support@bench.example"
WORDS = [
    "since",
    "the",
    "update",
    "the",
    "export",
    "stops",
    "after",
    "page",
    "twelve",
    "and",
    "nothing",
    "is",
    "written",
    "to",
    "the",
    "file",
    "we",
    "tried",
    "twice",
    "with",
    "another",
    "browser",
    "and",
    "the",
    "result",
    "is",
    "the",
    "same",
    "could",
    "you",
    "please",
    "look",
    "into",
    "it",
    "the",
    "invoice",
    "run",
    "is",
    "on",
    "Friday",
    "thank",
    "you",
    "the",
    "log",
    "says",
    "timeout",
    "while",
    "waiting",
    "for",
    "lock",
]
GATE, SHARE_GATE = 150.0, 0.15


def mails(count: int, known: list[str], seed: int = 1) -> list[tuple[str, bytes]]:
    """(sender, bytes): plain, HTML with plain, answers with quotes, files of some ten kilobytes, and a few large ones."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        sender = known[number % len(known)] if number % 2 else f"new{number}@n{number % 500}.example"
        text = _text(rng, rng.choice((40, 80, 160, 400)))
        head = [
            f"From: {sender.partition('@')[0].title()} Person <{sender}>",
            f"To: Support <{SUPPORT}>",
            f"Subject: {' '.join(rng.choices(WORDS, k=6))} {number}",
            "Date: Mon, 2 Mar 2026 09:42:00 +0100",
            f"Message-ID: <{rng.getrandbits(64):x}.{number}@customer.example>",
            *(f"Received: from mx{hop}.example by mx{hop + 1}.example with ESMTPS id {rng.getrandbits(48):x}" for hop in range(3)),
            "MIME-Version: 1.0",
        ]
        made.append((sender, _written(rng, head, text, number)))
    return made


def _text(rng: random.Random, words: int) -> str:
    lines = [" ".join(rng.choices(WORDS, k=12)) for _ in range(words // 12)]
    return "Hello,\r\n\r\n" + "\r\n".join(lines) + "\r\n\r\nKind regards\r\nPerson\r\n"


def _written(rng: random.Random, head: list[str], text: str, number: int) -> bytes:
    kind = number % 10
    if kind < 4:
        return "\r\n".join([*head, "Content-Type: text/plain; charset=utf-8", "", text]).encode()
    if kind < 8:
        html = "<html><body>" + "".join(f"<p>{line}</p>" for line in text.split("\r\n")) + "</body></html>"
        parts = [("text/plain; charset=utf-8", "8bit", text), ("text/html; charset=utf-8", "8bit", html)]
        return _multipart(head, "alternative", parts)
    if kind == 8:
        quoted = "\r\n".join(f"> {line}" for line in _text(rng, 200).split("\r\n"))
        body = f"{text}\r\nOn Mon, 2 Mar 2026 at 09:00, Maya wrote:\r\n{quoted}"
        return "\r\n".join([*head, "Content-Type: text/plain; charset=utf-8", "", body]).encode()
    import base64

    size = 200_000 if number % 100 == 9 else 20_000
    file = base64.encodebytes(rng.randbytes(size)).decode().replace("\n", "\r\n")
    return _multipart(head, "mixed", [("text/plain; charset=utf-8", "8bit", text), (f'image/png; name="{number}.png"', "base64", file)])


def _multipart(head: list[str], kind: str, parts: list[tuple[str, str, str]]) -> bytes:
    lines = [*head, f'Content-Type: multipart/{kind}; boundary="=_bench"', ""]
    for type_, encoding, body in parts:
        lines += ["--=_bench", f"Content-Type: {type_}", f"Content-Transfer-Encoding: {encoding}", "", body]
    return "\r\n".join([*lines, "--=_bench--", ""]).encode()


def prepare() -> list[str]:
    """An installation with a team, a mailbox and a thousand known people: few mails from each, so that no letter is withheld."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    from django.db import transaction

    from mainstay.cases.actions import set_severities
    from mainstay.cases.models import Severity
    from mainstay.mail.actions import make_mailbox
    from mainstay.people.actions.profile import make_team
    from mainstay.people.actions.recognise import recognise
    from mainstay.promises.actions import make_calendar, set_targets

    known = [f"known{number}@k{number % 50}.example" for number in range(1_000)]
    with transaction.atomic():
        set_severities({1: ("Down", ""), 2: ("High", ""), 3: ("Normal", "")}, default=3, by=None)
        make_calendar("Weekdays", zone="Europe/Berlin", hours=[[["08:00", "18:00"]]] * 5 + [[], []], is_default=True, by=None)
        set_targets(dict.fromkeys(Severity.objects.all(), (240, 600)), by=None)
        make_mailbox(SUPPORT, team=make_team("Support"))
        recognise([(address.partition("@")[0], address) for address in known])
    return known


def backlog() -> int:
    """Jobs that intake owes: schedules come and go by themselves."""
    from mainstay.jobs.models import Job

    return Job.objects.exclude(task__contains="timers").exclude(lane__startswith="every:").count()


def feed(waiting: list[tuple[str, bytes]], threads: int, pace: float = 0.0) -> None:
    """Everything through `keep` as the listener's threads do, as fast as it goes, or so many a second."""
    from mainstay.mail.addresses import Directory
    from mainstay.mail.keep import Envelope, keep

    directory, lock = Directory(), threading.Lock()
    rest = iter(enumerate(waiting))
    began = time.monotonic()

    def work() -> None:
        from django.db import connection

        while True:
            with lock:
                number, one = next(rest, (0, None))
            if one is None:
                break
            if pace:
                time.sleep(max(0.0, began + number / pace - time.monotonic()))
            keep(one[1], Envelope(one[0], (SUPPORT,)), directory=directory)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()


def measure(waiting: list[tuple[str, bytes]], threads: int, pace: float = 0.0) -> tuple[float, float]:
    """Mails a second from the first `keep` to an empty backlog; and how long the backlog outlived the last mail."""
    began = time.monotonic()
    feed(waiting, threads, pace)
    fed = time.monotonic()
    while backlog():
        time.sleep(0.05)
    ended = time.monotonic()
    return len(waiting) / (ended - began), ended - fed


def cpu_of(pid: int) -> float:
    """Seconds that this process and its children have worked so far (Linux, proc(5))."""
    pids = [pid, *(int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    for task in Path(f"/proc/{pid}/task").iterdir():
        pids += [int(child) for child in (task / "children").read_text().split()]
    spent = 0
    for one in set(pids):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        spent += int(fields[11]) + int(fields[12])
    return spent / os.sysconf("SC_CLK_TCK")


TABLES = [
    "mail_rawmail",
    "people_person",
    "people_address",
    "cases_case",
    "cases_message",
    "cases_audience",
    "cases_participant",
    "cases_attachment",
    "events_event",
    "promises_promise",
    "channels_delivery",
    "channels_replytoken",
    "letters_letter",
    "kernel_tally",
    "search_entry",
    "search_words",
]


def plain_sql(count: int) -> float:
    """The rows that one mail leaves behind, written again as plain INSERTs, one commit a mail: mails a second."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM mail_rawmail")
        mails_there = cursor.fetchone()[0]
        copies = [(*_copy(cursor, table, count), _share(cursor, table, mails_there)) for table in TABLES]
    owed = [0.0] * len(copies)
    began = time.monotonic()
    for number in range(count):
        with transaction.atomic(), connection.cursor() as cursor:
            for place, (statement, rows, share) in enumerate(copies):
                owed[place] += share
                while owed[place] >= 1 and rows:
                    cursor.execute(statement, rows[number % len(rows)])
                    owed[place] -= 1
    return count / (time.monotonic() - began)


def _share(cursor: Any, table: str, mails_there: int) -> float:
    cursor.execute(f"SELECT count(*) FROM {table}")
    return float(cursor.fetchone()[0] / mails_there)


def _copy(cursor: Any, table: str, count: int) -> tuple[str, list[Any]]:
    """An empty table of the same columns, how a row is put into it, and rows to put. The full text index stays one."""
    from django.db import connection

    from mainstay.search import postgres, sqlite

    if table == "search_words":
        make = (sqlite if connection.vendor == "sqlite" else postgres).MAKE.replace("search_words", "bench_search_words")
        columns = ["words", "terms"] if connection.vendor == "sqlite" else ["id", "vector"]
    else:
        make = f"CREATE TABLE bench_{table} AS SELECT * FROM {table} WHERE 1 = 0"
        described = connection.introspection.get_table_description(cursor, table)
        columns = [column.name for column in described if column.name != "id"]
    cursor.execute(make)
    cursor.execute(f"SELECT {', '.join(quoted(columns))} FROM {table} LIMIT {count}")
    rows = cursor.fetchall()
    put = f"INSERT INTO bench_{table} ({', '.join(quoted(columns))}) VALUES ({', '.join(['%s'] * len(columns))})"
    return (f"{put} ON CONFLICT DO NOTHING" if columns[0] == "id" else put), rows


def quoted(columns: list[str]) -> list[str]:
    return [f'"{column}"' for column in columns]


def database_part(count: int, known: list[str]) -> tuple[float, float]:
    """The same kind of mails, worked off here one after another from the kept bytes on: mails a second, all told; and by the time that
    passed inside the transactions of their jobs alone."""
    from mainstay.jobs import execution, run_all

    feed(mails(count, known, seed=2), 1)
    spent, complete = 0.0, execution._complete

    def timed(ran: Any) -> None:
        nonlocal spent
        began = time.monotonic()
        complete(ran)
        spent += time.monotonic() - began

    execution._complete = timed
    began = time.monotonic()
    run_all(limit=1_000_000)
    execution._complete = complete
    return count / (time.monotonic() - began), count / spent


def main() -> int:
    parser = argparse.ArgumentParser(description="How many mails a second become cases.")
    parser.add_argument("--mails", type=int, default=1_500, help="thrice as many stay below the cap on letters of an hour")
    parser.add_argument("--threads", type=int, default=2, help="threads that hand mails in")
    parser.add_argument("--profile", action="store_true", help="profile the worker's part in this process instead")
    options = parser.parse_args()
    folder = tempfile.TemporaryDirectory(prefix="mainstay-bench-", dir=os.environ.get("BENCH_DIR"))
    os.environ |= {"DATA": folder.name, "MAINSTAY_DEMO": "1", "LOG_LEVEL": "WARNING", "DJANGO_SETTINGS_MODULE": "mainstay.settings"}
    known = prepare()
    from django.db import connection

    waiting = mails(options.mails, known)
    if options.profile:
        return profile(waiting)
    worker = subprocess.Popen([sys.executable, "-m", "mainstay", "worker"], cwd=ROOT)
    try:
        feed(mails(20, known, seed=3), 1)
        while backlog():
            time.sleep(0.1)
        before = cpu_of(worker.pid)
        rate, rest = measure(waiting, options.threads)
        cpu = (cpu_of(worker.pid) - before) / len(waiting)
        began = time.monotonic()
        _, rest_at_pace = measure(mails(options.mails, known, seed=4), options.threads, GATE)
        paced = options.mails / (time.monotonic() - began - rest_at_pace)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(20)
    plain = plain_sql(min(options.mails, 1_000))
    alone, inside = database_part(min(options.mails, 1_000), known)
    size = sum(len(raw) for _, raw in waiting) / len(waiting)
    print(f"{connection.vendor}: {options.mails} mails of {size / 1000:.1f} kB on average")
    print(f"  intake        {rate:7.1f} mails/s, all at once (gate {GATE:.0f}); backlog empty {rest:.1f} s after the last one was kept")
    print(f"  at its pace   {paced:7.1f} mails/s kept, {GATE:.0f} wanted; backlog empty {rest_at_pace:.1f} s after the last (gate 5)")
    print(f"  worker        {1000 * cpu:7.2f} ms of CPU a mail, its parser child included")
    print(f"  one thread    {alone:7.1f} mails/s, from kept bytes on")
    print(f"  plain SQL     {plain:7.1f} mails/s, the same rows, one commit a mail")
    print(f"  database part {inside:7.1f} mails/s, {inside / plain:.0%} of plain SQL (gate {SHARE_GATE:.0%})")
    return 0 if rate >= GATE and rest_at_pace <= 5 and inside / plain >= SHARE_GATE else 1


def profile(waiting: list[tuple[str, bytes]]) -> int:
    import cProfile
    import pstats

    from mainstay.jobs import run_all

    feed(waiting, 1)
    profiler = cProfile.Profile()
    began = time.monotonic()
    profiler.enable()
    run_all(limit=1_000_000)
    profiler.disable()
    print(f"{len(waiting) / (time.monotonic() - began):.1f} mails/s under the profiler")
    pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
    pstats.Stats(profiler).sort_stats("cumtime").print_stats(70)
    return 0


if __name__ == "__main__":
    sys.exit(main())
