"""The levels, and how soon a case of each is read and answered."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.cases.models import Severity
from mainstay.promises.models import Target

LEVELS = range(1, 6)
FEWEST = 3
_TIME = re.compile(r"\s*(?:(\d{1,4})\s*h)?\s*(?:(\d{1,6})\s*(?:m|min)?)?\s*\Z", re.I)


class MinutesField(forms.CharField):
    """A time in open hours as people write it: "30 min", "2 h", "1 h 30"; empty promises nothing. Its value is minutes or None."""

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        found = _TIME.match(text)
        if not text:
            return None
        minutes = int(found[1] or 0) * 60 + int(found[2] or 0) if found else 0
        if not minutes:
            raise forms.ValidationError(gettext("Write a time such as 30 min, 2 h or 1 h 30."))
        return minutes


def write_minutes(minutes: int | None) -> str:
    if not minutes:
        return ""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


class SeveritiesForm(forms.Form):
    default = forms.TypedChoiceField(label=_("A new case begins with"), coerce=int, choices=[(level, str(level)) for level in LEVELS])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for level in LEVELS:
            self.fields[f"name_{level}"] = forms.CharField(label=_("Name"), required=level <= FEWEST, max_length=60)
            self.fields[f"meaning_{level}"] = forms.CharField(label=_("What it means"), required=False, max_length=200)
            self.fields[f"read_{level}"] = MinutesField(label=_("Read within"), required=False, max_length=20)
            self.fields[f"respond_{level}"] = MinutesField(label=_("Answered within"), required=False, max_length=20)

    @classmethod
    def now(cls, data: Any = None) -> SeveritiesForm:
        initial: dict[str, Any] = {}
        targets = {target.severity_id: target for target in Target.objects.all()}
        for row in Severity.objects.all():
            target = targets.get(row.pk)
            initial |= {f"name_{row.level}": row.name, f"meaning_{row.level}": row.meaning}
            initial |= {
                f"read_{row.level}": write_minutes(target.read_by if target else None),
                f"respond_{row.level}": write_minutes(target.respond if target else None),
            }
            if row.is_default:
                initial["default"] = row.level
        return cls(data, initial=initial)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        named = [level for level in LEVELS if values.get(f"name_{level}")]
        if 5 in named and 4 not in named:
            self.add_error("name_4", _("Name level 4 before level 5, or leave both empty."))
        if values.get("default") and values["default"] not in named:
            self.add_error("default", _("That level has no name."))
        for level in named:
            read, respond = values.get(f"read_{level}"), values.get(f"respond_{level}")
            if read and respond and respond < read:
                self.add_error(f"respond_{level}", _("Nothing is answered before it is read."))
        return values

    def levels(self) -> dict[int, tuple[str, str]]:
        values = self.cleaned_data
        return {level: (values[f"name_{level}"], values[f"meaning_{level}"]) for level in LEVELS if values[f"name_{level}"]}

    def targets(self) -> dict[int, tuple[int | None, int | None]]:
        values = self.cleaned_data
        return {level: (values[f"read_{level}"], values[f"respond_{level}"]) for level in self.levels()}

    def groups(self) -> list[dict[str, Any]]:
        """The fields of each level, for the page."""
        return [
            {
                "level": level,
                "named": self[f"name_{level}"].value(),
                "fields": [self[f"{name}_{level}"] for name in ("name", "meaning", "read", "respond")],
            }
            for level in LEVELS
        ]
