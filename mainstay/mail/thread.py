"""Which case a mail belongs to: by proof only (ARCHITECTURE section 4). No setting loosens this.

1. A reply token in an address that the mail was delivered to: 128 secret bits that only one person was sent.
2. A Message-ID of ours in In-Reply-To or References: as many secret bits.
3. A Message-ID that we were sent ourselves, but only from an authenticated sender who takes part.

Everything else, a case number above all, is a hint: it links a new case to the one it names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from mainstay.cases.models import Case, Message, Participant
from mainstay.channels import tokens
from mainstay.mail.addresses import Directory, tokens_in
from mainstay.mail.parse import Letter
from mainstay.people.models import Person

HINTS_CAP = 3
IDS_CAP = 100
LOOK_INTO = 400
CHAIN_CAP = 20
# Exactly what `channels` makes; an id of any other shape is nobody's proof, and costs no query (S-030).
_OURS = re.compile(r"[0-9a-f]{32}@[^\s<>@]{1,255}\Z")
_NUMBER = re.compile(r"(?<![\d.,:/+-])([1-9]\d{2})[ \u00a0.-]?(\d{3})[ \u00a0.-]?(\d{3})(?![\d]|[.,:/-]\d)")


@dataclass(frozen=True)
class Found:
    """The proven case, what proved it ("token", "message-id", "reference") and whom the token was sent to; else hints."""

    case: Case | None = None
    proof: str = ""
    person: Person | None = None
    hints: tuple[Case, ...] = ()


def find_case(
    letter: Letter, recipients: Sequence[str], directory: Directory, *, sender: Person | None = None, is_authenticated: bool = False
) -> Found:
    """The case that the mail proves to belong to, or the cases that it merely names.

    `recipients` are the envelope's. `is_authenticated`: the border says that `sender` wrote this mail (DMARC); nobody says so
    yet, so the third way is closed.
    """
    found = by_token(letter, recipients, directory) or by_own_id(letter)
    if found is None and is_authenticated and sender is not None:
        found = _by_reference(letter, sender)
    return found or Found(hints=_hints(letter, recipients))


def by_token(letter: Letter, recipients: Sequence[str], directory: Directory) -> Found | None:
    """The envelope's addresses first; then those that the mail itself names as delivered to, where a forwarder left them."""
    named = [value for name, value in letter.headers if name.lower() in {"delivered-to", "x-original-to", "envelope-to"}][:10]
    addresses = [*recipients, *named, *(box.address for box in (*letter.to, *letter.cc))]
    for value in tokens_in(addresses, directory)[:5]:
        row = tokens.find(value)
        if row is not None:
            return Found(_survivor(row.case), "token", row.person)
    return None


def by_own_id(letter: Letter) -> Found | None:
    """In-Reply-To first, then References from the newest on; the first that is ours wins."""
    wanted = [f"<{one}>" for one in _answered(letter) if _OURS.match(one)]
    if not wanted:
        return None
    known = {m.message_id: m for m in Message.objects.filter(message_id__in=wanted, is_ours=True).select_related("case")}
    message = next((known[one] for one in wanted if one in known), None)
    return None if message is None else Found(_survivor(message.case), "message-id")


def _answered(letter: Letter) -> list[str]:
    newest_first = [letter.in_reply_to, *reversed(letter.references)]
    return [one for one in dict.fromkeys(newest_first) if one][:IDS_CAP]


def _by_reference(letter: Letter, sender: Person) -> Found | None:
    for case in _cases_that_know(_answered(letter)):
        roles = [Participant.Role.REQUESTER, Participant.Role.COPIED]
        if Participant.objects.filter(case=case, person=sender, role__in=roles).exists():
            return Found(case, "reference", sender)
    return None


def _cases_that_know(bare: Sequence[str]) -> list[Case]:
    """The cases with a message that a customer sent under one of these ids, newest first."""
    if not bare:
        return []
    wanted = [f"<{one}>" for one in bare]
    messages = Message.objects.filter(message_id__in=wanted, is_ours=False).select_related("case").order_by("-id")[:HINTS_CAP]
    return list(dict.fromkeys(_survivor(message.case) for message in messages))


def _hints(letter: Letter, recipients: Sequence[str]) -> tuple[Case, ...]:
    """Cases whose number stands in the subject, the first words or an address, or whose customer's mail is answered."""
    places = [letter.subject[:LOOK_INTO], letter.reply[:LOOK_INTO], *(one.replace("+", " ").replace("@", " ") for one in recipients[:5])]
    numbers = [int("".join(match.groups())) for place in places for match in _NUMBER.finditer(place)][:10]
    named = list(Case.objects.filter(number__in=numbers)[:HINTS_CAP]) if numbers else []
    known = _cases_that_know(_answered(letter)[:10])
    return tuple(dict.fromkeys([*(_survivor(case) for case in named), *known]))[:HINTS_CAP]


def _survivor(case: Case) -> Case:
    """The case that this one was merged into, however often."""
    for _ in range(CHAIN_CAP):
        if case.merged_into is None:
            break
        case = case.merged_into
    return case
