"""Other people's HTML made harmless, turned into text, and our own rendering of plain text. The project's only mark_safe.

Everything is bounded before a real HTML parser sees it: see `htmlbounds`.
"""

from __future__ import annotations

import html as entities
import re
from typing import TYPE_CHECKING

import nh3

from .htmlbounds import SIZE_CAP, rough_text, too_deep
from .htmltext import text_of

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

__all__ = ["clean", "plain_to_html", "safe", "text_of"]

_TAGS = frozenset([
    "a", "abbr", "address", "article", "aside", "b", "bdi", "bdo", "big", "blockquote", "br", "caption", "center", "cite", "code", "col",
    "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4",
    "h5", "h6", "header", "hr", "i", "img", "ins", "kbd", "li", "main", "mark", "nav", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s",
    "samp", "section", "small", "span", "strike", "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead",
    "time", "tr", "tt", "u", "ul", "var", "wbr",
])  # fmt: skip
_DROPPED = frozenset([
    "script", "style", "title", "template", "noscript", "noembed", "noframes", "iframe", "object", "embed", "applet", "svg", "math",
    "select", "textarea", "xmp", "audio", "video", "canvas", "map", "head",
])  # fmt: skip
_ATTRIBUTES = {
    "*": {"dir", "lang", "title", "align"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "td": {"colspan", "rowspan", "valign"},
    "th": {"colspan", "rowspan", "valign", "scope"},
    "table": {"border", "cellpadding", "cellspacing"},
    "font": {"color", "size"},
}
_LINK = re.compile(r"^(?:https?://|mailto:|tel:)[^\s\x00-\x20\x7f-\x9f]+$", re.I)
_CONTENT_ID = re.compile(r"^cid:[^\s\"'<>\\()]{1,500}$", re.I)
_NUMBER = re.compile(r"^\d{1,4}%?$")
_MARKS_IN_LINK = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def _allowed(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "href":
        return _link(value.strip())
    if attribute == "src":
        return value if _CONTENT_ID.match(value) else None
    if attribute in {"width", "height", "colspan", "rowspan", "border", "cellpadding", "cellspacing", "start"}:
        return value if _NUMBER.match(value.strip()) else None
    return value


def _link(target: str) -> str | None:
    """The target, or None; a mail link keeps its address and subject only (S-012)."""
    if len(target) > 2_000 or not _LINK.match(target) or _MARKS_IN_LINK.search(target):
        return None
    if target[:7].lower() != "mailto:":
        return target
    address, _, query = target.partition("?")
    subject = next((part for part in re.split("&(?:amp;)?", query) if part.lower().startswith("subject=")), "")
    return f"{address}?{subject}" if subject else address


_CLEANER = nh3.Cleaner(
    tags=set(_TAGS),
    clean_content_tags=set(_DROPPED),
    attributes=_ATTRIBUTES,
    attribute_filter=_allowed,
    url_schemes={"http", "https", "mailto", "tel", "cid"},
    url_relative="deny",
    strip_comments=True,
    link_rel="noopener noreferrer",
)


def clean(html: str) -> str:
    """HTML that shows and does nothing else: no script, style, form, frame, id or class, and no remote picture.

    Only `cid:` pictures stay, for the caller to point at stored files. Links lead to http, https, mailto and tel. Never raises;
    what is too large is cut, and what is too deep to parse in time comes back as its words alone. Cleaning twice changes nothing.
    """
    html = html[:SIZE_CAP].replace("\x00", "")
    if too_deep(html):
        return _CLEANER.clean(_paragraphs(rough_text(html)))
    for _ in range(4):
        cleaned = _CLEANER.clean(html)
        if cleaned == html:
            return cleaned
        html = cleaned
    return _CLEANER.clean(_paragraphs(rough_text(html)))


def safe(html: str) -> SafeString:
    """Marks what `clean` or `plain_to_html` returned as fit for a template. Nothing else may be given to it."""
    from django.utils.safestring import mark_safe  # here, so that the parser's child process starts without Django

    return mark_safe(html)  # noqa: S308


_LINKABLE = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"\u200b-\u200f\u202a-\u202e\u2060-\u2069]{1,2000}+)"
    r"|(?P<mail>(?<![\w.+@/-])[\w.+-]{1,64}+@(?=[\w-])[\w-]{1,63}+(?:\.[\w-]{1,63}+){1,8}+)"
)
_QUOTE = re.compile(r"^(?:>[ \t]?){1,9}")
_QUOTE_CAP = 8


def plain_to_html(text: str) -> SafeString:
    """Plain text as our own HTML: escaped, paragraphs, links that show their target, and a <blockquote> per level of ">"."""
    return safe(_paragraphs(text))


def _paragraphs(text: str) -> str:
    out: list[str] = []
    block: list[str] = []
    depth = 0
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""]:
        mark = _QUOTE.match(line)
        level = min(mark[0].count(">"), _QUOTE_CAP) if mark else 0
        words = line[mark.end() :] if mark else line
        if block and (level != depth or not words.strip()):
            out.append(f'<p dir="auto">{"<br>".join(block)}</p>')
            block = []
        if level != depth and (words.strip() or level):
            out.append("<blockquote>" * (level - depth) + "</blockquote>" * (depth - level))
            depth = level
        if words.strip():
            block.append(_linked(words.rstrip()))
    if block:
        out.append(f'<p dir="auto">{"<br>".join(block)}</p>')
    return "".join(out) + "</blockquote>" * depth


def _linked(line: str) -> str:
    out: list[str] = []
    end = 0
    for found in _LINKABLE.finditer(line):
        words = _without_tail(found[0]) if found["url"] else found[0].rstrip(".-_")
        target = words if found["url"] else f"mailto:{words}"
        out.append(entities.escape(line[end : found.start()]))
        shown = entities.escape(words)
        out.append(f'<a href="{entities.escape(target)}" rel="noopener noreferrer">{shown}</a>')
        end = found.start() + len(words)
    out.append(entities.escape(line[end:]))
    return "".join(out)


def _without_tail(url: str) -> str:
    """A link without the sentence's full stop or the bracket that it stands in."""
    url = url.rstrip(".,;:!?'*_")
    while url and url[-1] in ")]}" and url.count(url[-1]) > url.count({")": "(", "]": "[", "}": "{"}[url[-1]]):
        url = url[:-1].rstrip(".,;:!?'*_")
    return url
