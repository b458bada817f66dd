"""Who is it?"""

from __future__ import annotations

import threading

from django.db import connection

from mainstay.people.actions.block import block_sender, unblock_sender
from mainstay.people.actions.recognise import recognise
from mainstay.people.models import Address, Block, Person
from mainstay.people.queries import email_of, is_blocked


def test_luis_is_recognised_however_his_address_is_written(cast):
    assert recognise([("L. Almeida", "LUIS@Harbor.Example")])["luis@harbor.example"] == cast.luis


def test_a_stranger_is_met_with_her_organization_when_we_know_the_domain(cast):
    met = recognise([("Hannah Wexler", "hannah@harbor.example")])["hannah@harbor.example"]
    assert met.name == "Hannah Wexler"
    assert met.organization == cast.harbor
    assert met.email is None


def test_a_later_mail_cannot_rename_anybody(cast):
    recognise([("The Administrator", "luis@harbor.example")])
    assert Person.objects.get(pk=cast.luis.pk).name == "Luis Almeida"


def test_a_name_is_filled_in_once(db):
    recognise([("", "anna@elsewhere.example")])
    recognise([("Anna Berg", "anna@elsewhere.example")])
    assert Address.objects.get(value="anna@elsewhere.example").person.name == "Anna Berg"


def test_known_people_cost_two_queries_however_many_they_are(cast, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        recognise([("", "luis@harbor.example"), ("", "dana@corvid.example"), ("", "zoe@elsewhere.example")])


def test_two_mails_of_a_stranger_at_once_make_one_person(committed):
    def meet() -> None:
        recognise([("Anna", "anna@elsewhere.example")])
        connection.close()

    threads = [threading.Thread(target=meet) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Person.objects.count() == 1


def test_mail_goes_to_the_oldest_address_that_does_not_fail(cast):
    from mainstay.kernel import clock

    Address.objects.filter(person=cast.luis).update(failing_since=clock.now())
    Address.objects.create(person=cast.luis, value="luis@home.example")
    assert email_of(Person.objects.get(pk=cast.luis.pk)) == "luis@home.example"


def test_a_blocked_sender_can_be_let_in_again_and_the_row_stays(cast):
    block_sender("Zoe@Elsewhere.example", by=cast.maya)
    block_sender("zoe@elsewhere.example", by=cast.tom)
    assert is_blocked("ZOE@elsewhere.example")
    unblock_sender("zoe@elsewhere.example", by=cast.maya)
    assert not is_blocked("zoe@elsewhere.example")
    assert Block.objects.count() == 1


def test_who_gives_no_name_is_called_by_the_address_and_greeted_by_none_until_a_mail_brings_one(cast):
    pat = recognise([("", "Pat@River.example")])["pat@river.example"]
    assert (str(pat), pat.first_name, pat.said_name) == ("pat@river.example", "", "")
    recognise([("Pat Rivers", "pat@river.example")])
    recognise([("Somebody Else", "pat@river.example")])
    pat.refresh_from_db()
    assert (str(pat), pat.first_name) == ("Pat Rivers", "Pat")
