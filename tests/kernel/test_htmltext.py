"""HTML as readable text, and where in it something begins."""

from __future__ import annotations

import pytest

from mainstay.kernel.html import text_of
from mainstay.kernel.htmltext import render


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("One<br>Two<br><br>Three", "One\nTwo\n\nThree"),
        ("<div>One</div><div>Two</div>", "One\nTwo"),
        ("<ul><li>One<li>Two<ol><li>a<li>b</ol></ul>", "* One\n* Two\n  1. a\n  2. b"),
        ('<a href="https://harbor.example/log">the log</a>', "the log <https://harbor.example/log>"),
        ('<a href="https://harbor.example/">harbor.example</a>', "harbor.example"),
        ('<a href="mailto:luis@harbor.example">Luis</a>', "Luis"),
        ("<table><tr><th>Ship<th>Port<tr><td>Una<td>Vigo</table>", "Ship Port\nUna Vigo"),
        ("<blockquote>One<br>Two</blockquote>Three", "> One\n> Two\n\nThree"),
        ("<pre>a\n  b</pre>", "a\n  b"),
        ("a  b\n c&nbsp;d", "a b c d"),
        ("<p>The <b>lo</b>g</p>", "The log"),
        ('<img alt="a chart">', "[a chart]"),
        ("<style>x</style><script>y</script><title>z</title>words<!-- no -->", "words"),
        ('<div style="display:none">hidden</div>shown', "shown"),
        ("&lt;b&gt; &amp;amp;", "<b> &amp;"),
        ("", ""),
    ],
)
def test_html_as_readable_text(html, text):
    assert text_of(html) == text


def test_the_place_of_an_element_and_of_what_follows_it_are_places_in_the_text():
    found = render("<p>One</p><div class=q>Two</div><p>Three</p>", enclosing=".q")
    assert found.text[: found.place] == "One"
    assert found.behind is not None and found.text[found.behind :] == "Three"


def test_behind_an_opening_everything_belongs_to_it():
    found = render("<p>One</p><hr id=q><p>Two</p>", opening="#q")
    assert (found.text[: found.place], found.behind) == ("One", None)
