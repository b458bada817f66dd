"""The guard in front of every connection that somebody's setting makes us open (RELIABILITY S-078, S-079).

A name is resolved once, every address it has is checked, and the connection goes to a checked address, so that a name that
changes between check and use gains nothing. Proxies from the environment are not asked.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection

from django.conf import settings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MAIL_PORTS = frozenset({25, 465, 587, 2525})
_HOST = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,10}\.?")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Forbidden(OSError):  # noqa: N818
    """An address that settings may not name. It tells nothing about what is there, so it is no map of the network."""

    def __init__(self) -> None:
        super().__init__("this address can't be used")


def connect(host: str, port: int, *, timeout: float, ports: Collection[int] = MAIL_PORTS) -> socket.socket:
    """A connected socket to a checked address of the host; the addresses are tried in their order. Raises `Forbidden`, and
    OSError when the name is unknown or nobody answers within `timeout` seconds."""
    error: OSError | None = None
    for address in checked(host, port, ports=ports):
        family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
        connection = socket.socket(family, socket.SOCK_STREAM)
        connection.settimeout(timeout)
        try:
            connection.connect((str(address), port))
            return connection
        except OSError as failure:
            connection.close()
            error = failure
    raise error or OSError("the name has no address")


def checked(host: str, port: int, *, ports: Collection[int] = MAIL_PORTS) -> list[Address]:
    """Every address of the host, when we may connect to all of them; else raises `Forbidden`. Ports outside `ports` are open
    only on networks that the operator named."""
    if not _is_host(host) or not 0 < port < 65536:
        raise Forbidden
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))
    if not all(_is_open(address, port in ports) for address in addresses):
        raise Forbidden
    return addresses


def _is_host(host: str) -> bool:
    """A name or an address, and nothing around it."""
    try:
        return ipaddress.ip_address(host).version in {4, 6}
    except ValueError:
        return _HOST.fullmatch(host) is not None


def _is_open(address: Address, is_usual_port: bool) -> bool:
    inside = _unwrapped(address)
    if any(inside in network for network in settings.ALLOWED_NETWORKS if network.version == inside.version):
        return True
    if inside.is_loopback:
        return bool(settings.DEMO)
    return is_usual_port and inside.is_global and not inside.is_multicast and not inside.is_reserved


def _unwrapped(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one (mapped, 6to4, NAT64): that is where the packets end up."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address
