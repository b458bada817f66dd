"""The settings of the test's worker processes: ours, with a short lease, and no schedule but the test's own."""

from __future__ import annotations

import importlib
import os

_ours = importlib.import_module(os.environ["MAINSTAY_TEST_SETTINGS"])
globals().update({name: getattr(_ours, name) for name in dir(_ours) if name.isupper()})
INSTALLED_APPS = [*_ours.INSTALLED_APPS, "tests.jobs.ticker.apps.Ticker"]
JOB_LEASE_SECONDS = int(os.environ["MAINSTAY_TEST_LEASE"])
