"""Time zones, as people choose them."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as _

REGIONS = ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@cache
def zones() -> list[tuple[object, object]]:
    """Choices for a select: UTC first, then the places of the IANA database by region."""
    groups: dict[str, list[tuple[str, str]]] = {region: [] for region in REGIONS}
    for name in sorted(available_timezones()):
        region, _slash, place = name.partition("/")
        if region in groups and place:
            groups[region].append((name, place.replace("_", " ").replace("/", ", ")))
    return [("UTC", _("UTC")), *((region, places) for region, places in groups.items() if places)]


def is_zone(name: str) -> bool:
    return name == "UTC" or (name in available_timezones() and name.partition("/")[0] in REGIONS)
