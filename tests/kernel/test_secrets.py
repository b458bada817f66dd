"""Passwords that have to be read back."""

from __future__ import annotations

import pytest

from mainstay.kernel import secrets


def test_a_sealed_secret_comes_back_and_shows_nothing():
    sealed = secrets.seal("correct horse ü")
    assert secrets.unseal(sealed) == "correct horse ü"
    assert "horse" not in sealed
    assert secrets.seal("correct horse ü") != sealed


def test_another_key_reads_nothing(settings):
    sealed = secrets.seal("horse")
    settings.SECRETS_KEY = "another key of forty characters or so ........"
    with pytest.raises(secrets.Unreadable):
        secrets.unseal(sealed)


def test_an_earlier_key_still_reads_what_it_sealed(settings):
    before = settings.SECRETS_KEY
    sealed = secrets.seal("horse")
    settings.SECRETS_KEY = "another key of forty characters or so ........"
    settings.SECRETS_KEY_FALLBACKS = [before]
    assert secrets.unseal(sealed) == "horse"


def test_what_is_sealed_now_is_sealed_under_today_s_key(settings):
    before = settings.SECRETS_KEY
    settings.SECRETS_KEY = "another key of forty characters or so ........"
    settings.SECRETS_KEY_FALLBACKS = [before]
    sealed = secrets.seal("horse")
    settings.SECRETS_KEY_FALLBACKS = []
    assert secrets.unseal(sealed) == "horse"


@pytest.mark.parametrize("broken", ["", "x", "gAAAAABkkkkkkkkkk"])
def test_what_was_altered_is_refused(broken):
    with pytest.raises(secrets.Unreadable):
        secrets.unseal(broken)
