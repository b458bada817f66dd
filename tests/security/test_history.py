"""What was said and what happened can be added to, and not changed, by nobody and by no address (S-058)."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

import mainstay
from mainstay.cases.models import Message, Note
from mainstay.events.models import Event
from mainstay.jobs import run_all
from tests.desk.sitting import client_of
from tests.security.matrix import DOORS, TABLE
from tests.security.test_every_endpoint import arguments, things

__all__ = ["things"]

KEPT = {
    Message: ("case_id", "origin_id", "author_id", "body", "format", "html", "at", "message_id", "written_from", "is_ours", "is_letter"),
    Note: ("case_id", "author_id", "body", "at"),
    Event: ("kind", "version", "case", "actor", "at", "data"),
}
WORDS = ("text", "body", "message", "note", "subject", "aim", "tag", "name", "why", "reason", "data")
NUMBERS = ("id", "pk", "case", "number", "person", "kind", "at", "actor", "event", "delete", "remove", "do", "seen", "severity")
TYPED = urlencode({**dict.fromkeys(WORDS, "changed by a form"), **dict.fromkeys(NUMBERS, "1")})
FORM = "application/x-www-form-urlencoded"
STATEMENTS = ["UPDATE events_event SET kind = 'x'", "DELETE FROM events_event", "UPDATE events_event SET data = '{}'"]


def standing() -> dict[str, list[tuple[str, ...]]]:
    """All that was said and all that happened, as it stands."""
    rows = {model.__name__: model.objects.order_by("pk").values_list("pk", *names) for model, names in KEPT.items()}
    return {name: [tuple(map(str, row)) for row in found] for name, found in rows.items()}


@pytest.mark.security("S-058")
@pytest.mark.parametrize("method", ["POST", "DELETE", "PUT", "PATCH"])
def test_no_address_changes_what_was_said_or_what_happened(cast, things, method: str) -> None:
    before = standing()
    assert all(before.values())
    for who in (cast.ingrid, cast.maya):
        for name, (door, _) in TABLE.items():
            if DOORS[door] & {"ingrid", "maya"} and "logout" not in name:
                client_of(who).generic(method, reverse(name, kwargs=arguments(name, things)), data=TYPED, content_type=FORM)
    run_all(raise_errors=False)
    after = standing()
    for model, rows in before.items():
        assert after[model][: len(rows)] == rows, model


@pytest.mark.security("S-058")
@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_log_itself_refuses(cast_committed, statement: str) -> None:
    cast_committed.case()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.filter(kind="case.opened").exists()


def changes() -> list[tuple[str, ast.Call, str]]:
    """Every call of ours that deletes or rewrites rows: what it is called on, itself, and where."""
    found = []
    for path in Path(mainstay.__file__).parent.rglob("*.py"):
        nodes = [] if "migrations" in path.parts else list(ast.walk(ast.parse(path.read_text())))
        calls = [node for node in nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
        found += [(ast.unparse(call.func), call, f"{path.name}:{call.lineno}") for call in calls]
    return [one for one in found if one[0].rpartition(".")[2] in {"delete", "update", "bulk_update"}]


@pytest.mark.security("S-058")
def test_nothing_in_our_code_deletes_or_rewrites_them() -> None:
    """No verb, no timer, no command: a correction is a new message, a new note, a new event."""
    assert len(changes()) > 10
    for called, call, where in changes():
        if re.match(r"(Message|Note|Event)\.objects", called):
            assert called.endswith("update"), where
            assert not {word.arg for word in call.keywords} & {"body", "html", "kind", "data", "at", "author"}, where
