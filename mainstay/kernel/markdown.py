"""Markdown, as agents write it: rendered for the page, and as the plain part of a mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from mainstay.kernel import html as own_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString
    from markdown_it.token import Token

LENGTH_CAP = 200_000
# Emphasis and links nest; past this depth nobody means it, and the renderer's recursion would pay for it.
_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True, "maxNesting": 20}).enable(["linkify", "table", "strikethrough"])


def render(text: str) -> SafeString:
    """Safe HTML for a template. Raw HTML in the text is shown as text; what Markdown made is cleaned after it (S-013)."""
    return own_html.safe(own_html.clean(_PARSER.render(text[:LENGTH_CAP])))
