"""Ingrid gives the installation another SECRETS_KEY: nothing that was sealed is lost, and the old key can go."""

from __future__ import annotations

import logging

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth
from django.core.cache import cache
from django.test import Client

from mainstay.cli import checks
from mainstay.cli.commands import reseal
from mainstay.kernel import secrets
from mainstay.mail.actions import change_mailbox, make_mailbox
from mainstay.mail.models import Mailbox
from tests.cast import PASSWORD, Cast

OLD, NEW = "the key of last year, which was long enough", "the key of this year, which is no shorter"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def before(cast: Cast, settings: object) -> Mailbox:
    """Ingrid signs in with a second step, and the mailbox with a password; then the key is another."""
    cache.clear()  # where it is kept which codes were used
    settings.SECRETS_KEY, settings.SECRETS_KEY_FALLBACKS = OLD, []  # type: ignore[attr-defined]
    mailbox = make_mailbox("support@journeyware.example", team=cast.support, password="the server's own")
    auth.TOTP.activate(cast.ingrid, SEED)
    RecoveryCodes.activate(cast.ingrid)
    settings.SECRETS_KEY = NEW  # type: ignore[attr-defined]
    return mailbox


def signs_in(code: str) -> bool:
    client = Client()
    client.post("/account/sign-in", {"login": "ingrid@journeyware.example", "password": PASSWORD})
    client.post("/account/two-factor/authenticate/", {"code": code})
    return "_auth_user_id" in client.session


def shown_now() -> str:
    """What Ingrid's telephone shows."""
    return str(auth.format_hotp_value(auth.hotp_value(SEED, next(auth.yield_hotp_counters_from_time()))))


def spare_codes(cast: Cast) -> list[str]:
    return list(Authenticator.objects.get(user=cast.ingrid, type="recovery_codes").wrap().get_unused_codes())


@pytest.mark.security("S-095")
def test_no_seed_and_no_password_lies_open_in_the_database(before: Mailbox, cast: Cast) -> None:
    stored = str(list(Authenticator.objects.values_list("data", flat=True))) + Mailbox.objects.get().password
    assert SEED not in stored
    assert "the server's own" not in stored
    assert len(list(Authenticator.objects.all())) == 2


def test_with_the_earlier_key_everything_still_opens(before: Mailbox, cast: Cast, settings: object) -> None:
    settings.SECRETS_KEY_FALLBACKS = [OLD]  # type: ignore[attr-defined]
    assert Mailbox.objects.get().clear_password == "the server's own"
    assert signs_in(shown_now())
    assert signs_in(spare_codes(cast)[0])


def test_what_is_saved_is_sealed_under_today_s_key(before: Mailbox, settings: object) -> None:
    settings.SECRETS_KEY_FALLBACKS = [OLD]  # type: ignore[attr-defined]
    change_mailbox(before, password=before.clear_password)
    settings.SECRETS_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    assert Mailbox.objects.get().clear_password == "the server's own"


def test_after_reseal_the_earlier_key_can_go(before: Mailbox, cast: Cast, settings: object, capsys: pytest.CaptureFixture[str]) -> None:
    settings.SECRETS_KEY_FALLBACKS = [OLD]  # type: ignore[attr-defined]
    used, spare = spare_codes(cast)[:2]
    assert signs_in(used)
    assert any("`mainstay reseal`" in finding.sentence for finding in checks.sealed_secrets())
    assert reseal.run(None) == 0  # type: ignore[arg-type]
    told = capsys.readouterr().out
    assert "mailbox passwords: 1 sealed anew, 0 under today's key already." in told
    assert "second steps: 2 sealed anew, 0 under today's key already." in told
    settings.SECRETS_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    assert all(finding.is_well for finding in checks.sealed_secrets())
    assert Mailbox.objects.get().clear_password == "the server's own"
    assert signs_in(shown_now())
    assert not signs_in(used)
    assert signs_in(spare)


def test_what_no_key_opens_is_named(before: Mailbox, capsys: pytest.CaptureFixture[str]) -> None:
    assert reseal.run(None) == 1  # type: ignore[arg-type]
    assert "1 can't be read by any key that is set" in capsys.readouterr().out
    assert [finding.is_well for finding in checks.sealed_secrets()] == [False, False]


def test_a_second_step_whose_key_is_gone_lets_nobody_in(before: Mailbox, cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "mainstay.accounts"):
        assert not signs_in(shown_now())
    assert "bring it back in SECRETS_KEY_FALLBACKS" in caplog.text


def test_a_recovery_code_that_is_used_at_this_moment_stays_used(before: Mailbox, cast: Cast, settings: object) -> None:
    settings.SECRETS_KEY_FALLBACKS = [OLD]  # type: ignore[attr-defined]
    used = spare_codes(cast)[0]
    found = list(secrets.STORED["second steps"]())
    assert signs_in(used)
    for sealed in found:
        sealed.replace(secrets.seal(secrets.unseal(sealed.value)))
    assert used not in spare_codes(cast)
