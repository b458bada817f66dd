"""What may become of a mail before anybody reads it: one table of rules, in order; the first that matches decides.

Pure: no database, no clock. Blocked senders and the caps on automatic mail (RELIABILITY P-21) are the caller's, who knows the rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mainstay.mail.parse import Letter, auto

HOPS_CAP = 60


class Outcome(StrEnum):
    """What the caller does with the mail."""

    ACCEPT = "accept"
    SILENT = "silent"  # kept like any other, but nothing automatic ever answers it
    BOUNCE = "bounce"  # goes to the case whose mail failed
    LOOP = "loop"  # our own words have come back: recorded, nothing happens
    ASIDE = "aside"  # kept in quarantine for a person


@dataclass(frozen=True, slots=True)
class Envelope:
    """What SMTP said: the return path ("" is the empty one, None is unknown, as for imported files) and who it was for."""

    sender: str | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """What is ours: mailbox addresses in lower case, this installation's ids (our X-Loop), and how our Message-IDs end."""

    addresses: frozenset[str] = frozenset()
    instances: frozenset[str] = frozenset()
    message_id_ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, the name of the rule that decided ("" for plain acceptance), and what it saw, for the log and the screen."""

    outcome: Outcome
    rule: str = ""
    reason: str = ""

    @property
    def may_answer(self) -> bool:
        return self.outcome is Outcome.ACCEPT


@dataclass(frozen=True, slots=True)
class _Facts:
    letter: Letter
    envelope: Envelope
    own: OwnAddresses
    values: Mapping[str, str]

    @property
    def sender(self) -> str:
        return self.letter.from_.address.lower() if self.letter.from_ else ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A name, what follows, and a test that returns what it saw, or None."""

    name: str
    outcome: Outcome
    sees: Callable[[_Facts], str | None]


def judge(letter: Letter, envelope: Envelope, own: OwnAddresses) -> Verdict:
    """The verdict on a mail. Total: there is one for every letter."""
    values: dict[str, str] = {}
    for name, value in letter.headers:
        values.setdefault(name.lower(), value)
    facts = _Facts(letter, envelope, own, values)
    for rule in RULES:
        seen = rule.sees(facts)
        if seen is not None:
            return Verdict(rule.outcome, rule.name, seen[:200])
    return Verdict(Outcome.ACCEPT)


def _loop_header(facts: _Facts) -> str | None:
    """Our mark, on a mail that went round and came back, however many programs stand between."""
    marks = [value for name, value in facts.letter.headers if name.lower() in {"x-loop", "x-mainstay-instance"}]
    return next((value for value in marks if not facts.own.instances.isdisjoint(value.split())), None)


def _own_message_id(facts: _Facts) -> str | None:
    return facts.letter.message_id if facts.own.message_id_ends and facts.letter.message_id.endswith(facts.own.message_id_ends) else None


def _own_sender(facts: _Facts) -> str | None:
    """One of our mailboxes writes to another, or to itself (R-37)."""
    if facts.letter.bounce is None and facts.sender in facts.own.addresses:
        return facts.sender
    return None


def _hops(facts: _Facts) -> str | None:
    """RFC 5321 section 6.3: too many Received headers are a loop of mail servers."""
    count = sum(name.lower() == "received" for name, _ in facts.letter.headers)
    return f"{count} hops" if count > HOPS_CAP else None


def _bounce(facts: _Facts) -> str | None:
    failure = facts.letter.bounce
    return None if failure is None else f"{failure.recipient or 'unknown recipient'} {failure.status}".strip()


def _unreadable(facts: _Facts) -> str | None:
    return next((defect for defect in facts.letter.defects if defect.startswith("unreadable")), None)


def _nobody(facts: _Facts) -> str | None:
    """Nobody wrote it and nothing is in it: work for a person only if they want it."""
    letter = facts.letter
    if "@" in facts.sender or facts.envelope.sender or any("@" in box.address for box in letter.reply_to):
        return None
    return "no sender at all"


def _report(facts: _Facts) -> str | None:
    """Receipts and complaints that machines send (RFC 3798, RFC 5965)."""
    type_ = facts.values.get("content-type", "").lower()
    for sign in ("disposition-notification", "feedback-report", "multipart/report"):
        if sign in type_:
            return sign
    return "Feedback-Type" if "feedback-type" in facts.values else None


def _submitted(facts: _Facts) -> str | None:
    """RFC 3834 section 5: anything but "no" was sent by a machine."""
    value = facts.values.get("auto-submitted", "no").split(";")[0].strip().lower()
    return None if value in {"no", ""} else f"Auto-Submitted: {value}"


def _header_of(table: Mapping[str, tuple[str, ...]]) -> Callable[[_Facts], str | None]:
    return lambda facts: auto.sign(facts.values, table)


def _list(facts: _Facts) -> str | None:
    return next((name for name in LIST_HEADERS if name in facts.values), None)


def _return_path(facts: _Facts) -> str | None:
    """The empty return path asks that nothing is sent back (RFC 5321 section 4.5.5); the envelope counts, else the header."""
    sender = facts.envelope.sender
    if sender is None:
        sender = facts.values.get("return-path", "unknown").strip().strip("<>")
    return "empty return path" if sender.strip("<> ") == "" else None


