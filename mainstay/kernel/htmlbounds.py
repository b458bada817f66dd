"""Bounds on HTML that hold before a real parser sees it, and a way to its words that needs none.

Both nh3 and lexbor need quadratic time for deeply nested elements (500 kB of nested <div> cost nh3 62 s and lexbor 30 s), and
formatting elements that are never closed multiply with every paragraph.
"""

from __future__ import annotations

import html as entities
import re

SIZE_CAP = 1_000_000
DEPTH_CAP = 500
FORMATTING_CAP = 100

_VOID = frozenset([
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
])  # fmt: skip
_CLOSED_BY_THEMSELVES = frozenset([
    "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "tbody", "thead", "tfoot", "colgroup", "html", "head", "body",
])  # fmt: skip
_FORMATTING = frozenset([
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
])  # fmt: skip
_RAW = frozenset([
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript", "plaintext", "svg", "math", "template",
    "select",
])  # fmt: skip
# A tag's attributes, as the HTML standard's tokenizer reads them: a quote counts only after an equals sign. Possessive
# quantifiers keep it linear. A tag that never ends takes the rest.
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)(?>[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+(?:>|\Z)")
_OPENING = re.compile(r"<[a-zA-Z]")
_COMMENT_END = re.compile("--!?>")
_RAW_END = {name: re.compile(f"</{name}", re.I) for name in _RAW}
_NEXT = re.compile(r"<(?:!--|!\[CDATA\[|/?[a-zA-Z])", re.I)


def too_deep(html: str) -> bool:
    """Whether a parser could build a tree deeper than our cap; an upper bound in linear time, so plain junk may count as deep."""
    open_now: dict[str, int] = {}
    depth = formatting = place = 0
    while (found := _NEXT.search(html, place)) is not None:
        if found[0].startswith("<!"):
            place, opened = _past_comment(html, found)
            depth += opened
        else:
            tag = _TAG.match(html, found.start())
            if tag is None:
                place = found.end()
                continue
            name, place = tag[2].lower(), tag.end()
            if tag[1]:
                if open_now.get(name, 0) > 0:
                    open_now[name] -= 1
                    depth -= name not in _CLOSED_BY_THEMSELVES
                    formatting -= name in _FORMATTING
            elif name not in _VOID:
                open_now[name] = open_now.get(name, 0) + 1
                depth += name not in _CLOSED_BY_THEMSELVES
                formatting += name in _FORMATTING
                if name in _RAW:
                    # Inside, end tags may be mere text and give no credit; start tags may still open something, and count.
                    closing = _RAW_END[name].search(html, place)
                    end = closing.start() if closing else len(html)
                    depth += len(_OPENING.findall(html, place, end))
                    place = end
        if depth > DEPTH_CAP or formatting > FORMATTING_CAP:
            return True
    return False


def _past_comment(html: str, found: re.Match[str]) -> tuple[int, int]:
    if found[0] == "<!--":
        closing = _COMMENT_END.search(html, found.end() - 2)
        return max(closing.start() if closing else len(html), found.end()), 0
    end = html.find("]]>", found.end())
    end = end if end >= 0 else len(html)
    return end, len(_OPENING.findall(html, found.end(), end))


_SKIPPED_WORDS = re.compile(r"<(script|style|title|head|template|svg|noscript|textarea)\b[^>]*+>(?:[^<]++|<(?!/\1))*+", re.I)
_ANY_TAG = re.compile(r"<(?:!--(?:[^-]++|-(?!->))*+(?:-->|\Z)|[!?/a-zA-Z][^>]*+(?:>|\Z))")
_BREAKING_TAG = re.compile(r"<(?:/?(?:p|div|tr|li|ul|ol|table|blockquote|h[1-6])\b[^>]*+|br\b[^>]*+)(?:>|\Z)", re.I)
_EMPTY_LINES = re.compile(r"\n(?:[ \t\r]*+\n)++")


def rough_text(html: str) -> str:
    """The words between the tags, by linear expressions alone: for HTML that no parser should see."""
    words = _ANY_TAG.sub("", _BREAKING_TAG.sub("\n", _SKIPPED_WORDS.sub("", html)))
    return _EMPTY_LINES.sub("\n\n", entities.unescape(words)).replace("\xa0", " ").strip()
