"""The disk is full, or nearly, while people write in the browser: they hear so in plain words, and lose none of theirs (P-19)."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mainstay.cases.models import Attachment, Case, Message, Note
from mainstay.channels.links import seal
from mainstay.channels.models import DraftFile
from mainstay.kernel import faults, ids
from mainstay.mail import room
from tests.desk.sitting import client_of, composer_of
from tests.portal.conftest import filled_in, house, monday

__all__ = ["filled_in", "house", "monday"]


def a_file() -> SimpleUploadedFile:
    """Never kept before, or its bytes would lie there already."""
    return SimpleUploadedFile("log.txt", ids.token().encode(), content_type="text/plain")


@pytest.fixture(params=["to the byte", "to its reserve"])
def full(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, house) -> None:
    """Full as seen by the kernel, or only as far as we let it become."""
    if request.param == "to the byte":
        monkeypatch.setattr(faults, "_PLAN", "k3:raise:1+")
    else:
        monkeypatch.setattr(room, "left", lambda: 1_000)


@pytest.mark.reliability("R-17")
def test_a_customer_is_asked_to_send_the_words_without_the_file_and_does(house, monday, full, client: Client, filled_in) -> None:
    answer = client.post("/help/ask", filled_in(attached=[a_file()]))
    page = answer.content.decode()
    assert answer.status_code == 507
    assert "no room for files" in page and "The export stays empty." in page
    assert not Case.objects.exists()
    assert client.post("/help/ask", filled_in()).status_code == 303


@pytest.mark.reliability("R-17")
def test_a_customer_who_adds_to_a_case_hears_the_same(house, monday, full, client: Client) -> None:
    case = house.case()
    path = f"/help/case/{seal(case, house.luis)}"
    answer = client.post(path, {"words": "Here is the log", "attached": [a_file()]})
    assert answer.status_code == 507
    assert "no room for files" in answer.content.decode() and "Here is the log" in answer.content.decode()
    assert Message.objects.count() == 1
    assert client.post(path, {"words": "Here are my words"}).status_code == 303


@pytest.mark.reliability("R-17")
@pytest.mark.parametrize("place", ["reply", "notes"])
def test_an_agents_words_wait_in_the_draft_and_go_out_without_the_file(house, full, place: str) -> None:
    case, maya = house.case(), client_of(house.maya)
    typed = {**composer_of(maya, case), "text": "Please try 9.3.", "do": "send"}
    answer = maya.post(f"/desk/cases/{case.number}/{place}", {**typed, "files": [a_file()]})
    assert answer.status_code == 507
    assert "no room for files" in answer.content.decode() and "Please try 9.3." in answer.content.decode()
    assert not Note.objects.exists() and not DraftFile.objects.exists()
    again = {**composer_of(maya, case), "text": "Please try 9.3.", "do": "send"}
    assert maya.post(f"/desk/cases/{case.number}/{place}", again).status_code == 303


@pytest.mark.reliability("R-17")
def test_a_file_that_is_dropped_on_the_composer_is_refused_in_words(house, full) -> None:
    case, maya = house.case(), client_of(house.maya)
    answer = maya.post(f"/desk/cases/{case.number}/draft/files?key={ids.token()}", {"file": a_file()})
    assert (answer.status_code, answer.json()) == (507, {"error": "There is no room for files at the moment."})
    assert not DraftFile.objects.exists() and not Attachment.objects.exists()
