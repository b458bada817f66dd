"""`python -m mainstay`."""

from __future__ import annotations

import sys

from mainstay.cli.main import main

sys.exit(main())
