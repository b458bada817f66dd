from __future__ import annotations

import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from mainstay.kernel import markdown

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java\tscript:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](vbscript:msgbox(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click]: javascript:alert(1)\n\n[click]",
    "![x](javascript:alert(1))",
    '![x](https://evil.example/a.png "onload=alert(1)")',
    '[x](https://a.example "\\" onmouseover=\\"alert(1)")',
    "<javascript:alert(1)>",
    "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
    "```html\n<script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "| <b onclick=alert(1)> |\n| --- |\n| [x](javascript:alert(1)) |",
    "https://a.example/<script>alert(1)</script>",
    "<form action=//evil.example><input name=q></form>",
    "<div hx-get='/desk/cases/1/resolution' hx-trigger=load></div>",
]


@pytest.mark.security("S-013")
@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_an_attacker_writes_does_anything(text: str) -> None:
    shown = LexborHTMLParser(str(markdown.render(text)))
    for node in shown.css("body *"):
        assert node.tag not in {"script", "svg", "form", "input", "iframe", "style"}
        assert not [name for name in node.attributes if name.startswith(("on", "hx-", "data-hx-")) or name in {"style", "id", "class"}]
        target = node.attributes.get("href") or node.attributes.get("src") or ""
        assert target.split(":")[0].lower() in {"", "http", "https", "mailto", "tel", "cid"}


@pytest.mark.security("S-013")
def test_html_is_shown_as_the_text_that_it_is() -> None:
    assert "&lt;b&gt;" in markdown.render("<b>bold</b>")


@pytest.mark.security("S-013")
@pytest.mark.parametrize(
    "text", ["> " * 5000 + "x", "* " * 5000 + "x", "[" * 20_000, "*a_ " * 20_000, "![" * 10_000 + "](", "`" * 20_000, "|" * 5_000]
)
def test_no_nesting_makes_an_agent_wait(text: str) -> None:
    begun = time.monotonic()
    markdown.render(text)
    markdown.to_plain(text)
    assert time.monotonic() - begun < 5


def test_an_agents_markdown_becomes_what_they_meant() -> None:
    shown = markdown.render("Hi **Luis**,\nsee https://help.example/holiday\n\n- one\n- two")
    assert "<strong>Luis</strong>" in shown
    assert "<br>" in shown
    assert '<a href="https://help.example/holiday"' in shown
    assert "<li>one</li>" in shown


def test_a_picture_in_a_reply_keeps_its_content_id_and_a_remote_one_loads_nothing() -> None:
    assert '<img src="cid:shot@mainstay"' in markdown.render("![shot](cid:shot@mainstay)")
    assert "evil.example" not in markdown.render("![shot](https://evil.example/track.png)")


def test_a_caller_without_files_gets_a_pictures_words() -> None:
    assert markdown.render("see ![<the sheet>](cid:x)", pictures=False) == "<p>see [&lt;the sheet&gt;]</p>\n"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Hi Luis,\n\nit works.", "Hi Luis,\n\nit works."),
        ("one\ntwo", "one\ntwo"),
        ("**now** or _later_, not ~~never~~", "*now* or _later_, not ~never~"),
        ("see [the article](https://help.example/a)", "see the article (https://help.example/a)"),
        ("https://help.example/a", "https://help.example/a"),
        ("<luis@harbor.example>", "luis@harbor.example"),
        ("- one\n- two\n  - three", "- one\n- two\n  - three"),
        ("3. one\n4. two", "3. one\n4. two"),
        ("1. one\n\n   more\n\n2. two", "1. one\n\n   more\n\n2. two"),
        ("> he wrote\n> this\n>\n> > and that", "> he wrote\n> this\n>\n> > and that"),
        ("## Steps\n\nfirst", "Steps\n-----\n\nfirst"),
        ("```\nselect 1\n```", "    select 1"),
        ("press `Recalculate`", "press `Recalculate`"),
        ("![the sheet](cid:x)", "[the sheet]"),
        ("| a | b |\n| - | - |\n| 1 | 2 |", "a | b\n1 | 2"),
        ("a\n\n---\n\nb", "a\n\n---\n\nb"),
        ("5 < 6 & 7", "5 < 6 & 7"),
        ("", ""),
    ],
)
def test_the_plain_part_of_a_mail_reads_well(written: str, read: str) -> None:
    assert markdown.to_plain(written) == read
