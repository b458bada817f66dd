"""From rows to a mail: who speaks, to whom, in answer to what. Reads rows and files, writes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import dateformat, translation
from django.utils.translation import gettext

from mainstay.cases.models import Attachment, Audience, Case, Message
from mainstay.channels import tokens
from mainstay.channels.links import link_for, without_links
from mainstay.channels.models import Delivery
from mainstay.kernel import blobs, clock
from mainstay.kernel.compiled import Compiled
from mainstay.mail.addresses import instance, with_token
from mainstay.mail.compose import REFERENCES_CAP, Named, Outgoing, OutgoingFile, Quoted, answering
from mainstay.mail.models import Mailbox, RawMail
from mainstay.mail.wire import Unsendable, address
from mainstay.people.models import Agent

FILES_SIZE_CAP = 25 * 1024 * 1024
_BOXES = Compiled(lambda: Mailbox.objects.filter(is_active=True).order_by("-is_default", "pk"))
_AGENT = Compiled(lambda person: Agent.objects.filter(person=person), int)
_EARLIER = Compiled(
    lambda case, before: (
        Message.objects.filter(case=case, id__lt=before).exclude(message_id="").select_related("author").order_by("-id")[:REFERENCES_CAP]
    ),
    int,
    int,
)
_ADDRESSED = Compiled(
    lambda pk: Audience.objects.filter(message=pk).exclude(place=Audience.Place.FROM).select_related("person").order_by("pk"), int
)
_FILES = Compiled(lambda pk: Attachment.objects.filter(message=pk).order_by("pk"), int)


@dataclass(frozen=True)
class Ready:
    """A mail and its envelope. The return path carries the recipient's own token, so that a bounce proves whom it is about; a
    letter's is empty, since nothing may answer it (RFC 3834, section 3.3)."""

    mail: Outgoing
    sender: str
    recipient: str


def mailbox_for(case: Case) -> Mailbox | None:
    """The mailbox that speaks for the case: the one its mail came to, else its team's, else the default one."""
    boxes = _BOXES()
    theirs = [box for box in boxes if box.team_id == case.team_id]
    if len(theirs) > 1:
        came_to = RawMail.objects.filter(message__case=case, mailbox__in=theirs).order_by("-pk").values_list("mailbox", flat=True).first()
        theirs.sort(key=lambda box: box.pk != came_to)
    return next(iter([*theirs, *boxes]), None)


def prepare(delivery: Delivery, mailbox: Mailbox) -> Ready:
    """The delivery as a mail; raises Unsendable with a plain sentence when it can't be one, FileNotFoundError when a file is gone.
    Five queries at most."""
    message, case = delivery.message, delivery.message.case
    with translation.override(_language(case)):
        mail = _mail(message, case, delivery, mailbox)
    return_path = "" if message.is_letter else mail.reply_to[1]
    return Ready(mail, return_path, address(delivery.address))


def _mail(message: Message, case: Case, delivery: Delivery, mailbox: Mailbox) -> Outgoing:
    voice = mailbox.name or case.team.signs_as
    earlier = _earlier(message)
    answered = next((one for one in reversed(earlier) if not one.is_ours), None)
    # A letter to an address that nobody has proven repeats nothing that a forger could have written (S-039).
    is_fixed = message.is_letter and not message.is_proven
    to, cc = _recipients(message, delivery)
    agent = None if message.is_letter or message.author_id is None else _AGENT.first(message.author_id)
    return Outgoing(
        message_id=message.message_id,
        at=clock.now(),
        sender=(_spoken_by(message, case), mailbox.address),
        reply_to=(voice, with_token(mailbox.address, tokens.derive(case.pk, delivery.person_id))),
        to=[("", own) for _, own in to] if is_fixed else to,
        cc=cc,
        subject=_subject(case, earlier, is_fixed=is_fixed),
        body=message.body,
        format=message.format,
        signature=agent.signature if agent else "",
        footer=_footer(case, delivery),
        marker=gettext("Please write your answer above this line"),
        in_reply_to=answered.message_id if answered else "",
        references=[one.message_id for one in earlier],
        quoted=None if is_fixed else _quoted(answered),
        files=_files(message),
        is_letter=message.is_letter,
        instance=instance(),
    )


def _subject(case: Case, earlier: list[Message], *, is_fixed: bool) -> str:
    if is_fixed and any(one.is_ours for one in earlier):
        return gettext("Your case %(number)s") % {"number": case.spoken_number}
    if is_fixed:
        return gettext("We have your message: case %(number)s") % {"number": case.spoken_number}
    return answering(case.subject) if earlier else case.subject


def _footer(case: Case, delivery: Delivery) -> str:
    """The number, and the recipient's own link: made now, for this address, and kept nowhere."""
    words = gettext("Case %(number)s. Answer this mail, and your words join it. See how it stands:\n%(link)s")
    return words % {"number": case.spoken_number, "link": link_for(case, delivery.person)}


def _spoken_by(message: Message, case: Case) -> str:
    """Replies come from a named person; a letter speaks in the team's voice."""
    if message.is_letter or message.author is None:
        return case.team.signs_as
    return message.author.name


def _earlier(message: Message) -> list[Message]:
    """The last messages of the thread that have an id, oldest first, the first of all among them."""
    return list(reversed(_EARLIER(message.case_id, message.id)))


def _recipients(message: Message, delivery: Delivery) -> tuple[list[Named], list[Named]]:
    """Everybody it goes to, as everybody may see; whose address is none is left out of the headers, and has a delivery that fails."""
    if message.is_letter:
        return [(delivery.person.said_name, delivery.address)], []
    places: dict[str, list[Named]] = {Audience.Place.TO: [], Audience.Place.CC: []}
    for row in _ADDRESSED(message.id):
        if row.address and _is_sendable(row.address):
            places[row.place].append((row.person.said_name, row.address))
    to = places[Audience.Place.TO] or [(delivery.person.said_name, delivery.address)]
    return to, places[Audience.Place.CC]


def _is_sendable(value: str) -> bool:
    try:
        address(value)
    except Unsendable:
        return False
    return True


def _quoted(answered: Message | None) -> Quoted | None:
    if answered is None:
        return None
    name = str(answered.author) if answered.author else answered.written_from
    heading = gettext("On %(date)s, %(name)s wrote:") % {"date": _day(answered.at), "name": name}
    return Quoted(heading, without_links(answered.visible))


def _day(at: datetime) -> str:
    return dateformat.format(at, "j F Y")


def _files(message: Message) -> list[OutgoingFile]:
    rows = [] if message.is_letter else _FILES(message.id)
    if sum(row.size for row in rows) > FILES_SIZE_CAP:
        raise Unsendable(gettext("The files are larger than a mail may be; 25 MB is the most."))
    return [OutgoingFile(row.name, row.type, blobs.read(row.hash), row.content_id) for row in rows]


def _language(case: Case) -> str | None:
    """The case's language where we speak it, else the installation's."""
    known = case.language.partition("-")[0]
    return known if known and translation.check_for_language(known) else None
