"""How many automatic mails may leave (RELIABILITY S-039, S-040): few enough that neither a loop nor a forger makes much of us."""

from __future__ import annotations

import hashlib
import math
import re
from datetime import timedelta

from mainstay.kernel.limits import allow

PER_CASE = 2
PER_ADDRESS_A_DAY = 5
PER_HOUR = 5_000
# Counted in parts, by address: one row would have every letter of a busy hour wait for the one before.
PARTS = 8
LINKS_AN_HOUR = 1

# Addresses that nobody reads: whatever we wrote there would come back, or be answered by a machine.
_NO_REPLY = re.compile(
    r"noreply|donotreply|dontreply|neverreply|donotrespond|noresponder|nichtantworten|keineantwort|nepasrepondre|autoreply"
)
_MACHINE = re.compile(r"(?:mailer-?daemon|postmaster|bounces?|listserv|majordomo)(?:[._+=-].*)?|owner-.+|.+-(?:owner|request|bounces?)")


def reason_to_withhold(*, letters: int, address: str) -> str:
    """Empty when one more may go to this address; else which cap is reached. `letters` is how many the case has had. Counts a try,
    exactly, for all processes at once."""
    if letters >= PER_CASE:
        return "case"
    if not allow(f"letter to {address}", PER_ADDRESS_A_DAY, timedelta(days=1)):
        return "address"
    part = int.from_bytes(hashlib.sha256(address.encode()).digest()[:2]) % PARTS
    return "" if allow(f"letters {part}", math.ceil(PER_HOUR / PARTS), timedelta(hours=1)) else "hour"


def reason_to_withhold_link(case: int, person: int, address: str) -> str:
    """Empty when a fresh link may go to this address; else why not. One an hour for each person and case, within the caps of all
    letters. Counts a try."""
    if not address:
        return "no address"
    if is_nobody(address):
        return "no-reply"
    if not allow(f"link of {person} to {case}", LINKS_AN_HOUR, timedelta(hours=1)):
        return "case"
    return reason_to_withhold(letters=0, address=address)


def is_nobody(address: str) -> bool:
    """Whether the address says that nobody reads it."""
    local = address.rpartition("@")[0].lower()
    return bool(_MACHINE.fullmatch(local) or _NO_REPLY.search(re.sub(r"[._-]", "", local)))
