"""The test button of a mailbox."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass

from django.utils.translation import gettext

from mainstay.kernel import secrets
from mainstay.mail.models import Mailbox
from mainstay.mail.wayout import Route, Shut, open_route, told


@dataclass(frozen=True)
class Trial:
    """Whether the way out works, and one sentence about it."""

    is_well: bool
    sentence: str


def test_mailbox(mailbox: Mailbox) -> Trial:
    """Connect, greet, encrypt and sign in as a delivery would, and send nothing. Works on a mailbox that is not saved yet; takes as
    long as the server does, at most a minute; changes no row."""
    if not mailbox.has_way_out:
        return Trial(False, gettext("No server is named, so nothing can be sent."))
    try:
        connection = open_route(Route.of(mailbox))
    except secrets.Unreadable:
        return Trial(False, gettext("The password was stored under another SECRETS_KEY; enter it again."))
    except Shut as shut:
        return Trial(False, str(shut))
    except (OSError, smtplib.SMTPException) as trouble:
        return Trial(False, told(trouble))
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        connection.close()
    return Trial(True, gettext("The server takes our mail."))


test_mailbox.__test__ = False  # type: ignore[attr-defined]  # it is no test, whatever pytest thinks of its name
