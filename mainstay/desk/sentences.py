"""What happened, told in sentences. The log holds ids; the names are looked up for a whole page at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from mainstay.cases.models import Case, Severity, Tag
from mainstay.channels.models import Delivery
from mainstay.desk.rows import what_words
from mainstay.events.models import Event
from mainstay.kernel import clock
from mainstay.people.models import Person, Team
from mainstay.ui.words import moment_words

# These stand in the thread themselves, or say what another line says better.
SHOWN_OTHERWISE = {
    "message.received",
    "reply.sent",
    "letter.written",
    "note.added",
    "delivery.sent",
    "case.opened",
    "promise.made",
    "promise.withdrawn",
}


@dataclass
class Names:
    """The names behind the ids of some events; an id whose row is gone has the name of nobody."""

    people: dict[int, str] = field(default_factory=dict)
    teams: dict[int, str] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)
    severities: dict[int, str] = field(default_factory=dict)
    cases: dict[int, str] = field(default_factory=dict)
    addresses: dict[int, str] = field(default_factory=dict)

    def person(self, key: int | None) -> str:
        return self.people.get(key or 0) or (_("somebody") if key else _("nobody"))

    def actor(self, key: int | None) -> str:
        """Who did it, by the first name: a line of events is about what was done."""
        name = self.people.get(key or 0, "")
        return (name.split()[0] if name.split() else _("Somebody")) if key else _("Mainstay")


@dataclass(frozen=True)
class Sentence:
    """`light`: brass, good, bad or nothing."""

    text: str
    light: str = ""


# The fields of an event's data that are ids, and of what.
_POINTERS = {
    "owner": "people", "backup": "people", "before": "people", "person": "people", "team": "teams", "tag": "tags", "severity": "severities",
    "other": "cases", "delivery": "addresses",
}  # fmt: skip
_READERS: dict[str, Callable[[set[int]], dict[int, str]]] = {
    "people": lambda keys: {row.pk: str(row) for row in Person.objects.filter(pk__in=keys).only("name", "email")},
    "teams": lambda keys: dict(Team.objects.filter(pk__in=keys).values_list("pk", "name")),
    "tags": lambda keys: dict(Tag.objects.filter(pk__in=keys).values_list("pk", "name")),
    "severities": lambda keys: {row.pk: f"{row.level} · {row.name}" for row in Severity.objects.filter(pk__in=keys)},
    "cases": lambda keys: {row.pk: row.spoken_number for row in Case.objects.filter(pk__in=keys).only("number")},
    "addresses": lambda keys: dict(Delivery.objects.filter(pk__in=keys).values_list("pk", "address")),
}


def names_for(events: Iterable[Event]) -> Names:
    """The names of everything that these events point to: one query for each kind of thing among them, six at most."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        if event.actor:
            wanted["people"].add(event.actor)
        for name, value in event.data.items():
            if name in _POINTERS and type(value) is int:
                wanted[_POINTERS[name]].add(value)
    return Names(**{kind: _READERS[kind](keys) for kind, keys in wanted.items()})


def sentence(event: Event, names: Names) -> Sentence:
    """The event as one sentence; a kind that nobody here knows is told by its own word."""
    who = names.actor(event.actor)
    teller = _TELLERS.get(event.kind)
    try:
        told = teller(who, {**event.data, "actor": event.actor}, names) if teller else None
    except (KeyError, TypeError, ValueError, AttributeError):
        told = None  # an event of another version, whose fields went by other names
    if told is None:
        return Sentence(f"{who}: {event.kind.replace('.', ' ').replace('_', ' ')}")
    return told if isinstance(told, Sentence) else Sentence(told)


Teller = Callable[[str, dict[str, Any], Names], "str | Sentence"]


def _assigned(who: str, data: dict[str, Any], names: Names) -> str:
    owner, backup = data["owner"], data.get("backup")
    if owner is None:
        return _("%(who)s gave it back; nobody owns it") % {"who": who}
    taken = owner == data["actor"]
    said = _("%(who)s took it") if taken else _("%(who)s gave it to %(owner)s")
    said %= {"who": who, "owner": names.person(owner)}
    return _("%(said)s, with %(backup)s as backup") % {"said": said, "backup": names.person(backup)} if backup else said


def _began_to_wait(who: str, data: dict[str, Any], names: Names) -> Sentence:
    on = {
        "customer": _("waits for the customer"), "fix": _("waits for a fix"), "third": _("waits for somebody else"), "date": _("rests"),
    }.get(data["on"], data["on"])  # fmt: skip
    until = _moment(data.get("until"))
    text = _("%(who)s: it %(waits)s, until %(moment)s at the latest") if until else _("%(who)s: it %(waits)s")
    return Sentence(text % {"who": who, "waits": on, "moment": until})


def _woke(who: str, data: dict[str, Any], names: Names) -> str:
    return {
        "reply": _("The answer woke it"), "date": _("Its time to rest is over"), "resolve": _("No wait any more"),
    }.get(data["by"], _("%(who)s woke it") % {"who": who})  # fmt: skip


