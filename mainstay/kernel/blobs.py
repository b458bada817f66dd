"""Bytes kept by their hash: mails as they came, files that people sent. What was kept is on the disk before `keep` returns."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages

from mainstay.kernel.faults import faultpoint

HASH = re.compile(r"[0-9a-f]{64}\Z")
_settled: set[Path] = set()


def keep(data: bytes, *, is_precious: bool = True) -> str:
    """Store the bytes once and return their SHA-256 in hexadecimal. Synced (file and folder) on a local disk, unless they are made
    of what is stored elsewhere and not precious. Raises OSError when they can't be stored; nothing half-written is ever found
    under the hash."""
    name = hashlib.sha256(data).hexdigest()
    storage = storages["default"]
    if not isinstance(storage, FileSystemStorage):
        if not storage.exists(_place(name)):
            storage.save(_place(name), ContentFile(data))
        return name
    path = Path(storage.path(_place(name)))
    # An existing file is trusted only with the right size: a disk that ran full in another life may have left less.
    if not path.exists() or path.stat().st_size != len(data):
        _write(path, data, is_synced=is_precious)
    return name


def read(name: str) -> bytes:
    """The bytes kept under this hash. Raises FileNotFoundError when they are gone (a restore without its files)."""
    with storages["default"].open(_place(name)) as file:
        return bytes(file.read())


def is_kept(name: str) -> bool:
    return bool(HASH.match(name)) and storages["default"].exists(_place(name))


def _place(name: str) -> str:
    if not HASH.match(name):
        raise FileNotFoundError(name)
    # 256 folders, soon all there: each level of folders that is new costs a sync of its own, and a sync is what a mail waits for.
    return f"{name[:2]}/{name}"


def _write(path: Path, data: bytes, *, is_synced: bool) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}")
    try:
        with open(draft, "wb") as file:
            file.write(data)
            file.flush()
            faultpoint("k3")
            if is_synced:
                os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    if is_synced:
        _sync_place(path)


def _sync_place(path: Path) -> None:
    _sync_folder(path.parent)
    if path.parent not in _settled:
        # Another process may have made the folder a moment ago and not have synced it yet.
        _sync_folder(path.parent.parent)
        _settled.add(path.parent)


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
