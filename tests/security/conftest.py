"""What these tests share: an open installation, its help form filled in, and browsers in which people are signed in."""

from __future__ import annotations

from tests.portal.conftest import filled_in, monday
from tests.setup.conftest import _forgetful, as_, house

__all__ = ["_forgetful", "as_", "filled_in", "house", "monday"]
