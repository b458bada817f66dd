"""Carrying an invitation's link to the invited by mail, where mail can leave."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext

from mainstay.channels.actions.send import new_message_id
from mainstay.jobs import GiveUp, Retry, task
from mainstay.kernel import clock, secrets
from mainstay.mail.addresses import instance
from mainstay.mail.compose import Outgoing, compose
from mainstay.mail.models import Mailbox
from mainstay.mail.wayout import Fate, send
from mainstay.mail.wire import Unsendable, address
from mainstay.people.actions.agents import INVITATION_LIFE, invited
from mainstay.people.models import Person
from mainstay.setup.health import STUCK


def send_invitation(person: Person, link: str, *, by: Person) -> bool:
    """Put the link on its way by the default mailbox; False where no mail can leave, and a person has to hand it over."""
    if _way_out() is None:
        return False
    # The queue keeps arguments as they are, and nothing but a hash of the link may lie in the database (S-065).
    carry_invitation.enqueue(person.pk, by.name, secrets.seal(link))
    return True


@task(queue_name="network", max_attempts=10)
def carry_invitation(person_id: int, by: str, sealed: str) -> None:
    """Mail it while the link is good. Sent once more at worst: the link works once."""
    mailbox, link = _way_out(), secrets.unseal(sealed)
    person = invited(link.rpartition("/")[2])
    if mailbox is None or person is None or person.pk != person_id:
        return
    try:
        recipient = address(person.email or "")
        data = compose(_mail(mailbox, person, recipient, by, link))
    except Unsendable as sentence:
        raise GiveUp(str(sentence))
    outcome = send(mailbox, mailbox.address, recipient, data, before_data=lambda: None)
    if outcome.fate in {Fate.LATER, Fate.ROUTE}:
        raise Retry(STUCK, "the server did not take an invitation")
    if outcome.fate is Fate.REFUSED:
        raise GiveUp("the server refused an invitation")


def _mail(mailbox: Mailbox, person: Person, recipient: str, by: str, link: str) -> Outgoing:
    team = mailbox.team.signs_as
    hours = int(INVITATION_LIFE.total_seconds() // 3600)
    words = gettext(
        "Hello %(name)s,\n\n%(by)s invites you to answer customers with %(team)s. Choose your password here:\n\n%(link)s\n\n"
        "The link works once, and for %(hours)d hours. If you did not expect it, nothing happens unless you open it."
    )
    return Outgoing(
        message_id=new_message_id(),
        at=clock.now(),
        sender=(mailbox.name or team, mailbox.address),
        reply_to=(mailbox.name or team, mailbox.address),
        to=[(person.name, recipient)],
        subject=gettext("Your place at %(team)s") % {"team": team},
        body=words % {"name": person.first_name or recipient, "by": by, "team": team, "link": link, "hours": hours},
        format="plain",
        is_letter=True,
        instance=instance(),
    )


def _way_out() -> Mailbox | None:
    """The mailbox that invitations leave by; none in the demo, which sends nothing away."""
    boxes = Mailbox.objects.filter(is_active=True).exclude(host="").select_related("team").order_by("-is_default", "pk")
    return None if settings.DEMO else boxes.first()
