"""What people put into addresses, fields and searches is never a piece of a question to the database (RELIABILITY 7.6)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import mainstay
from mainstay.cases.actions import add_note
from mainstay.jobs import run_all
from tests.desk.sitting import client_of
from tests.security.matrix import DOORS, TABLE
from tests.security.test_every_endpoint import arguments, things

__all__ = ["things"]

KNOWN = ("q", "number", "before", "after", "beside", "queue", "shown", "fresh", "key", "address", "goal", "show", "proof", "next", "code")
UNKNOWN = (
    "sort",
    "order_by",
    "fields",
    "expand",
    "_connector",
    "_negated",
    "owner__password",
    "requester__password__startswith",
    "team_id",
    "state__in",
    "pk",
    "id",
    "__class__",
    "case__notes__body__contains",
)
SQL = (
    "'",
    '"\\`',
    "';--",
    "' OR '1'='1",
    "') UNION SELECT password FROM people_person--",
    "$$ %(x)s %s ? :1",
    "a' AND 1=CAST((SELECT password FROM people_person LIMIT 1) AS int)--",
    '" NEAR("x" "y", 9) OR * ^ -a AND (',
    "team:1 title:x scopes:*",
    "owner__password__regex=^a",
)
ODD = ("\x00", "9" * 25, "-1", "9" * 5_000, "a" * 100_000, "[]", "\u0663", "1-2-99999999999999999999")
PAGES = sorted(name for name, (door, method) in TABLE.items() if method == "GET" and door not in {"demo", "set up"})


NEW_EACH_TIME = [
    r'nonce="[^"]*"',
    r'(name="csrfmiddlewaretoken" value=|"X-CSRFToken": |name="key" value=|data-name=)"[^"]*"',
    r'(name="shown"|proof=)[^>]*',
    r"\?[^\"']*",
]


def body(response) -> str:
    """The page but for what is new in every answer, and for the address that it was asked by."""
    text = response.content.decode("utf-8", "replace")
    for new in NEW_EACH_TIME:
        text = re.sub(new, "", text)
    return text


def as_reader(cast, name: str) -> Client:
    return client_of(cast.maya if name == "desk:draft_file" else cast.ingrid if "ingrid" in DOORS[TABLE[name][0]] else None)


@pytest.mark.security("S-073")
@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_whatever_stands_in_its_address(cast, things, name: str) -> None:
    browser, path = as_reader(cast, name), reverse(name, kwargs=arguments(name, things))
    for value in (*SQL, *ODD):
        answer = browser.get(path, dict.fromkeys(KNOWN, value))
        # 503 is what /healthz says where no worker runs.
        assert answer.status_code in {200, 302, 303, 400, 404, 405, 410, 503}, (value[:40], answer.status_code)


@pytest.mark.security("S-073")
@pytest.mark.security("S-074")
@pytest.mark.parametrize("name", PAGES)
def test_a_key_that_a_page_does_not_know_changes_nothing_about_it(cast, things, name: str) -> None:
    browser, path = as_reader(cast, name), reverse(name, kwargs=arguments(name, things))
    plain = browser.get(path)
    for key in UNKNOWN:
        answer = browser.get(path, {key: "-owner__password"})
        assert (answer.status_code, body(answer)) == (plain.status_code, body(plain)), key


@pytest.mark.security("S-073")
@pytest.mark.parametrize("name", sorted(name for name, (door, method) in TABLE.items() if method == "POST" and door == "team"))
def test_no_form_breaks_whatever_stands_in_its_fields(cast, things, name: str) -> None:
    browser, path = client_of(cast.maya), reverse(name, kwargs=arguments(name, things))
    fields = ("severity", "owner", "team", "text", "subject", "aim", "tag", "name", "until", "person", "people", "address", "how", "do",
              "seen", "revision", "key", "case", "number", "kind", "then", "reason", "to", "file")  # fmt: skip
    for value in (*SQL[:8], *ODD):
        answer = browser.post(path, dict.fromkeys(fields, value))
        assert answer.status_code < 500, (value[:40], answer.status_code)


@pytest.mark.security("S-073")
@pytest.mark.parametrize("path", ["/desk/search/", "/desk/people/", "/desk/go/"])
def test_no_search_finds_what_the_plain_words_do_not(cast, path: str) -> None:
    hidden = cast.case(team=cast.billing, requester=cast.dana, subject="Zebra secret", body="zebra")
    add_note(hidden, "zebra note", by=cast.nils)
    cast.case(subject="Ferry")
    run_all()
    maya = client_of(cast.maya)
    for value in (*SQL, "%", "_", "*", "zebra' OR 'a'='a", "zebra OR ferry", "zebra*", "team:2 zebra", ".*", "^", "z_bra", "%bra"):
        page = maya.get(path, {"q": value}, follow=True).content.decode()
        assert "Zebra secret" not in page
        assert str(hidden.number) not in page
        assert "Dana Whitfield" not in page


@pytest.mark.security("S-075")
def test_signs_that_stand_for_anything_stand_for_themselves(cast) -> None:
    cast.case(subject="Fifty percent")
    run_all()
    maya = client_of(cast.maya)
    for pattern in ("%", "_", "F%", "F_fty", "Fif.*", "Fif*", "[A-Z]ifty", "^Fifty$", "(a+)+$"):
        assert "Fifty percent" not in maya.get("/desk/search/", {"q": pattern}).content.decode() or pattern == "Fif*"
        assert "Luis Almeida" not in maya.get("/desk/people/", {"q": pattern}).content.decode().partition("<main")[2]


@pytest.mark.security("S-074")
@pytest.mark.parametrize(
    "name", [name for name in PAGES if name.split(":")[-1] in {"next", "open", "late", "resolved", "people", "search"}]
)
def test_a_cursor_that_was_not_given_out_leads_to_the_first_page(cast, things, name: str) -> None:
    maya, path = client_of(cast.maya), reverse(name, kwargs=arguments(name, things))
    first = body(maya.get(path))
    for forged in ("owner__password", "-password", "WyJhIl0:1uX:abc", "e30:1vMxyz:AAAA", "0", "[]"):
        for key in ("before", "after"):
            assert body(maya.get(path, {key: forged})) == first, (key, forged)


@pytest.mark.reliability("R-23")
def test_a_nul_is_left_out_of_whatever_is_typed(cast) -> None:
    case, maya = cast.case(), client_of(cast.maya)
    for place in ("aim", "subject"):
        assert maya.post(f"/desk/cases/{case.number}/{place}", {place: "A\x00 mast"}).status_code == 303
    case.refresh_from_db()
    assert (case.aim, case.subject) == ("A mast", "A mast")
    assert maya.get("/desk/search/", {"q": "ma\x00st"}).status_code == 200


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


SOURCES = [path for path in Path(mainstay.__file__).parent.rglob("*.py") if "migrations" not in path.parts]


@pytest.mark.security("S-073")
@pytest.mark.parametrize("path", SOURCES, ids=lambda path: "-".join(path.parts[-2:]))
def test_no_module_passes_a_persons_words_to_the_database_as_sql_or_as_names(path: Path) -> None:
    """No .extra, .raw or RawSQL; no key of a request, form or JSON object ever becomes a field's name in a filter."""
    for called, node in calls(ast.parse(path.read_text())):
        assert not re.search(r"(objects|\))\.(raw|extra)$|\bRawSQL$", called), f"{path.name}:{node.lineno} {called}"
        if re.search(r"\.(filter|exclude|get|update|order_by|values|values_list|annotate|only|defer)$|\bQ$", called):
            given = [ast.unparse(word.value) for word in node.keywords if word.arg is None]
            given += [ast.unparse(word.value) for word in node.args if isinstance(word, ast.Starred)]
            assert not [one for one in given if re.search(r"request|GET|POST|cleaned_data|json|payload", one)], f"{path.name}:{node.lineno}"
