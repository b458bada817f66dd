"""Photos of people: whatever was uploaded, what is kept is a small picture that we drew ourselves, so it can carry nothing else."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageOps

from mainstay.kernel import blobs
from mainstay.ui import files

SIDE = 256
SIZE_CAP = 10 * 1024 * 1024


def keep_photo(data: bytes) -> str:
    """Cut the picture to its middle square, draw it at 256 pixels as WebP, and keep it; returns its hash. Raises files.NoPictureError."""
    drawn, _kind = files.redraw(data, edge=SIDE * 4)
    square = ImageOps.fit(Image.open(BytesIO(drawn)), (SIDE, SIDE), Image.Resampling.LANCZOS)
    out = BytesIO()
    square.save(out, "WEBP", quality=86, method=4)
    return blobs.keep(out.getvalue())
