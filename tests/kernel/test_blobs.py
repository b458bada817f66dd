"""Bytes kept by their hash."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.core.files.storage import storages

from mainstay.kernel import blobs


def place(name: str) -> Path:
    return Path(storages["default"].path(f"{name[:2]}/{name}"))


def test_what_was_kept_is_read_back_byte_for_byte():
    data = bytes(range(256)) * 10
    name = blobs.keep(data)
    assert name == hashlib.sha256(data).hexdigest()
    assert blobs.read(name) == data


def test_the_same_bytes_are_kept_once():
    assert blobs.keep(b"twice") == blobs.keep(b"twice")


@pytest.mark.reliability("R-62")
def test_a_file_that_a_full_disk_cut_short_is_written_anew():
    name = blobs.keep(b"whole and sound")
    place(name).write_bytes(b"whole")
    blobs.keep(b"whole and sound")
    assert blobs.read(name) == b"whole and sound"


@pytest.mark.reliability("R-62")
def test_a_file_that_a_restore_lost_is_named_and_comes_back_with_the_next_mail():
    name = blobs.keep(b"the logo")
    place(name).unlink()
    with pytest.raises(FileNotFoundError):
        blobs.read(name)
    assert not blobs.is_kept(name)
    blobs.keep(b"the logo")
    assert blobs.read(name) == b"the logo"


@pytest.mark.security("S-021")
@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a" * 63, "A" * 64, "", "0" * 64 + "\n"])
def test_a_name_that_is_no_hash_leads_nowhere(name):
    with pytest.raises(FileNotFoundError):
        blobs.read(name)
    assert not blobs.is_kept(name)


@pytest.mark.reliability("R-03")
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_disk_that_fails_leaves_nothing_half_written(monkeypatch, nth):
    import os

    calls = iter(range(1, 10))
    real = os.fsync

    def failing(handle: int) -> None:
        if next(calls) == nth:
            raise OSError(28, "No space left on device")
        real(handle)

    data = f"attempt {nth}".encode()
    monkeypatch.setattr(os, "fsync", failing)
    monkeypatch.setattr(blobs, "_settled", set())
    with pytest.raises(OSError):
        blobs.keep(data)
    monkeypatch.setattr(os, "fsync", real)
    name = blobs.keep(data)
    assert blobs.read(name) == data
    assert not list(place(name).parent.glob(".*"))
