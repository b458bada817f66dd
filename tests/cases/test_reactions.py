"""What happens on a case can be found, by exactly those who may read it."""

from __future__ import annotations

import random

import pytest

from mainstay.cases.actions import (
    add_note,
    add_participant,
    change_subject,
    mark_spam,
    move,
    receive,
    remove_participant,
    reply,
    unmark_spam,
    write_letter,
)
from mainstay.cases.models import Case, Message
from mainstay.cases.queries import messages_visible_to, visible_to
from mainstay.jobs import run_all
from mainstay.kernel import clock
from mainstay.people.access import team_ids
from mainstay.people.actions.profile import change_person
from mainstay.search.actions import reindex
from mainstay.search.documents import for_person, for_teams
from mainstay.search.models import Entry
from mainstay.search.queries import find
from tests.cast import MONDAY, words


def found(query: str, scopes, kind: str) -> set[int]:
    return {hit.object for hit in find(query, scopes=scopes, kinds=[kind], limit=500).hits}


def by_team(query: str, kind: str, *teams) -> set[int]:
    return found(query, for_teams(team.id for team in teams), kind)


def by(person, query: str, kind: str = "message") -> set[int]:
    return found(query, for_person(person.id), kind)


def test_a_case_is_found_by_subject_words_person_and_the_beginning_of_its_number(cast) -> None:
    case = cast.case()
    run_all()
    assert by_team("overtime holiday", "case", cast.support) == {case.id}
    assert by_team(str(case.number)[:5], "case", cast.support) == {case.id}
    assert by_team("nurses get 16", "message", cast.support) == {case.messages.earliest("id").id}
    for words_of_luis in ("almeida", "luis@harbor.example", "Harbor Clinics"):
        assert by_team(words_of_luis, "person", cast.support) == {cast.luis.id}
    assert by_team("overtime", "case", cast.billing) == by_team("almeida", "person", cast.billing) == set()


def test_a_note_is_found_by_the_team_and_never_by_a_customer(cast) -> None:
    case = cast.case()
    note = add_note(case, "Luis is about to cancel, nurses are furious", by=cast.maya)
    run_all()
    assert by_team("cancel", "note", cast.support) == {note.id}
    for person in (cast.luis, cast.dana, cast.maya, cast.zoe):
        assert by(person, "cancel", "note") == set()


def test_a_letter_is_not_worth_finding(cast) -> None:
    case = cast.case(answerable=False)
    write_letter(case, words(None, body="This much was automatic"), letter="acknowledgement")
    run_all()
    assert by_team("automatic", "message", cast.support) == set()


def test_a_new_subject_is_found_and_the_old_one_is_not(cast) -> None:
    case = cast.case()
    change_subject(case, "Ferry timetable", by=cast.maya)
    run_all()
    assert by_team("ferry", "case", cast.support) == {case.id}
    assert by_team("overtime", "case", cast.support) == set()


def test_a_case_that_moved_is_found_by_its_new_team_only(cast) -> None:
    case = cast.case()
    add_note(case, "for the nurses", by=cast.maya)
    run_all()
    move(case, team=cast.billing, by=cast.maya)
    run_all()
    for kind, query in (("case", "overtime"), ("message", "nurses"), ("note", "nurses")):
        assert by_team(query, kind, cast.support) == set()
        assert len(by_team(query, kind, cast.billing)) == 1
    assert by_team("almeida", "person", cast.billing) == {cast.luis.id}


def test_a_person_is_found_by_a_new_name_where_they_were_met(cast) -> None:
    cast.case()
    run_all()
    change_person(cast.luis, by=cast.maya, name="Luís Almeida Santos")
    change_person(cast.dana, by=cast.maya, name="Dana W. Santos")
    change_person(cast.tom, by=cast.tom, name="Tom Santos")
    run_all()
    assert by_team("santos", "person", cast.support) == {cast.luis.id, cast.tom.id}
    assert by_team("santos", "person", cast.billing) == {cast.tom.id}


