"""What these tests need of the machine; what it does not have is not collected (docs/reference/quality.md says when that is)."""

from __future__ import annotations

import os

from tests.faults import cluster, tinydisk

collect_ignore: list[str] = []
if not (os.environ.get("DATABASE_URL", "").startswith("postgres") and cluster.is_installed()):
    collect_ignore.append("test_postgres_restart.py")
if not (os.environ.get("MAINSTAY_ALL_SEEDS") and tinydisk.can_be_made()):
    collect_ignore.append("test_tiny_disk.py")
