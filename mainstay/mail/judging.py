"""What is to become of a mail that was read. Reads rows and keeps files; what it returns writes, and only rows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db.models import Q
from django.utils.translation import gettext

from mainstay.cases.actions import FileKept
from mainstay.cases.models import Case
from mainstay.jobs import Retry
from mainstay.kernel import blobs
from mainstay.kernel.compiled import Compiled
from mainstay.mail import bouncing, guard, room
from mainstay.mail.addresses import Directory
from mainstay.mail.filing import Filing, Named, Reason, State, file, settle_aside, settle_bounce, settle_copy
from mainstay.mail.guard import Outcome, Verdict
from mainstay.mail.models import RawMail
from mainstay.mail.parse import File, Letter, Mailbox
from mainstay.mail.thread import Found, find_case
from mainstay.people.models import Agent
from mainstay.people.queries import is_blocked, normal_email, people_by_email

Finish = Callable[[], object]

_SAME = Compiled(lambda identity, pk: RawMail.objects.filter(~Q(pk=pk), identity=identity).select_related("message"), str, int)

COPIED_CAP = 25
FILES_CAP = 200
ID_CAP = 298
_ONE_ADDRESS = re.compile(r"[^\s<>@,;:\"()\[\]\\]{1,64}@[^\s<>@,;:\"()\[\]\\]{1,255}\Z")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[A-Za-z]{2,4})?\Z")


def plan(raw: RawMail, letter: Letter, directory: Directory, *, reason: str = "") -> Finish:
    """How this mail is settled. `reason` says why it could not be read, when it could not. What a person wished for it
    (`verdicts["wish"]`) goes before what the guard thinks."""
    sender = _sender(raw, letter)
    verdict = guard.judge(letter, guard.Envelope(raw.envelope_from, (raw.envelope_to,)), directory.own())
    _describe(raw, letter, sender, verdict)
    if raw.verdicts.get("wish"):
        return _as_wished(raw, letter, sender, verdict, directory)
    if reason or verdict.rule == "unreadable":
        return partial(settle_aside, raw, State.QUARANTINED, reason or Reason.UNREADABLE)
    found = find_case(letter, [raw.envelope_to], directory)
    earlier = _earlier(raw, found)
    if earlier is not None:
        return partial(settle_copy, raw, earlier)
    if verdict.outcome is Outcome.BOUNCE and letter.bounce is not None:
        return _bounce(raw, letter)
    aside = _aside(letter, sender, verdict, found, directory)
    if aside:
        return partial(settle_aside, raw, State.SET_ASIDE, aside)
    return partial(file, raw, _filing(raw, letter, sender, verdict, found, directory))


def _sender(raw: RawMail, letter: Letter) -> Named:
    """Name and address of who wrote it: From, else the envelope's return path; empty when neither names anybody."""
    if letter.from_ is not None and _ONE_ADDRESS.match(letter.from_.address):
        return letter.from_.name, letter.from_.address
    if _ONE_ADDRESS.match(raw.envelope_from):
        return (letter.from_.name if letter.from_ else ""), raw.envelope_from
    return (letter.from_.name or letter.from_.address if letter.from_ else ""), ""


def _describe(raw: RawMail, letter: Letter, sender: Named, verdict: Verdict) -> None:
    """What the Quarantine page shows and a second copy is known by."""
    raw.sender = normal_email(sender[1] or sender[0])[:320]
    raw.subject = " ".join(letter.subject.split())[:200]
    raw.header_id = letter.message_id[:900]
    raw.defects = list(dict.fromkeys([*raw.defects, *(defect[:200] for defect in letter.defects)]))[:20]
    raw.digest = _digest(letter, sender)
    raw.verdicts = {**raw.verdicts, "outcome": verdict.outcome.value, "rule": verdict.rule, "saw": verdict.reason}
    # Without a Message-ID and a date nothing tells a copy from the same words sent again tomorrow.
    named = letter.message_id or letter.date
    raw.identity = hashlib.sha256(f"{letter.message_id}\n{raw.digest}".encode()).hexdigest() if named else None


def _digest(letter: Letter, sender: Named) -> str:
    """What the mail says, whoever carried it: a foreign mail under the same Message-ID has another digest (S-043)."""
    running = hashlib.sha256()
    date = letter.date.isoformat() if letter.date else ""
    for part in (sender[1], date, letter.subject, letter.text, letter.html or "", *(entry.sha256 for entry in letter.attachments)):
        running.update(hashlib.sha256(part.encode("utf-8", "replace")).digest())
    return running.hexdigest()


def _earlier(raw: RawMail, found: Found) -> int | None:
    """The receipt under which this very mail stands already. A copy that proves to belong to another case is no copy."""
    if raw.identity is None:
        return None
    first = _SAME.first(raw.identity, raw.pk)
    if first is None:
        return None
    if found.case is not None and first.message is not None and first.message.case_id != found.case.pk:
        raw.identity = None
        return None
    return first.pk


def _aside(letter: Letter, sender: Named, verdict: Verdict, found: Found, directory: Directory) -> str:
    """Why the mail does not go into a case, or nothing."""
    if verdict.outcome is Outcome.LOOP or directory.is_own(sender[1]):
        return Reason.LOOP
    if not sender[1] or verdict.outcome is Outcome.ASIDE:
        return Reason.NO_SENDER
    if is_blocked(sender[1]):
        return Reason.BLOCKED
    if found.case is None:
        return Reason.AUTO_REPLY if _is_automatic(letter, verdict) else ""
    return Reason.AGENT if _borrows_an_agent(sender[1], found) else ""