def test_a_new_case_is_found_for_five_queries_and_one_that_is_known_for_three(cast, django_assert_num_queries) -> None:
    from mainstay.cases.events import CaseOpened
    from mainstay.cases.reactions import find_the_case

    case = cast.case()
    event = CaseOpened(case=case.id, message=case.messages.get().id, channel="email", team=case.team_id, severity=case.severity_id)
    with django_assert_num_queries(5):
        find_the_case(event)
    with django_assert_num_queries(3):
        find_the_case(event)


def differences(cast, cases) -> list[tuple[str, str]]:
    """Who finds something else than what they may read, and of what kind."""
    found_elsewhere = []
    for person in (cast.luis, cast.dana, cast.zoe):
        readable = {m.id for case in cases for m in messages_visible_to(person, case).filter(is_letter=False)}
        found_elsewhere += [(person.name, "message")] if by(person, "nurses") != readable else []
        visible = set(visible_to(person).values_list("id", flat=True))
        found_elsewhere += [(person.name, "case")] if by(person, "overtime", "case") != visible else []
    for agent in (cast.maya, cast.nils, cast.ingrid):
        scopes = for_teams(team_ids(agent))
        readable = set(Message.objects.filter(case__in=visible_to(agent), is_letter=False).values_list("id", flat=True))
        found_elsewhere += [(agent.name, "message")] if found("nurses", scopes, "message") != readable else []
    return found_elsewhere


def something(cast, case: Case, writer, dice: random.Random) -> None:
    """One thing that changes what there is to read, or by whom."""
    to_luis = words(writer, to=[(cast.luis, "luis@harbor.example")])
    ours = words(cast.maya, body="The nurses are right.", to=[(writer, "x@y.example")])
    dice.choice(
        [
            lambda: receive(case, words(writer), copied=[writer]),
            lambda: receive(case, to_luis, copied=[writer]),
            lambda: reply(case, ours),
            lambda: add_note(case, "nurses", by=cast.maya),
            lambda: add_participant(case, writer, by=cast.maya),
            lambda: remove_participant(case, writer, by=cast.maya),
            lambda: move(case, team=dice.choice([cast.support, cast.billing]), by=cast.maya),
            lambda: mark_spam(case, by=cast.maya),
            lambda: unmark_spam(case, by=cast.maya),
        ]
    )()


@pytest.mark.security("S-035")
@pytest.mark.parametrize("seed", range(8))
def test_whatever_happens_everybody_finds_exactly_what_they_may_read(cast, seed: int) -> None:
    dice = random.Random(seed)
    with clock.standing_at(MONDAY):
        cases = [cast.case(copied=[cast.dana]), cast.case(requester=cast.dana)]
        for _ in range(25):
            case = dice.choice(cases)
            case.refresh_from_db()
            writer = dice.choice([cast.luis, cast.dana, cast.zoe])
            something(cast, case, writer, dice)
            run_all()
            assert differences(cast, Case.objects.all()) == []
        before = {(row.kind, row.object): (row.id, row.title, row.body) for row in Entry.objects.exclude(kind="person")}
        assert dict(reindex())
        after = {(row.kind, row.object): (row.id, row.title, row.body) for row in Entry.objects.exclude(kind="person")}
        assert after == before
        assert differences(cast, Case.objects.all()) == []


def test_the_command_makes_the_index_anew(cast, capsys, monkeypatch) -> None:
    from mainstay.cli import boot
    from mainstay.cli.main import main

    monkeypatch.setattr(boot, "boot", lambda: None)
    case = cast.case()
    run_all()
    Entry.objects.all().delete()
    assert main(["reindex"]) == 0
    assert "1 cases, 1 messages" in capsys.readouterr().out
    assert by_team("overtime", "case", cast.support) == {case.id}
    assert by_team("maya", "person", cast.support) == {cast.maya.id}
