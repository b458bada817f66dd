"""QR codes as a path for an SVG of our own: a picture in a data: address would need a hole in the content security policy."""

from __future__ import annotations

from dataclasses import dataclass

import qrcode

QUIET_ZONE = 4  # modules of white that ISO/IEC 18004 wants around the code


@dataclass(frozen=True)
class Drawing:
    width: int
    path: str


def qr(text: str) -> Drawing:
    """The code for `text`, one unit per module, quiet zone included; error correction level M."""
    code = qrcode.QRCode(border=QUIET_ZONE, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark)
    return Drawing(len(matrix), path)
