"""The shell is tried on a tiny desk of its own, without any door."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def trial_desk(settings) -> None:
    settings.ROOT_URLCONF = "tests.ui.trial"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if not name.startswith("mainstay.setup")]
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [Path(__file__).parent / "templates"]
    settings.TEMPLATES = templates
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
