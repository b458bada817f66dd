"""Delivery reports, in three steps: the machine-readable report (RFC 3464), what came back of our mail, then the words."""

from __future__ import annotations

import re
from collections.abc import Mapping

from . import addresses, auto, failures, headers
from .letter import Bounce, Mailbox
from .mime import Part, payload
from .words import raw_text

REPORT_CAP = 200_000
_ID = re.compile(r"(?im)^\s{0,4}message-id\s*:\s*<?([^<>\s]{3,500}@[^<>\s]{1,300})>?")
_TYPED = re.compile(r"^\s*[\w.-]{1,40}\s*;\s*", re.S)
_FIELD = re.compile(r"^([A-Za-z][A-Za-z0-9-]{1,60})\s{0,3}:(.*)$")
_COMMENT = re.compile(r"\s*\([^()]*\)\s*$")


def read(root: Part, reports: list[Part], text: str, values: Mapping[str, str], sender: Mailbox | None, own: set[str]) -> Bounce | None:
    """The bounce that this mail is, or None. `own` holds the addresses it was sent to, in lower case: they didn't fail."""
    if "feedback-type" in values or any(part.type == "message/feedback-report" for part in reports):
        return None
    statuses = [part for part in reports if part.type in {"message/delivery-status", "message/global-delivery-status"}]
    original = _original_id(reports, text)
    for part in statuses:
        groups = _groups(part)
        if groups:
            found, final = _from_report(groups, text, original)
            if found is not None or final:
                return found
    failed = addresses.read(values.get("x-failed-recipients", ""))[0]
    report = root.type == "multipart/report" and root.parameters.get("report-type", "delivery-status").lower() == "delivery-status"
    if failed or statuses or report or _looks_like_one(text, values, sender):
        return _from_words(text, values, tuple(box.address for box in failed if box.address), own, original)
    return None


def _groups(part: Part) -> list[dict[str, str]]:
    """The report's blocks of fields, the first about the message, the others each about a recipient."""
    groups: list[dict[str, str]] = [{}]
    last = ""
    for line in raw_text(payload(part, [])[:REPORT_CAP]).splitlines():
        field = _FIELD.match(line)
        if not line.strip():
            if groups[-1] and len(groups) < failures.RECIPIENTS_CAP:
                groups.append({})
            last = ""
        elif field is not None:
            last = field[1].lower()
            groups[-1].setdefault(last, field[2].strip())
        elif last:  # folded, or broken off without the space that folding asks for
            groups[-1][last] = f"{groups[-1][last]} {line.strip()}"[:4_000]
    return [group for group in groups if group]


def _from_report(groups: list[dict[str, str]], text: str, original: str) -> tuple[Bounce | None, bool]:
    """The bounce that a report's fields tell, and whether they say all there is to say."""
    about = [group for group in groups if "final-recipient" in group or "original-recipient" in group]
    if not about:
        return None, False
    actions = {_word(group.get("action", "")) for group in about} - {""}
    failed = [group for group in about if _word(group.get("action", "failed")) in {"failed", "delayed", "expired", "failure", "error"}]
    if not failed:
        return None, bool(actions & {"delivered", "relayed", "expanded", "deliverable"})
    permanent = any(_word(group.get("action", "failed")) != "delayed" for group in failed)
    if permanent:
        failed = [group for group in failed if _word(group.get("action", "failed")) != "delayed"]
    names = tuple(dict.fromkeys(name for name in map(_recipient, failed) if name))
    diagnosis = " ".join(group.get("diagnostic-code", "") + " " + group.get("status", "") for group in failed[:5])
    code = _status(failed[0], diagnosis, text)
    words = diagnosis if failed[0].get("diagnostic-code") else f"{diagnosis} {failures.told_by(text)}"
    return Bounce(names[0] if names else "", code, permanent, original, names, permanent and failures.is_hard(words, code)), True


def _word(value: str) -> str:
    return value.strip().lower().split("(")[0].split(";")[0].strip()


def _recipient(group: Mapping[str, str]) -> str:
    for name in ("original-recipient", "final-recipient"):
        value = _TYPED.sub("", group.get(name, "")).strip()
        address = _COMMENT.sub("", value).strip().strip("<>\"'").strip()
        if "@" in address:
            return address[:500]
    return ""


def _status(group: Mapping[str, str], diagnosis: str, text: str) -> str:
    """The report's status, or a more exact one that the diagnosis names."""
    stated = failures.status(group.get("status", ""))
    told = failures.status(group.get("diagnostic-code", ""))
    if told and (not stated or stated.endswith(".0.0") or told[0] == stated[0]):
        return told
    return stated or told or failures.status(failures.told_by(text))


def _looks_like_one(text: str, values: Mapping[str, str], sender: Mailbox | None) -> bool:
    """Whether it is certain enough without a report: a mail program's daemon, or a mail with failure in subject and words."""
    address, name = (sender.address, sender.name) if sender else ("", "")
    subject = values.get("subject", "")
    path = values.get("return-path", "").strip().lower()
    nobody = path == "<>" or path.startswith("<mailer-daemon")
    if values.get("auto-submitted", "").lower().startswith("auto-replied") and not (
        failures.SUBJECT.search(subject) or failures.SENDER.match(address)
    ):
        return False
    if failures.SENDER.match(address) or failures.SENDER.match(name) or failures.CERTAIN_SUBJECT.match(subject):
        return True
    if path == "<>" and address and auto.reason(values) is None:
        return True  # RFC 5321 section 4.5.5: the empty return path is for reports
    machine = nobody or not address or bool(failures.POSTMASTER.match(address) or failures.SENDER_NAME.search(name))
    if not machine:
        return False  # people write about failed deliveries too
    body = failures.BODY.search(failures.told_by(text)) is not None
    if failures.SUBJECT.search(subject):
        return body or nobody or bool(failures.POSTMASTER.match(address))
    return body and bool(failures.reply_code(text[:4_000]) or nobody)


def _from_words(text: str, values: Mapping[str, str], failed: tuple[str, ...], own: set[str], original: str) -> Bounce:
    words = failures.told_by(text)
    names = failed or failures.recipients(words, own)
    code = failures.status(words)
    told = f"{values.get('subject', '')}\n{words}"
    permanent = not failures.DELAYED.search(told) or failures.GIVEN_UP.search(told) is not None
    return Bounce(names[0] if names else "", code, permanent, original, names, permanent and failures.is_hard(words, code))


def _original_id(reports: list[Part], text: str) -> str:
    """The Message-ID of the mail that came back, bare; from its own headers, else from the words that quote them."""
    for part in reports:
        if part.type not in {"message/delivery-status", "message/feedback-report"}:
            data = payload(part, [])[:REPORT_CAP]
            found = _ID.search(headers.split(data, 0, len(data), top=True)[0].raw("message-id").join(("message-id: ", "")))
            if found:
                return found[1]
    found = _ID.search(text[: failures.BODY_CAP])
    return found[1] if found else ""
