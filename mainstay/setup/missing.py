"""What an installation still needs before customers can lean on it."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.mail.models import Mailbox
from mainstay.people.models import Agent


@dataclass(frozen=True)
class Step:
    """One thing to do: what for, and where."""

    title: str | Promise
    why: str | Promise
    url: str


def missing() -> list[Step]:
    """The open steps, the most pressing first; none means that the desk is ready."""
    return [step for asked, step in _steps() if asked]


def _steps() -> list[tuple[bool, Step]]:
    boxes = [box for box in Mailbox.objects.all() if box.is_active]
    mute = [box for box in boxes if not box.has_way_out]
    unguarded = Agent.objects.filter(
        ~Exists(Authenticator.objects.filter(user=OuterRef("person"))), role=Agent.Role.ADMINISTRATOR, disabled_at=None
    )
    return [
        (not boxes, Step(_("Make a mailbox"), _("Without one no mail comes in, and none leaves."), reverse("setup:mailbox_make"))),
        (
            bool(mute) and not settings.DEMO,
            Step(
                _("Say how mail leaves"),
                gettext("%(address)s has no outgoing server, so no reply can leave.") % {"address": ", ".join(map(str, mute))},
                reverse("setup:mailbox", args=[mute[0].pk]) if mute else "",
            ),
        ),
        (
            Agent.objects.filter(disabled_at=None).count() < 2,
            Step(
                _("Invite a colleague"), _("Each case has an owner and a backup; one person can't be both."), reverse("setup:agent_invite")
            ),
        ),
        (
            unguarded.exists() and not settings.DEMO,
            Step(
                _("Protect the administrators"),
                _("Somebody who can change everything signs in with a password alone."),
                reverse("setup:profile"),
            ),
        ),
    ]
