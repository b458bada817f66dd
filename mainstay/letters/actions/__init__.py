"""The verbs of letters."""

from mainstay.letters.actions.acknowledge import acknowledge
from mainstay.letters.actions.change import change_acknowledgement, turn_off, turn_on
from mainstay.letters.actions.link import mail_link

__all__ = ["acknowledge", "change_acknowledgement", "mail_link", "turn_off", "turn_on"]
