"""The verbs of mail."""

from mainstay.mail.actions.mailboxes import change_mailbox, make_mailbox
from mainstay.mail.actions.quarantine import attach_to_case, discard, let_in, release_as_case, retry
from mainstay.mail.actions.trial import Trial, test_mailbox

__all__ = [
    "Trial",
    "attach_to_case",
    "change_mailbox",
    "discard",
    "let_in",
    "make_mailbox",
    "release_as_case",
    "retry",
    "test_mailbox",
]