def _is_automatic(letter: Letter, verdict: Verdict) -> bool:
    """An answer that no person wrote, or a receipt; a machine's own notices and lists are mail like any other."""
    return letter.auto_reply is not None or verdict.rule == "report"


def _borrows_an_agent(address: str, found: Found) -> bool:
    """An agent's address in a case that the agent was not written to as a customer: nothing proves that the agent wrote it, so it
    may not speak there (S-031). Once the border authenticates senders, those who pass may."""
    person = people_by_email([address]).get(normal_email(address))
    if person is None or (found.person is not None and found.person.pk == person.pk):
        return False
    return Agent.objects.filter(person=person).exists()


def _bounce(raw: RawMail, letter: Letter) -> Finish:
    assert letter.bounce is not None
    deliveries = bouncing.deliveries(letter.bounce, raw.envelope_to)
    if not deliveries:
        return partial(settle_aside, raw, State.SET_ASIDE, Reason.BOUNCE)
    return partial(settle_bounce, raw, deliveries, bouncing.answer(letter), permanent=letter.bounce.permanent)


def _as_wished(raw: RawMail, letter: Letter, sender: Named, verdict: Verdict, directory: Directory) -> Finish:
    """A person decided: "let in" follows its proof like any mail, "case" opens one, "attach" puts it to the case they named."""
    wish = raw.verdicts["wish"]
    raw.identity = None if RawMail.objects.filter(identity=raw.identity).exclude(pk=raw.pk).exists() else raw.identity
    found = find_case(letter, [raw.envelope_to], directory) if wish == "let in" else Found()
    if wish == "attach":
        found = Found(case=Case.objects.filter(pk=raw.verdicts["case"]).first(), proof="person")
    return partial(file, raw, _filing(raw, letter, sender, verdict, found, directory, is_wanted=True))


def _filing(
    raw: RawMail, letter: Letter, sender: Named, verdict: Verdict, found: Found, directory: Directory, *, is_wanted: bool = False
) -> Filing:
    assert raw.mailbox is not None
    is_readable = not any(defect.startswith("unreadable") for defect in letter.defects)
    automatic = _is_automatic(letter, verdict)
    to, cc = _copied(letter, sender, directory)
    return Filing(
        sender=sender,
        to=to,
        cc=cc,
        subject=letter.subject if is_readable else "",
        body=letter.text if is_readable else _told(raw),
        cut=letter.cut if letter.cut < len(letter.text) else None,
        html=_kept_html(letter),
        header_id=f"<{letter.message_id}>" if 0 < len(letter.message_id) <= ID_CAP else "",
        dated=_plausible(letter.date),
        language=_language(letter),
        team=raw.mailbox.team,
        case=found.case,
        hints=found.hints,
        is_proven=found.proof != "person",
        answerable=verdict.may_answer and is_readable and bool(sender[1]),
        wakes=not automatic,
        files=_kept_files(letter.attachments) if is_readable else [_whole(raw)],
        is_wanted=is_wanted,
    )


def _copied(letter: Letter, sender: Named, directory: Directory) -> tuple[list[Named], list[Named]]:
    """The other people in To and Cc, each once: no address of ours, nothing that is no address, and not more than a few."""
    seen = {normal_email(sender[1])}

    def fresh(box: Mailbox) -> bool:
        address = normal_email(box.address)
        if address in seen or len(seen) > COPIED_CAP or not _ONE_ADDRESS.match(box.address) or directory.is_own(address):
            return False
        seen.add(address)
        return True

    return [(box.name, box.address) for box in letter.to if fresh(box)], [(box.name, box.address) for box in letter.cc if fresh(box)]


def _kept_html(letter: Letter) -> str:
    return _keep(letter.html.encode("utf-8", "replace")) if letter.html else ""


def _kept_files(files: Sequence[File]) -> list[FileKept]:
    return [
        FileKept(entry.name[:255], entry.type[:127], len(entry.data), _keep(entry.data), entry.content_id[:255], entry.inline)
        for entry in files[:FILES_CAP]
    ]


def _keep(data: bytes) -> str:
    try:
        return blobs.keep(data)
    except OSError as error:
        if room.is_full(error):
            raise Retry(timedelta(seconds=30), "the disk is full") from error
        raise


def _whole(raw: RawMail) -> FileKept:
    """The mail itself as a file, when its parts can't be had."""
    return FileKept("mail.eml", "message/rfc822", raw.size, raw.hash)


def _told(raw: RawMail) -> str:
    return gettext("This mail could not be read. It is attached as it came, from %(sender)s.") % {"sender": raw.envelope_from or "?"}


def _plausible(date: datetime | None) -> datetime | None:
    """The sender's own date, where a calendar can show it; order and promises never look at it (R-57)."""
    return date.astimezone(UTC) if date is not None and 1970 < date.year < 9000 else None


def _language(letter: Letter) -> str:
    value = letter.header("content-language").split(",")[0].strip()
    return value.lower() if _LANGUAGE.match(value) else ""
