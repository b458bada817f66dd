"""The verbs of a case: one file each."""

from mainstay.cases.actions.add_note import add_note
from mainstay.cases.actions.assign import assign, claim, move
from mainstay.cases.actions.describe import change_subject, set_aim
from mainstay.cases.actions.link import link_cases
from mainstay.cases.actions.mark_spam import mark_spam, unmark_spam
from mainstay.cases.actions.open_case import open_case
from mainstay.cases.actions.participants import add_participant, remove_participant
from mainstay.cases.actions.receive import receive
from mainstay.cases.actions.reply import reply, write_letter
from mainstay.cases.actions.resolve import reopen, resolve
from mainstay.cases.actions.set_due import set_due
from mainstay.cases.actions.set_severities import set_severities
from mainstay.cases.actions.set_severity import set_severity
from mainstay.cases.actions.tag import tag, untag
from mainstay.cases.actions.touch import touch
from mainstay.cases.actions.wait import wait, wake
from mainstay.cases.actions.words import FileKept, Words

__all__ = [
    "FileKept",
    "Words",
    "add_note",
    "add_participant",
    "assign",
    "change_subject",
    "claim",
    "link_cases",
    "mark_spam",
    "move",
    "open_case",
    "receive",
    "remove_participant",
    "reopen",
    "reply",
    "resolve",
    "set_aim",
    "set_due",
    "set_severities",
    "set_severity",
    "tag",
    "touch",
    "unmark_spam",
    "untag",
    "wait",
    "wake",
    "write_letter",
]
