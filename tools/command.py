"""Puts the `mainstay` command and the checkout's path into the environment that runs this; nothing is copied."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

checkout = Path(__file__).resolve().parent.parent
(Path(sysconfig.get_path("purelib")) / "mainstay.pth").write_text(f"{checkout}\n")
command = Path(sysconfig.get_path("scripts")) / "mainstay"
command.write_text(f"#!{sys.executable}\nfrom mainstay.__main__ import main\n\nraise SystemExit(main())\n")
command.chmod(0o755)
