"""Pictures, made and not stored."""

from __future__ import annotations

import io

from PIL import Image


def png(width: int = 40, height: int = 20, kind: str = "PNG") -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (width, height), "#1d5a8a").save(kept, kind)
    return kept.getvalue()