def _no_reply(facts: _Facts) -> str | None:
    for address in (facts.sender, (facts.envelope.sender or "").lower()):
        if NO_REPLY.match(address):
            return address
    return None


def _foreign_loop(facts: _Facts) -> str | None:
    value = facts.values.get("x-loop")
    return None if value is None else f"X-Loop: {value}"


def _out_of_office(facts: _Facts) -> str | None:
    return facts.letter.subject if OUT_OF_OFFICE.match(facts.letter.subject) else None


LIST_HEADERS = (
    "list-id",
    "list-unsubscribe",
    "list-post",
    "list-help",
    "list-subscribe",
    "list-owner",
    "mailing-list",
    "x-mailing-list",
    "x-mailman-version",
)
PRECEDENCE = {
    "precedence": ("bulk", "junk", "list", "auto_reply", "auto-reply"),
    "x-precedence": ("bulk", "junk", "list", "auto_reply", "auto-reply"),
}
SUPPRESS = {"x-auto-response-suppress": ("all", "autoreply", "oof", "dr", "rn", "nrn")}
NO_REPLY = re.compile(
    r"^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|donotrespond|noanswer|nicht[-_.]?antworten|keine[-_.]?antwort|ne[-_.]?pas[-_.]?repondre|"
    r"no[-_.]?responder|"
    r"nao[-_.]?responda|non[-_.]?rispondere|niet[-_.]?beantwoorden|mailer[-_.]?daemon|postmaster|bounces?|auto[-_.]?reply|autoresponder|"
    r"listserv|majordomo|"
    r"owner-[^@]*|[^@]*-(?:owner|request|bounces?))(?:[-+=][^@]*)?@"
)
# Subjects of answers from people who are away. Only ever a reason to stay silent: a person may write such a subject too.
OUT_OF_OFFICE = re.compile(
    r"^\W*(?:(?:re|aw|sv|vs|antw|rif|ref|res)\s*:\s*)?(?:"
    r"out[- ]of[- ](?:the[- ])?office|automatic reply|auto(?:mated|matic)?[- ]?(?:reply|response|antwort)|auto:|vacation (?:reply|"
    r"response|message)|on (?:annual |sick |parental )?leave\b|"
    r"i am (?:away|out of)|away from|abwesenheit|automatische antwort|ich bin (?:nicht im|im urlaub)|nicht im büro|außer haus|"
    r"réponse automatique|absen(?:t|ce) du bureau|message d.absence|en congé|respuesta automática|fuera de (?:la )?oficina|ausente|"
    r"risposta automatica|fuori (?:ufficio|sede)|assente|resposta automática|fora do escritório|ausência|automatisch antwoord|afwezig|"
    r"niet aanwezig|"
    r"autosvar|automatiskt svar|frånvaro|ej på kontoret|automatisk svar|ikke til stede|fraværende|ikke på kontoret|automaattinen vastaus|"
    r"poissa|"
    r"odpowiedź automatyczna|automatyczna odpowiedź|poza biurem|nieobecno|automatická odpověď|mimo kancelář|nepřítomn|automatická odpoveď|"
    r"automatikus válasz|házon kívül|răspuns automat|în afara biroului|otomatik yanıt|ofis dışında|автоматический ответ|автоответ|"
    r"нет на месте|отсутств|"
    r"автоматична відповідь|αυτόματη απάντηση|εκτός γραφείου|自動返信|自動応答|不在|"
    r"自动回复|自動回覆|外出|자동 ?(?:회신|응답)|부재중|trả lời tự động|"
    r""
    r"תשובה אוטומטית|מענה אוטומטי|رد تلقائي|الرد التلقائي|balasan otomatis|automatski odgovor|samodejni odgovor|automatinis atsakymas"
    r")",
    re.I,
)

RULES: tuple[Rule, ...] = (
    Rule("own-loop-header", Outcome.LOOP, _loop_header),
    Rule("own-message-id", Outcome.LOOP, _own_message_id),
    Rule("hops", Outcome.LOOP, _hops),
    Rule("bounce", Outcome.BOUNCE, _bounce),
    Rule("own-sender", Outcome.LOOP, _own_sender),
    Rule("unreadable", Outcome.ASIDE, _unreadable),
    Rule("nobody", Outcome.ASIDE, _nobody),
    Rule("report", Outcome.SILENT, _report),
    Rule("auto-submitted", Outcome.SILENT, _submitted),
    Rule("auto-reply", Outcome.SILENT, _header_of(auto.SIGNS)),
    Rule("suppress", Outcome.SILENT, _header_of(SUPPRESS)),
    Rule("list", Outcome.SILENT, _list),
    Rule("precedence", Outcome.SILENT, _header_of(PRECEDENCE)),
    Rule("return-path", Outcome.SILENT, _return_path),
    Rule("no-reply", Outcome.SILENT, _no_reply),
    Rule("foreign-loop", Outcome.SILENT, _foreign_loop),
    Rule("out-of-office", Outcome.SILENT, _out_of_office),
)
