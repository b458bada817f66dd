"""HTML as readable plain text: paragraphs, lists, tables, link targets, quoted blocks. One pass over lexbor's tree."""

from __future__ import annotations

import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .htmlbounds import SIZE_CAP, rough_text, too_deep

QUOTE_CAP = 20
_FOR_EVER = 1_000_000
_SKIPPED = frozenset([
    "script", "style", "head", "title", "template", "noscript", "noembed", "noframes", "iframe", "object", "svg", "math", "select",
    "textarea", "xmp", "audio", "video",
])  # fmt: skip
_BLOCKS = frozenset([
    "address", "article", "aside", "center", "dd", "details", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "legend", "li", "main", "menu", "nav", "ol", "section", "summary",
    "table", "tbody", "tfoot", "thead", "tr", "ul",
])  # fmt: skip
_PARAGRAPHS = frozenset([
    "p", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6",
])  # fmt: skip
_SPACES = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_TIGHT = re.compile(r"margin(?:-top|-bottom)?\s*:\s*0", re.I)
_WORD_PARAGRAPH = re.compile(r"mso(?:normal|list|plaintext|noSpacing)", re.I)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text; where in it the first wanted element begins, if any; and where other words stand behind it, if any do."""

    text: str
    place: int | None
    behind: int | None


def text_of(html: str) -> str:
    """The words a reader sees, in linear time; never raises. Quoted blocks have ">" before each line."""
    return render(html).text


def render(html: str, enclosing: str = "", opening: str = "") -> Rendered:
    """The text of the HTML, and where in it the first element that matches one of two CSS selectors begins.

    What `enclosing` finds holds the wanted words itself; all that comes after what `opening` finds is wanted too.
    """
    html = html[:SIZE_CAP].replace("\x00", "")
    if too_deep(html):
        return Rendered(rough_text(html), None, None)
    tree = LexborHTMLParser(html)
    root = tree.body or tree.root
    if root is None:
        return Rendered("", None, None)
    wanted = {node.mem_id: False for node in tree.css(enclosing)} if enclosing else {}
    if opening:
        wanted |= {node.mem_id: True for node in tree.css(opening)}
    writer = _Writer(wanted, bool(_HIDDEN.search(html)))
    writer.walk(root)
    return writer.rendered()


class _Writer:
    def __init__(self, wanted: dict[int, bool], may_hide: bool) -> None:
        self.out: list[str] = []
        self.length = 0
        self.breaks = 0
        self.space = False
        self.quote = self.quoted_before = 0
        self.preformatted = 0
        self.lists: list[int] = []
        self.links: list[tuple[str, int]] = []
        self.wanted, self.may_hide = wanted, may_hide
        self.place: int | None = None
        self.within = 0
        self.behind: int | None = None

    def walk(self, root: LexborNode) -> None:
        node: LexborNode | None = root
        depth = 0
        while node is not None:
            if self.open(node) and node.first_child is not None:
                node, depth = node.first_child, depth + 1
                continue
            while node is not None:
                if depth == 0:
                    return
                following = node.next
                if following is not None:
                    node = following
                    break
                node, depth = node.parent, depth - 1
                if node is not None:
                    self.close(node)

    def open(self, node: LexborNode) -> bool:
        """Writes what stands before the node's children; says whether to go into them. A childless node is closed here."""
        tag = node.tag or ""
        if tag == "-text":
            self.words(node.text_content or "")
            return False
        if tag[:1] in "-!" or tag in _SKIPPED:
            return False
        if self.may_hide and _HIDDEN.search(node.attributes.get("style") or ""):
            return False
        if self.wanted and node.mem_id in self.wanted:
            self._arrive(self.wanted[node.mem_id])
        if tag in {"br", "hr", "img"}:
            self._single(tag, node)
            return False
        self._begin(tag, node)
        if node.first_child is None:
            self.close(node)
            return False
        return True

    def _arrive(self, opens: bool) -> None:
        if self.place is None:
            self.place = self.length
        self.within += _FOR_EVER if opens else 1

    def _single(self, tag: str, node: LexborNode) -> None:
        if tag == "br":
            self.breaks += 1
            self.space = False
        elif tag == "hr":
            self.gap(1)
            self.words("-" * 20)
            self.gap(1)
        elif alt := (node.attributes.get("alt") or "").strip():
            self.words(f"[{alt[:200]}]")

    def _begin(self, tag: str, node: LexborNode) -> None:
        if tag in _PARAGRAPHS:
            self.gap(1 if tag == "p" and _is_tight(node) else 2)
        elif tag in _BLOCKS:
            self.gap(1)
        if tag == "blockquote":
            self.quote += 1
        elif tag == "pre":
            self.preformatted += 1
        elif tag in {"ul", "ol"}:
            self.lists.append(0 if tag == "ol" else -1)
        elif tag == "li":
            self._item()
        elif tag in {"td", "th"} and self.out and not self.breaks:
            self.space = True
        elif tag == "a":
            self.links.append(((node.attributes.get("href") or "").strip(), len(self.out)))

    def _item(self) -> None:
        indent = "  " * (min(len(self.lists), 9) - 1)
        if self.lists and self.lists[-1] >= 0:
            self.lists[-1] += 1
            self.words(f"{indent}{self.lists[-1]}. ", exact=True)
        else:
            self.words(f"{indent}* ", exact=True)

    def close(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "a" and self.links:
            self._target(*self.links.pop())
        elif tag in _PARAGRAPHS:
            self.gap(1 if tag == "p" and _is_tight(node) else 2)
        elif tag in _BLOCKS:
            self.gap(1)
        if tag == "blockquote":
            self.quote -= 1
        elif tag == "pre":
            self.preformatted -= 1
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
        if self.wanted and self.wanted.get(node.mem_id) is False:
            self.within -= 1

    def _target(self, target: str, start: int) -> None:
        """A link's target is told when its words don't."""
        if not target.lower().startswith(("http://", "https://")) or len(target) > 1_000:
            return
        shown = "".join(self.out[start:]).strip()
        bare = target.split("://", 1)[1].rstrip("/")
        if shown and bare not in shown and shown.split("://", 1)[-1].rstrip("/ ") != bare:
            self.words(f" <{target}>")

    def gap(self, breaks: int) -> None:
        self.space = False
        if self.breaks < breaks:
            self.breaks = breaks

    def words(self, text: str, exact: bool = False) -> None:
        if self.preformatted and not exact:
            self._lines(text)
            return
        collapsed = text if exact else _SPACES.sub(" ", text)
        if not collapsed:
            return
        if not exact and collapsed[0] == " ":
            collapsed = collapsed[1:]
            self.space = True
            if not collapsed:
                return
        self._flush()
        if self.place is not None and not self.within and self.behind is None:
            self.behind = self.length
        trailing = not exact and collapsed[-1] == " "
        self._write(collapsed[:-1] if trailing else collapsed)
        self.space = trailing

    def _lines(self, text: str) -> None:
        for count, line in enumerate(text.replace("\r\n", "\n").split("\n")):
            self.breaks += count > 0
            if line:
                self._flush()
                self._write(line)

    def _flush(self) -> None:
        """Writes the breaks and the space that were owed."""
        prefix = "> " * min(self.quote, QUOTE_CAP)
        if not self.out:
            self._write(prefix)
        elif self.breaks:
            blank = "\n" + ("> " * min(self.quote, self.quoted_before, QUOTE_CAP)).rstrip()
            self._write(blank * (min(self.breaks, 3) - 1) + "\n" + prefix)
        elif self.space and not self.out[-1].endswith((" ", "\n")):
            self._write(" ")
        self.breaks, self.space, self.quoted_before = 0, False, self.quote

    def _write(self, text: str) -> None:
        if text:
            self.out.append(text)
            self.length += len(text)

    def rendered(self) -> Rendered:
        text = "".join(self.out).replace("\xa0", " ")
        return Rendered(text, self.place, self.behind)


def _is_tight(node: LexborNode) -> bool:
    attributes = node.attributes
    return bool(_WORD_PARAGRAPH.search(attributes.get("class") or "") or _TIGHT.search(attributes.get("style") or ""))
