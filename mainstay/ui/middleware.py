"""What every request and answer gets: the real client address, our own headers, the person's own time zone."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import resolve_url
from django.utils import timezone

Next = Callable[[HttpRequest], HttpResponse]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

UNKNOWN = "0.0.0.0"  # noqa: S104 — a word for "nobody can tell", nothing listens here
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()"


def real_address(get_response: Next) -> Next:
    """Puts the client's address on the request as `client_address`.

    It is the peer's own; only a peer in TRUSTED_PROXIES may say otherwise, and then the right-most entry of
    X-Forwarded-For that is no trusted proxy itself counts: everything left of it was written by the client (S-061).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        found = client_address(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))
        request.client_address = found  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def address_of(request: HttpRequest) -> str:
    """Where this request comes from, as `real_address` found it; what limits count by."""
    return str(getattr(request, "client_address", UNKNOWN))


def client_address(peer: str, forwarded: str) -> str:
    address = parsed(peer)
    if address is None or not is_trusted(address):
        return str(address or UNKNOWN)
    for entry in reversed(forwarded.split(",")):
        hop = parsed(entry)
        if hop is None:
            break
        address = hop
        if not is_trusted(hop):
            break
    return str(address)


def parsed(text: str) -> Address | None:
    """An address without its port; one that only wraps an IPv4 address counts as that."""
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ipaddress.ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return address.ipv4_mapped or address if isinstance(address, ipaddress.IPv6Address) else address


def is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def own_headers(get_response: Next) -> Next:
    """What a signed-in person saw is kept in no cache, and no other site may embed anything of ours."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if is_sign_in_for_a_fragment(request, response):
            # Followed, the redirect would put the whole sign-in page into a corner of the page that is open.
            response = HttpResponse(status=401)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def is_sign_in_for_a_fragment(request: HttpRequest, response: HttpResponse) -> bool:
    target = response.headers.get("Location", "").partition("?")[0]
    return response.status_code == 302 and request.headers.get("HX-Request") == "true" and target == resolve_url(settings.LOGIN_URL)


class NoNul:
    """Leaves NUL out of what was typed: no keyboard has it, and PostgreSQL no place for it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        """Not before: a body is read first where the form's proof is looked for, and what can go wrong with it is known there."""
        for name in ("GET", "POST"):
            typed = getattr(request, name)
            if any("\x00" in text for key, values in typed.lists() for text in (key, *values)):
                setattr(request, name, without_nul(typed))


def without_nul(typed: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True, encoding=typed.encoding)
    for key, values in typed.lists():
        kept.setlist(key.replace("\x00", ""), [text.replace("\x00", "") for text in values])
    kept._mutable = False
    return kept


def own_time_zone(get_response: Next) -> Next:
    """Times on the page are in the person's own zone, else in UTC."""

    def middleware(request: HttpRequest) -> HttpResponse:
        with timezone.override(zone_of(request)):
            return get_response(request)

    return middleware


def zone_of(request: HttpRequest) -> ZoneInfo:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ZoneInfo("UTC")
    try:
        return ZoneInfo(getattr(request.user, "time_zone", "") or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
