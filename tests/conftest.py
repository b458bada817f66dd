"""What every test stands on: a data folder of its own, the database that DATABASE_URL names, and the cast."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import Cast
from tests.data_folder import FOLDER


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need a real commit come last: their clean-up empties every table."""
    items.sort(key=lambda item: "transactional_db" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session", autouse=True)
def _static_folder() -> None:
    (Path(FOLDER.name) / "static").mkdir(exist_ok=True)


@pytest.fixture(autouse=True)
def _quick(settings) -> None:
    """Passwords need not be strong here, no page needs its files' hashes, and no answer has to hide how long it took."""
    settings.EVEN_SECONDS = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@pytest.fixture(autouse=True)
def _clean_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """The log refuses to be emptied, also by the clean-up after a test with real commits: lift the triggers for just that."""
    needs = "transactional_db" in request.fixturenames
    if needs:
        request.getfixturevalue("transactional_db")
    yield
    if needs:
        from mainstay.events import triggers

        triggers.remove()


@pytest.fixture
def committed(transactional_db: None) -> None:
    """For tests that need real commits: other threads and processes see what they wrote, and the log's triggers stand."""
    from mainstay.events import triggers

    triggers.install()


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, and the team they work in."""
    return Cast.assemble()


@pytest.fixture
def data_folder() -> Path:
    return Path(FOLDER.name)


@pytest.fixture
def cast_committed(committed: None) -> Cast:
    """Everybody, for tests in which other threads look too."""
    return Cast.assemble()
