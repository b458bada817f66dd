from __future__ import annotations

import copy
import logging
import sys

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory

from mainstay.ui import errors

SECRET = "secret words of a person"


@pytest.mark.parametrize(
    ("page", "status", "advice"),
    [
        (errors.bad_request, 400, "look at it once more"),
        (errors.forbidden, 403, "ask an administrator"),
        (errors.not_found, 404, "nine digits"),
        (errors.too_large, 413, "Send fewer files at once"),
        (errors.too_many, 429, "Wait five minutes"),
        (errors.broken, 500, "Try again in a moment"),
        (errors.csrf_failure, 403, "Drafts of replies are kept"),
    ],
)
def test_every_error_says_what_to_do(page, status: int, advice: str) -> None:
    answer = page(RequestFactory().get("/"))
    assert answer.status_code == status
    assert advice in answer.content.decode()


def test_a_body_that_is_too_large_is_413_and_no_riddle() -> None:
    assert errors.bad_request(RequestFactory().get("/"), RequestDataTooBig()).status_code == 413


def test_a_form_without_its_proof_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/trial/settings", {"name": "x"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()


def test_what_broke_is_found_by_its_id_and_shows_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "mainstay.errors"):
        answer = Client(raise_request_exception=False).get("/trial/broken")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert SECRET not in page
    assert "Traceback" not in page
    error_id = next(record.args[0] for record in caplog.records if record.name == "mainstay.errors")
    assert f">{error_id}</b>" in page


def test_the_page_for_a_broken_database_needs_no_database(settings) -> None:
    templates = copy.deepcopy(settings.TEMPLATES)
    templates[0]["OPTIONS"]["context_processors"].append("tests.ui.trial.database_is_away")
    settings.TEMPLATES = templates
    answer = errors.broken(RequestFactory().get("/"))
    assert answer.status_code == 500
    assert "Something of ours broke" in answer.content.decode()


def test_when_not_even_the_bare_page_can_be_shown_there_is_still_one_plain_sentence(settings) -> None:
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    settings.STATIC_ROOT = "/nowhere"
    answer = errors.broken(RequestFactory().get("/"))
    assert (answer.status_code, answer.content.decode()) == (500, "Something of ours is broken. Please try again in a moment.")


def test_an_error_report_names_things_and_shows_no_value() -> None:
    quiet = errors.QuietReports()
    request = RequestFactory().post("/?q=x", {"body": SECRET})
    request.COOKIES["session"] = SECRET
    try:
        local = SECRET
        raise ValueError(local)
    except ValueError:
        frame = sys.exc_info()[2].tb_frame
    told = [quiet.get_post_parameters(request), quiet.get_safe_cookies(request), dict(quiet.get_traceback_frame_variables(request, frame))]
    assert "body" in told[0]
    assert "local" in told[2]
    assert SECRET not in str(told)
    assert set(quiet.get_safe_settings().values()) == {quiet.cleansed_substitute}
