"""The verbs of letters."""

from mainstay.letters.actions.acknowledge import acknowledge
from mainstay.letters.actions.change import change_acknowledgement, turn_off, turn_on

__all__ = ["acknowledge", "change_acknowledgement", "turn_off", "turn_on"]
