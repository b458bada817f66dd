"""How often something may come in by the open door (S-039, S-061)."""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from mainstay.kernel import limits

HOUR = timedelta(hours=1)
PER_ADDRESS = 5
PER_SOURCE = 20
IN_ALL = 1_000
ANSWERED_IN_ALL = 200
ADDED_PER_LINK = 30


def may_ask(email: str, source: str) -> tuple[bool, bool]:
    """Whether a case may be opened, and whether an automatic answer to it may leave. Counts one try.

    Above 200 cases an hour nobody is turned away, but nothing is mailed to addresses that nobody has proven: our letters must not
    be what a flood is made of. Above a thousand, or five by one address, or twenty from one source, it is refused for the hour.
    """
    by_address = limits.count(f"portal address {email}", HOUR)
    by_source = limits.count(f"portal source {source_of(source)}", HOUR)
    if by_address > PER_ADDRESS or by_source > PER_SOURCE:
        return False, False
    in_all = limits.count("portal", HOUR)
    return in_all <= IN_ALL, in_all <= ANSWERED_IN_ALL


def may_add(link: str, source: str) -> bool:
    """Whether somebody with a link may add to its case once more. Counts one try."""
    within_link = limits.allow(f"portal link {link}", ADDED_PER_LINK, HOUR)
    return limits.allow(f"portal source {source_of(source)}", PER_SOURCE * 3, HOUR) and within_link


def source_of(address: str) -> str:
    """Whom an address counts as: with IPv6 the whole network that one customer is given, since they own all of its addresses."""
    parsed = ipaddress.ip_address(address)
    return str(ipaddress.ip_network(f"{parsed}/64", strict=False)) if parsed.version == 6 else str(parsed)
