"""Cases and what belongs to them."""

from mainstay.cases.models.case import Case, CaseCounter, CaseLink, CaseTag, Severity, Tag
from mainstay.cases.models.people import Audience, Participant
from mainstay.cases.models.state import OwnerSpan, Resolution, SeveritySpan, SpamMark, Wait
from mainstay.cases.models.words import Attachment, Message, Note

__all__ = [
    "Attachment",
    "Audience",
    "Case",
    "CaseCounter",
    "CaseLink",
    "CaseTag",
    "Message",
    "Note",
    "OwnerSpan",
    "Participant",
    "Resolution",
    "Severity",
    "SeveritySpan",
    "SpamMark",
    "Tag",
    "Wait",
]
