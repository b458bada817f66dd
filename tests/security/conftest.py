"""What these tests share: an open installation, its help form filled in, and browsers in which people are signed in."""

from __future__ import annotations

import os

from tests.portal.conftest import filled_in, monday
from tests.setup.conftest import _forgetful, as_, house

__all__ = ["_forgetful", "as_", "filled_in", "house", "monday"]

# These run the product on a database of their own, or none, so once is enough.
collect_ignore = (
    ["test_at_the_door.py", "test_canaries.py", "test_code.py"] if os.environ.get("DATABASE_URL", "").startswith("postgres") else []
)
