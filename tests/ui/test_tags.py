from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.template import RequestContext, engines
from django.template.exceptions import TemplateSyntaxError
from django.test import RequestFactory

from mainstay.kernel import clock
from tests.cast import MONDAY


def shown(source: str, **values: object) -> str:
    request = RequestFactory().get("/")
    request.csp_nonce = "n0nce"
    return engines["django"].engine.from_string(source).render(RequestContext(request, values))


def test_htmx_attributes_come_with_the_nonce_that_lets_them_work() -> None:
    written = shown('{% hx get="/desk" target="#main" push_url="true" %}')
    assert written == 'hx-get="/desk" hx-target="#main" hx-push-url="true" hx-nonce="n0nce"'


@pytest.mark.parametrize("name", ["on", "vals", "boost", "ext"])
def test_other_htmx_attributes_do_not_exist(name: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        shown("{% hx " + name + '="x" %}')


def test_an_icon_that_is_not_in_the_sprite_is_a_mistake_at_once() -> None:
    with pytest.raises(TemplateSyntaxError):
        shown('{% icon "unicorn" %}')


@pytest.mark.security("S-006")
@pytest.mark.parametrize(
    "source",
    [
        "{% face words %}",
        "{% tag words %}",
        '{% tag "x" url=words %}',
        "{% severity 1 words %}",
        "{% promise what=words state=words %}",
        "{% button words href=words key=words data_confirm=words %}",
        '{% show "row" row=row target=words %}',
        '{% part "card" title=words aside=words %}{% endpart %}',
        '{% part "message" author=words how=words to=words %}{{ words }}{% endpart %}',
        '{% part "note" author=words %}{{ words }}{% endpart %}',
        '{% show "event" text=words %}',
        '{% show "attachment" file=row %}',
        '{% show "chips" people=rows name="to" label=words %}',
        '{% show "facts" facts=rows %}',
        '{% show "composer" action=words text=words send=words people=rows key=words draft_url=words signature=words %}',
        '{% show "banner" text=words link=words url=words %}',
        '{% show "empty" title=words text=words %}',
        '{% show "tabs" tabs=rows label=words %}',
        '{% part "dialog" id=words title=words %}{% endpart %}',
        '{% part "menu" id=words label=words %}{% endpart %}',
        '{% show "toast" toast=row %}',
        "{% qr words label=words %}",
    ],
)
def test_what_people_write_is_text_in_every_part(source: str) -> None:
    words = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7|add:7 }}"
    row = SimpleNamespace(
        **dict.fromkeys(["url", "number", "who", "organization", "subject", "meta", "due_what", "name", "thumbnail"], words)
    )
    for name in ("label", "value", "copy", "text", "undo", "view", "address", "doubt", "severity_name"):
        setattr(row, name, words)
    row.size = 5
    html = shown(source, words=words, row=row, rows=[row])
    assert "<script" not in html
    assert "<img src=x" not in html
    assert '"onerror' not in html


def test_a_part_sees_what_it_is_given_and_nothing_else_of_the_page() -> None:
    assert "leaked" not in shown('{% show "event" text="Resolved" %}', kind="leaked", id="leaked", at=None, content="leaked")


def test_a_form_inside_a_part_still_has_its_proof() -> None:
    assert "csrfmiddlewaretoken" in shown('{% show "form" submit="Save" %}', csrf_token="t0ken")


def test_an_open_promise_says_its_time_and_its_state() -> None:
    with clock.standing_at(MONDAY):
        html = shown("{% promise due_at=due %}", due=MONDAY - timedelta(minutes=9))
    assert "late 9 min" in html
    assert 'class="promise late"' in html
    assert f'datetime="{(MONDAY - timedelta(minutes=9)).isoformat()}"' in html


def test_severity_has_a_name_and_not_only_a_colour() -> None:
    assert 'aria-label="Severity 1, Down"' in shown('{% severity 1 "Down" %}')
    assert "Severity not set" in shown("{% severity None %}")


def test_a_case_number_reads_in_groups() -> None:
    assert shown("{{ 204118337|case_number }}") == "204\u00a0118\u00a0337"


@pytest.mark.parametrize(("count", "read"), [(0, ""), (7, "7"), (99, "99"), (100, "99+")])
def test_counts_stay_small(count: int, read: str) -> None:
    assert shown("{{ count|many }}", count=count) == read


def test_a_note_says_itself_who_sees_it_and_is_no_message() -> None:
    html = shown('{% part "note" author="Tom" %}x{% endpart %}')
    assert "only your team sees it" in html
    assert 'class="message"' not in html
