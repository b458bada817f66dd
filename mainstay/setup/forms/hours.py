"""A calendar: the hours of a week, holidays, and days that differ."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from holidays.registry import COUNTRIES

from mainstay.promises.models import Calendar, CalendarRevision
from mainstay.promises.queries import holiday_places, revision_now, suggest_holidays
from mainstay.setup import weeks
from mainstay.setup.forms.fields import ZoneField, let_guess

DAYS = [f"day_{number}" for number in range(7)]
USUAL = [[("09:00", "17:00")]] * 5 + [[], []]


@cache
def countries() -> list[tuple[str, str]]:
    """The countries whose holidays can be suggested, by their English names."""
    names = {codes[1]: module.replace("_", " ").title() for module, codes in COUNTRIES.items()}
    return sorted(((code, names.get(code, code)) for code in holiday_places()), key=lambda pair: pair[1])


class CalendarForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As your colleagues call it."))
    zone = ZoneField(help_text=_("The hours below are counted there, also when its clocks change."))
    holidays = forms.CharField(
        label=_("Holidays"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Closed all day. One in each line: the date, then its name."),
    )
    days = forms.CharField(
        label=_("Days that differ"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as “2026-12-24 9:00–12:00”, or “2026-12-31 closed”. They go before the week and before holidays."),
    )
    country = forms.ChoiceField(label=_("Country"), required=False, choices=lambda: [("", _("Choose a country")), *countries()])
    part = forms.CharField(
        label=_("Part of it"), required=False, max_length=8, help_text=_("Its code, such as CA for California or BY for Bavaria.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in enumerate(DAYS):
            self.fields[name] = forms.CharField(
                label=WEEKDAYS[number], required=False, max_length=200, widget=forms.TextInput(attrs={"placeholder": _("closed")})
            )
        for name, read in (*((day, weeks.read_day) for day in DAYS), ("holidays", weeks.read_holidays), ("days", weeks.read_days)):
            setattr(self, f"clean_{name}", self._cleaner(name, read))

    @classmethod
    def of(cls, calendar: Calendar | None, data: Any = None) -> CalendarForm:
        if calendar is None:
            form = cls(data, initial={day: weeks.write_day(spans) for day, spans in zip(DAYS, USUAL, strict=True)})
            let_guess(form.fields["zone"])
            return form
        now: CalendarRevision = revision_now(calendar)
        week = {day: weeks.write_day(spans) for day, spans in zip(DAYS, now.hours, strict=True)}
        text = {"holidays": weeks.write_holidays(now.holidays), "days": weeks.write_days(now.days)}
        return cls(data, initial={"name": calendar.name, "zone": now.zone, **week, **text})

    def _cleaner(self, name: str, read: Callable[[str], Any]) -> Callable[[], Any]:
        def clean() -> Any:
            try:
                return read(self.cleaned_data[name])
            except ValueError as sentence:
                raise forms.ValidationError(str(sentence))

        return clean

    def week(self) -> list[forms.BoundField]:
        return [self[day] for day in DAYS]

    def values(self) -> dict[str, Any]:
        """What the verbs take."""
        values = self.cleaned_data
        return {"zone": values["zone"], "hours": [values[day] for day in DAYS], "holidays": values["holidays"], "days": values["days"]}

    def suggest(self) -> CalendarForm:
        """The same form with the country's holidays put to those in it. Nothing is kept before somebody presses Save."""
        data = dict(self.data.items())
        country, part = data.get("country", ""), data.get("part", "").strip().upper()[:8]
        form = type(self)(data)
        if country not in dict(countries()):
            form.add_error("country", gettext("Choose the country first."))
        elif part and part not in holiday_places()[country]:
            known = ", ".join(holiday_places()[country]) or gettext("none")
            form.add_error("part", gettext("That part is not known. Known are: %(parts)s.") % {"parts": known})
        else:
            data["holidays"] = self._with(data.get("holidays", ""), suggest_holidays(country, part))
        return form

    def _with(self, text: str, found: dict[str, str]) -> str:
        try:
            return weeks.write_holidays(found | weeks.read_holidays(text))
        except ValueError:
            return text
