"""Markdown, as agents write it: rendered for the page, and as words alone for the plain part of a mail."""

from __future__ import annotations

import html as entities
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from mainstay.kernel import html as own_html

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

LENGTH_CAP = 200_000
# Quotes and lists nest; past this depth nobody means it, and recursion would pay for it.
_DEPTH_CAP = 20
_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True, "maxNesting": _DEPTH_CAP}).enable(
    ["linkify", "table", "strikethrough"]
)
_WITHOUT_PICTURES = MarkdownIt("commonmark", _PARSER.options).enable(["linkify", "table", "strikethrough"])
_WITHOUT_PICTURES.add_render_rule(
    "image", lambda self, tokens, place, options, env: entities.escape(f"[{tokens[place].content or 'picture'}]")
)
_MARKS = {"strong": "*", "em": "_", "s": "~"}


def render(text: str, *, pictures: bool = True) -> SafeString:
    """Safe HTML for a template. HTML in the text is shown as text, and what Markdown made of the rest is cleaned after it (S-013).

    Only the first 200,000 characters are looked at. Of pictures the `cid:` ones stay, for the caller to point at stored files; a
    caller who knows no files says `pictures=False` and gets their words.
    """
    parser = _PARSER if pictures else _WITHOUT_PICTURES
    return own_html.safe(own_html.clean(parser.render(text[:LENGTH_CAP])))


def to_plain(text: str) -> str:
    """The same words for a reader without HTML: marks that read as such stay, a link shows where it leads, quotes have a `>`."""
    tree = SyntaxTreeNode(_PARSER.parse(text[:LENGTH_CAP]))
    return "\n\n".join(_block(node) for node in tree.children).strip("\n")


def _block(node: SyntaxTreeNode) -> str:
    match node.type:
        case "paragraph" | "inline":
            return _words(node)
        case "heading":
            words = _words(node)
            return f"{words}\n{'-' * min(max(map(len, words.splitlines()), default=1), 72)}"
        case "blockquote":
            return _prefixed(_blocks(node), "> ")
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "fence" | "code_block":
            return _prefixed(node.content.rstrip("\n"), "    ")
        case "hr":
            return "---"
        case "table":
            return "\n".join(" | ".join(_words(cell) for cell in row.children) for part in node.children for row in part.children)
        case _:
            return node.content.rstrip("\n")


def _blocks(node: SyntaxTreeNode) -> str:
    return "\n\n".join(_block(child) for child in node.children)


def _list(node: SyntaxTreeNode) -> str:
    """Items under one another; what belongs to an item stands under its first word. A list written loosely stays loose."""
    start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    is_tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
    items = []
    for place, item in enumerate(node.children):
        mark = "- " if start is None else f"{start + place}. "
        body = ("\n" if is_tight else "\n\n").join(_block(child) for child in item.children)
        items.append(mark + _prefixed(body, " " * len(mark))[len(mark) :])
    return ("\n" if is_tight else "\n\n").join(items)


def _prefixed(words: str, prefix: str) -> str:
    return "\n".join((prefix + line).rstrip() for line in words.split("\n"))


def _words(node: SyntaxTreeNode) -> str:
    return "".join(_inline(child) for child in node.children)


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "code_inline":
            return f"`{node.content}`"
        case "image":
            return f"[{node.content or 'picture'}]"
        case "link":
            return _link(_words(node), str(node.attrs.get("href", "")))
        case kind if kind in _MARKS:
            return f"{_MARKS[kind]}{_words(node)}{_MARKS[kind]}"
        case "inline":
            return _words(node)
        case _:
            return node.content


def _link(words: str, target: str) -> str:
    """A link's words, and where it leads unless the words say that already."""
    bare = target.removeprefix("mailto:").removeprefix("https://").removeprefix("http://").rstrip("/")
    return words if bare == words.removeprefix("https://").removeprefix("http://").rstrip("/") else f"{words} ({target})"
