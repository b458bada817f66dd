"""What `mainstay doctor` looks at."""

from __future__ import annotations

from collections.abc import Iterator

from mainstay.kernel.checkup import CHECKS, Finding


def register() -> None:
    CHECKS.register("7 mailboxes", mailboxes)
    CHECKS.register("8 mail", mail)


def mailboxes() -> Iterator[Finding]:
    """Each mailbox's way out, as the last deliveries found it; the test button on the settings page looks anew."""
    from django.conf import settings

    from mainstay.mail.models import Mailbox

    boxes = list(Mailbox.objects.filter(is_active=True).order_by("address"))
    if not boxes:
        yield Finding(False, "There is no mailbox yet, so no mail can come; make one in the settings.")
    for box in boxes:
        if box.last_error:
            yield Finding(False, f"{box.address} can't send: {box.last_error}")
        elif not box.has_way_out and not settings.DEMO:
            yield Finding(False, f"{box.address} has no server to send by; name one in the settings.")
        else:
            yield Finding(True, f"{box.address} takes and sends mail.")


def mail() -> Iterator[Finding]:
    """Nothing waits for long, nothing is in quarantine, and every accepted mail is somewhere."""
    from mainstay.mail.queries import STUCK_AFTER, health

    state = health()
    for what, age in (("kept mail has waited to be filed", state.oldest_waiting), ("message has waited to be sent", state.oldest_unsent)):
        is_well = age is None or age <= STUCK_AFTER
        yield Finding(
            is_well, f"No {what} for long." if is_well or age is None else f"A {what} for {age.total_seconds() / 60:.0f} minutes."
        )
    if state.quarantined:
        yield Finding(False, f"{state.quarantined} mails are in quarantine; somebody has to look at them.")
    else:
        yield Finding(True, "No mail is in quarantine.")
    if not state.has_room:
        yield Finding(False, "The disk is so full that mail is refused for now.")
