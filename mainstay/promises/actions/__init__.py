"""The verbs of promises: what we promise by, and what follows from what happens on a case."""

from mainstay.promises.actions.begin import begin
from mainstay.promises.actions.break_overdue import break_overdue
from mainstay.promises.actions.calendars import make_calendar, revise_calendar, use_calendar
from mainstay.promises.actions.rebuild import rebuild
from mainstay.promises.actions.recompute import recompute
from mainstay.promises.actions.settle import settle
from mainstay.promises.actions.targets import set_targets

__all__ = [
    "begin",
    "break_overdue",
    "make_calendar",
    "rebuild",
    "recompute",
    "revise_calendar",
    "set_targets",
    "settle",
    "use_calendar",
]