def _resolved(who: str, data: dict[str, Any], names: Names) -> Sentence:
    how = {
        "answered": _("answered"), "worked_around": _("worked around"), "fixed": _("fixed"),
        "declined": _("declined"), "duplicate": _("duplicate"),
    }.get(data["how"], data["how"])  # fmt: skip
    return Sentence(_("%(who)s resolved it: %(how)s") % {"who": who, "how": how}, "good")


def _reopened(who: str, data: dict[str, Any], names: Names) -> Sentence:
    return Sentence(_("The answer reopened it") if data["by"] == "reply" else _("%(who)s reopened it") % {"who": who}, "brass")


def _took_part(who: str, data: dict[str, Any], names: Names) -> Sentence:
    someone = names.person(data["person"])
    if data["role"] == "offered":
        return Sentence(_("A mail named %(person)s, who gets replies once you tick them") % {"person": someone}, "brass")
    return Sentence(_("%(who)s added %(person)s to the replies") % {"who": who, "person": someone})


def _linked(who: str, data: dict[str, Any], names: Names) -> str:
    number = names.cases.get(data["other"], _("another case"))
    known = {"hint": _("It names case %(number)s, without proof"), "late": _("It answers case %(number)s, resolved long ago")}
    return known.get(data["why"], _("It has to do with case %(number)s")) % {"number": number}


def _bounced(who: str, data: dict[str, Any], names: Names) -> Sentence:
    address = names.addresses.get(data["delivery"], "")
    text = _("The mail to %(address)s came back") if data["permanent"] else _("The mail to %(address)s is late; its server still tries")
    return Sentence(text % {"address": address}, "bad" if data["permanent"] else "brass")


def _withheld(who: str, data: dict[str, Any], names: Names) -> Sentence:
    """Why no automatic message went out; the caps are about storms, the rest about where it would have gone."""
    reasons = {
        "case": _("this case had enough of them"),
        "address": _("this address had enough of them today"),
        "hour": _("too many went out within the hour"),
        "no-reply": _("nobody reads that address"),
        "own address": _("that address is ours"),
        "no address": _("there is no address"),
    }
    return Sentence(_("No automatic message was sent: %(reason)s") % {"reason": reasons.get(data["reason"], data["reason"])}, "brass")


def _promised(data: dict[str, Any]) -> str:
    return ", ".join(dict.fromkeys(what_words(row["what"]) for row in data["promises"]))


def _kept(who: str, data: dict[str, Any], names: Names) -> Sentence:
    late = any(datetime.fromisoformat(row["at"]) > datetime.fromisoformat(row["due"]) for row in data["promises"])
    text = _("Kept, though late: %(what)s") if late else _("Promise kept: %(what)s")
    return Sentence(text % {"what": _promised(data)}, "brass" if late else "good")


def _broken(who: str, data: dict[str, Any], names: Names) -> Sentence:
    return Sentence(_("Promise broken: %(what)s") % {"what": _promised(data)}, "bad")


def _simple(text: str, light: str = "", **pointers: str) -> Teller:
    """A sentence with %(who)s and the names of some of the event's fields; `text` is marked for translation where it is written."""

    def tell(who: str, data: dict[str, Any], names: Names) -> Sentence:
        values = {name: getattr(names, kind).get(data.get(name), _("nobody")) for name, kind in pointers.items()}
        return Sentence(_(text) % {"who": who, **values}, light)

    return tell


def _mark(text: str) -> str:
    """Marks a sentence for translation that is translated when it is told."""
    return text


_TELLERS: dict[str, Teller] = {
    "case.touched": _simple(_mark("%(who)s read it first")),
    "case.assigned": _assigned,
    "case.moved": _simple(_mark("%(who)s moved it to %(team)s"), team="teams"),
    "severity.set": _simple(_mark("%(who)s set severity %(severity)s"), severity="severities"),
    "subject.changed": _simple(_mark("%(who)s changed the subject")),
    "aim.set": _simple(_mark("%(who)s wrote down the aim")),
    "wait.begun": _began_to_wait,
    "wait.ended": _woke,
    "case.resolved": _resolved,
    "case.reopened": _reopened,
    "spam.marked": _simple(_mark("%(who)s marked it as spam"), "bad"),
    "spam.unmarked": _simple(_mark("%(who)s took it out of spam")),
    "tag.added": _simple(_mark("%(who)s tagged it %(tag)s"), tag="tags"),
    "tag.removed": _simple(_mark("%(who)s took the tag %(tag)s off"), tag="tags"),
    "cases.linked": _linked,
    "participant.added": _took_part,
    "participant.removed": _simple(_mark("%(who)s took %(person)s off the replies"), person="people"),
    "delivery.failed": _simple(_mark("The mail to %(delivery)s could not be delivered"), "bad", delivery="addresses"),
    "delivery.uncertain": _simple(_mark("It is not certain that %(delivery)s got the mail"), "brass", delivery="addresses"),
    "delivery.retried": _simple(_mark("%(who)s sent the mail to %(delivery)s again"), delivery="addresses"),
    "delivery.bounced": _bounced,
    "letter.withheld": _withheld,
    "promise.kept": _kept,
    "promise.broken": _broken,
}


def _moment(text: object) -> str:
    moment = parse_datetime(text) if isinstance(text, str) else None
    return moment_words(moment, clock.now(), timezone.get_current_timezone()) if isinstance(moment, datetime) else ""
