"""`mainstay` without the reserve that it keeps of a disk: as if other programs had eaten it since it looked."""

from __future__ import annotations

import sys

from mainstay.cli import boot
from mainstay.cli.main import main

if __name__ == "__main__":
    boot.boot()
    from mainstay.mail import room

    room.RESERVE = 0
    sys.exit(main())
