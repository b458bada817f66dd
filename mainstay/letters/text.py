"""The words of a letter: a text with {placeholders}, and the values that take their place.

Nothing is evaluated. A placeholder is one of the names below between two braces; everything else is text, and a value that looks
like a placeholder stays what it is, since the text is gone through once (S-076, S-077).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext, gettext_lazy

PLACEHOLDERS = {
    "greeting": gettext_lazy("“Hello Luis”, or just “Hello” to somebody we don't know yet"),
    "subject": gettext_lazy("“your message ‘Printer on fire’”, or just “your message” to somebody we don't know yet"),
    "number": gettext_lazy("the case's number: 204 118 337"),
    "read_by": gettext_lazy("when a person will have read it: “today by 15:40”"),
    "hours": gettext_lazy("when we are here: “Monday to Friday 9:00–17:00 (Europe/Berlin)”"),
    "phones": gettext_lazy("the team's telephone numbers"),
    "team": gettext_lazy("the name that the team signs with"),
}
LENGTH_CAP = 4_000
_PLACEHOLDER = re.compile(r"\{(" + "|".join(PLACEHOLDERS) + r")\}")
_BRACES = re.compile(r"\{([^{}]*)\}")


def house_text() -> str:
    """What we say where a team has said nothing else, in the language that is active."""
    return gettext(
        "{greeting},\n"
        "\n"
        "we have {subject}. Its number is {number}.\n"
        "\n"
        "A person will read it {read_by}.\n"
        "We are here {hours}.\n"
        "\n"
        "If there is more to say, just reply: your words join the case.\n"
        "If it can't wait, call us: {phones}.\n"
        "\n"
        "This much was automatic. The answer will come from a person.\n"
        "\n"
        "{team}"
    )


def check(body: str) -> None:
    """Raises ValueError with a sentence for the form when the text names a placeholder that there is none of, or is too long."""
    if len(body) > LENGTH_CAP:
        raise ValueError(gettext("That is longer than %(cap)d characters.") % {"cap": LENGTH_CAP})
    for name in _BRACES.findall(body):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{one}}}" for one in PLACEHOLDERS)
            told = {"name": f"{{{name[:40]}}}", "known": known}
            raise ValueError(gettext("We don't know what to put for %(name)s. What can stand there: %(known)s.") % told)


def fill(body: str, values: Mapping[str, str]) -> str:
    """The text with the values in their places. A line whose placeholder has nothing to say is left out."""
    lines = []
    for line in body.replace("\r\n", "\n").strip().split("\n"):
        named = _PLACEHOLDER.findall(line)
        if all(values.get(name) for name in named):
            lines.append(_PLACEHOLDER.sub(lambda found: values[found[1]], line))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
