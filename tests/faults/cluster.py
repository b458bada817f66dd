"""A PostgreSQL server of the test's own, from the installed programs, which may be stopped as a power failure would."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.product import free_port

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))


def is_installed() -> bool:
    return bool(PROGRAMS) and (os.geteuid() != 0 or _somebody() is not None)


def _somebody() -> pwd.struct_passwd | None:
    """As root the server runs as the user that its package made, since it refuses to run as root."""
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return None


@dataclass
class Cluster:
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *words: str) -> None:
        found = _somebody() if os.geteuid() == 0 else None
        as_them = {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []} if found else {}
        command = [str(PROGRAMS[-1].with_name(program)), "-D", str(self.folder / "data"), *words]
        # Its own output goes nowhere: the server keeps it open, and whoever waits for its end would wait for the server.
        subprocess.run(command, cwd=self.folder, check=True, timeout=120, stdout=subprocess.DEVNULL, **as_them)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1"
        self.run("pg_ctl", "-o", options, "-l", str(self.folder / "log"), "-w", "start")

    def stop_at_once(self) -> None:
        """No farewell to anybody, nothing is written any more: the next start recovers."""
        self.run("pg_ctl", "-m", "immediate", "-w", "stop")


@contextmanager
def running() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="mainstay-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    cluster = Cluster(folder, free_port())
    cluster.run("initdb", "-U", "postgres", "-A", "trust")
    cluster.start()
    try:
        yield cluster
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            cluster.stop_at_once()
        shutil.rmtree(folder)
