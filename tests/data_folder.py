"""Loaded before Django (`-p tests.data_folder`): every test process has a data folder of its own and leaves the checkout's alone."""

from __future__ import annotations

import os
import tempfile

FOLDER = tempfile.TemporaryDirectory(prefix="mainstay-test-")
os.environ["DATA"] = FOLDER.name
os.environ.setdefault("LOG_LEVEL", "WARNING")
