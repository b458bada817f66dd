"""What the operator reads: one event, one line, and nothing in it that opens a door."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from django.urls import reverse

from mainstay.channels.links import seal
from mainstay.kernel.logs import OneLine
from mainstay.people.actions.agents import invite_agent


def line(message: str, *arguments: object) -> str:
    return OneLine(["/join/"]).format(logging.LogRecord("mainstay", logging.WARNING, "", 0, message, arguments, None))


@pytest.mark.security("S-101")
@pytest.mark.parametrize("end", ["\n", "\r\n", "\x0b", "\x85", "\u2028", "\x1b[2K", "\x00"])
def test_words_of_people_begin_no_line_of_their_own(end: str) -> None:
    told = line("a mail about %s", f"Hours{end}2026-03-02 09:42:00 INFO mainstay nothing happened")
    assert len(told.splitlines()) == 1
    assert "\x1b" not in told


@pytest.mark.security("S-095")
def test_a_secret_in_an_address_is_left_out_and_the_rest_stays() -> None:
    assert line("Not Found: /join/0123abcd").endswith("Not Found: /join/…")
    assert line("error at GET /join/0123abcd/photo?x=1 there").endswith("error at GET /join/…/photo?x=1 there")
    assert line("/desk/cases/204118337/").endswith("/desk/cases/204118337/")


@pytest.mark.security("S-095")
@pytest.mark.parametrize("level", ["DEBUG", "WARNING"])
def test_no_link_of_a_customer_or_an_invited_colleague_stands_in_the_log(cast, caplog, level) -> None:
    _, secret = invite_agent(name="Rosa Vega", email="rosa@journeyware.example", role="agent", teams=[cast.support], by=cast.ingrid)
    token = seal(cast.case(), cast.luis)
    with caplog.at_level(level):
        assert Client().post(f"/join/{secret}", {"password": "short"}).status_code == 422
        assert Client().post(reverse("portal:case", args=[token]), {"words": ""}).status_code == 422
        assert Client(enforce_csrf_checks=True).post(reverse("portal:case", args=[token]), {"words": "x"}).status_code == 403
    ours = next(handler.formatter for handler in logging.getLogger().handlers if isinstance(handler.formatter, OneLine))
    told = "\n".join(ours.format(record) for record in caplog.records)
    assert "/help/case/…" in told
    assert "/join/…" in told
    assert secret not in told
    assert token not in told
