"""The verbs of what goes out."""

from mainstay.channels.actions.deliver import bounced, failed, hold, post, retry, sent, uncertain, will_retry
from mainstay.channels.actions.draft import attach, detach, save_draft
from mainstay.channels.actions.send import Stale, press, release, undo

__all__ = [
    "Stale",
    "attach",
    "bounced",
    "detach",
    "failed",
    "hold",
    "post",
    "press",
    "release",
    "retry",
    "save_draft",
    "sent",
    "uncertain",
    "undo",
    "will_retry",
]
