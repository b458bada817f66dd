"""The link by which a customer opens a case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.channels.actions import post
from mainstay.channels.links import link_for, seal, unseal, unseal_all, without_links
from mainstay.kernel import clock
from mainstay.mail.actions import make_mailbox
from mainstay.mail.compose import compose
from mainstay.mail.outgoing import prepare
from tests.cast import MONDAY, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def mails(cast, settings):
    """Maya's reply to Luis and Dana, as each of them gets it."""
    from mainstay.cases.actions import add_participant, reply

    settings.BASE_URL = "https://help.journeyware.example"
    mailbox = make_mailbox("support@journeyware.example", team=cast.support, by=None)
    case = cast.case()
    add_participant(case, cast.dana, by=cast.maya)
    message = reply(
        case, words(cast.maya, "Hello", message_id="<a@b.example>", to=[(cast.luis, "l@h.example")], cc=[(cast.dana, "d@c.example")])
    )
    rows = post(message, [(cast.luis, "l@h.example"), (cast.dana, "d@c.example")])
    return case, {row.person: prepare(row, mailbox).mail for row in rows}


@pytest.mark.security("S-024")
def test_each_recipient_finds_a_link_of_their_own_below_a_reply(cast, mails):
    case, by_person = mails
    for person in (cast.luis, cast.dana):
        link = by_person[person].footer.split()[-1]
        opened = unseal(link.rpartition("/")[2])
        assert link.startswith("https://help.journeyware.example/help/case/")
        assert opened is not None
        assert (opened.case, opened.person) == (case, person)


def test_it_can_be_clicked_in_both_parts_of_the_mail(cast, mails):
    link = mails[1][cast.luis].footer.split()[-1]
    data = compose(mails[1][cast.luis]).decode("ascii").replace("=\r\n", "").replace("=3D", "=")
    assert data.count(link) >= 2
    assert f'href="{link}"' in data


@pytest.mark.security("S-054")
def test_a_quoted_link_reaches_nobody_else(cast):
    link = link_for(cast.case(), cast.luis)
    assert link.rpartition("/")[2] not in without_links(f"Thanks!\nSee how it stands:\n<{link}>\nand {link}, too")
    assert without_links("no link at all") == "no link at all"


@pytest.mark.security("S-065")
def test_two_minutes_two_people_and_two_cases_make_different_links(cast):
    first, second = cast.case(), cast.case()
    with clock.standing_at(MONDAY):
        made = {seal(first, cast.luis), seal(first, cast.dana), seal(second, cast.luis)}
        assert seal(first, cast.luis) in made
    with clock.standing_at(MONDAY + timedelta(minutes=1)):
        made.add(seal(first, cast.luis))
    assert len(made) == 4


def test_many_links_cost_two_queries(cast, django_assert_num_queries):
    tokens = [seal(cast.case(), cast.luis) for _ in range(5)]
    with django_assert_num_queries(2):
        assert len(unseal_all([*tokens, "forged"])) == 5
