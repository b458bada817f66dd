"""How time reads on a page: "late 9 min", "38 m", "1 h 10", "Mon 9:00"."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from django.utils import dateformat
from django.utils.translation import gettext, ngettext

SOON = timedelta(hours=2)


def due_words(due_at: datetime, now: datetime, tz: tzinfo) -> str:
    """What is left of a promise, or how late it is; as short as can be, and never more than is left."""
    return late_words(now - due_at) if due_at < now else left_words(due_at, now, tz)


def due_state(due_at: datetime, now: datetime) -> str:
    """late, soon (within two hours) or calm."""
    if due_at < now:
        return "late"
    return "soon" if due_at - now < SOON else "calm"


def late_words(late: timedelta) -> str:
    minutes = int(late.total_seconds() // 60)
    if minutes < 60:
        return gettext("late %(minutes)d min") % {"minutes": max(minutes, 1)}
    if minutes < 24 * 60:
        return gettext("late %(hours)d h") % {"hours": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("late %(days)d day", "late %(days)d days", days) % {"days": days}


def left_words(due_at: datetime, now: datetime, tz: tzinfo) -> str:
    minutes = int((due_at - now).total_seconds() // 60)
    local, today = due_at.astimezone(tz), now.astimezone(tz)
    if minutes < 1:
        return gettext("now")
    if minutes < 60:
        return gettext("%(minutes)d m") % {"minutes": minutes}
    if minutes < 3 * 60:
        return gettext("%(hours)d h %(minutes)02d") % {"hours": minutes // 60, "minutes": minutes % 60}
    if local.date() == today.date():
        return gettext("%(hours)d h") % {"hours": minutes // 60}
    if local.date() - today.date() < timedelta(days=7):
        return dateformat.format(local, "D G:i")
    return dateformat.format(local, "j M" if local.year == today.year else "j M Y")


def moment_words(moment: datetime, now: datetime, tz: tzinfo) -> str:
    """When something happened or will: 10:20 today, Yesterday 10:20, Mon 10:20 this week, 3 Apr 10:20, 3 Apr 2025."""
    local, today = moment.astimezone(tz), now.astimezone(tz)
    days = (today.date() - local.date()).days
    if days == 0:
        return dateformat.format(local, "G:i")
    if days in {1, -1}:
        day = gettext("Yesterday") if days == 1 else gettext("Tomorrow")
        return f"{day} {dateformat.format(local, 'G:i')}"
    if -7 < days < 7:
        return dateformat.format(local, "D G:i")
    return dateformat.format(local, "j M G:i" if local.year == today.year else "j M Y")


def full_words(moment: datetime, tz: tzinfo) -> str:
    """The whole of it, for a tooltip: Saturday 22 November 2026, 10:20 (Europe/Lisbon)."""
    return f"{dateformat.format(moment.astimezone(tz), 'l j F Y, G:i')} ({tz})"


def size_words(size: int) -> str:
    """42 kB, 1.3 MB; in thousands, as mail programs count."""
    if size < 1000:
        return gettext("%(size)d bytes") % {"size": size}
    if size < 1000 * 1000:
        return gettext("%(size)d kB") % {"size": round(size / 1000)}
    return gettext("%(size).1f MB") % {"size": size / 1000 / 1000}


def initials(name: str) -> str:
    """Two letters that stand for a name, or for the address when there is none: "LA", "MO", "?"."""
    words = [word for word in name.replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [word[:2] for word in words]
    return "".join(letters).upper() or "?"
