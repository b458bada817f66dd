"""The tags that every template of Mainstay may use; settings.py makes them builtins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template
from django.contrib.messages import get_messages
from django.forms import BoundField, CheckboxInput
from django.template import Context, Engine
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from mainstay.kernel import clock
from mainstay.ui import assets, qr, words
from mainstay.ui.toasts import toast_of

register = template.Library()

# These and no others, so that a move to another version of htmx stays small; the tenth, headers, stands once on the body.
HTMX = {"get", "post", "target", "swap", "trigger", "push_url", "confirm", "include", "indicator"}
TURNING_ICONS = {"arrow-left", "arrow-right", "chevron-left", "chevron-right", "reply", "corner-down-right", "undo-2", "log-out", "send"}


def nonce(context: Context) -> str:
    """This answer's own nonce. Asking for it is what puts it into the answer's CSP header."""
    request = getattr(context, "request", None)
    return str(getattr(request, "csp_nonce", ""))


@register.simple_tag(takes_context=True)
def nonce_attrs(context: Context) -> SafeString:
    """hx-nonce for an element whose hx- attributes are written by hand; without it hx-csp takes them off again."""
    return format_html('hx-nonce="{}"', nonce(context))


@register.simple_tag(takes_context=True)
def hx(context: Context, **attributes: Any) -> SafeString:
    """`{% hx get=url target="#promises" swap="outerMorph" %}`: htmx attributes together with the nonce that lets them work."""
    unknown = attributes.keys() - HTMX
    if unknown:
        raise template.TemplateSyntaxError(f"Mainstay uses ten htmx attributes, and {', '.join(sorted(unknown))} is none of them.")
    pairs = [(name.replace("_", "-"), value) for name, value in attributes.items() if value not in {None, ""}]
    written = format_html_join(" ", 'hx-{}="{}"', pairs)
    return format_html('{} hx-nonce="{}"', written, nonce(context)) if pairs else SafeString("")


@register.inclusion_tag("ui/parts/icon.html")
def icon(name: str, label: str = "", large: bool = False) -> dict[str, Any]:
    """A Lucide icon; decoration unless it has a label. Its name has to be in VENDOR.toml."""
    if name not in assets.icons():
        raise template.TemplateSyntaxError(f"There is no icon {name!r} in the sprite; add it to VENDOR.toml and run `make vendor`.")
    return {"sprite": static("ui/vendor/icons.svg"), "name": name, "label": label, "large": large, "turns": name in TURNING_ICONS}


@register.inclusion_tag("ui/parts/face.html")
def face(person: Any, kind: str = "", size: str = "", photo: str = "", presence: str = "", labelled: bool = False) -> dict[str, Any]:
    """A round picture or two initials. `kind`: customer, machine or nothing for an agent; `presence`: reading or writing."""
    name = str(person or "")
    photo = photo or photo_of(person)
    return {
        "name": name,
        "initials": words.initials(name),
        "kind": kind,
        "size": size,
        "photo": photo,
        "presence": presence,
        "labelled": labelled,
    }


def photo_of(person: Any) -> str:
    """Where an agent's own photo is served, for a row that has one."""
    kept = getattr(person, "photo", "")
    return reverse("setup:face", args=[kept]) if kept else ""


@register.inclusion_tag("ui/parts/severity.html")
def severity(level: int | None, name: str = "", shown: bool = False) -> dict[str, Any]:
    """Shape and name of a severity, 1 to 5; None is not set yet. `shown` writes the name beside the shape."""
    return {"level": level, "name": name, "shown": shown}


@register.inclusion_tag("ui/parts/promise.html")
def promise(due_at: datetime | None = None, what: str = "", state: str = "", text: str = "", wraps: bool = False) -> dict[str, Any]:
    """What is owed and when. Open promises need `due_at`; for kept, broken and withdrawn say the state and the words."""
    now = clock.now()
    if due_at and not state:
        state = words.due_state(due_at, now)
    time = words.due_words(due_at, now, timezone.get_current_timezone()) if due_at and not text else ""
    full = words.full_words(due_at, timezone.get_current_timezone()) if due_at else ""
    return {"due_at": due_at, "what": what, "state": state, "time": time, "text": text, "full": full, "wraps": wraps}


@register.inclusion_tag("ui/parts/tag.html", name="tag")
def tag_(text: Any, kind: str = "", icon: str = "", url: str = "", off: str = "") -> dict[str, Any]:
    """A word on a case. `off` is an address that takes a POST and takes the tag off."""
    return {"text": text, "kind": kind, "icon": icon, "url": url, "off": off}


@register.inclusion_tag("ui/parts/when.html")
def when(moment: datetime | None, full: bool = False) -> dict[str, Any]:
    """A moment in the reader's own zone, short, with the whole of it as a tooltip. `full` writes the whole of it."""
    zone = timezone.get_current_timezone()
    if not moment:
        return {"moment": None}
    whole = words.full_words(moment, zone)
    return {"moment": moment, "text": whole if full else words.moment_words(moment, clock.now(), zone), "whole": whole}


@register.inclusion_tag("ui/parts/button.html", takes_context=True)
def button(context: Context, label: Any, kind: str = "", icon: str = "", href: str = "", key: str = "", **more: Any) -> dict[str, Any]:
    """A button, or a link that looks like one when it has an `href`.

    `kind`: primary, quiet, danger, note, link, and small or wide beside it. `bare` shows the icon alone and the label to
    those who can't see it. `key` is a shortcut of one letter. Any other name becomes an attribute: `hx_post=url`,
    `name="kind"`, `popovertarget="menu"`; `disabled`, `busy` and `bare` are yes or no.
    """
    flags = {name: bool(more.pop(name, False)) for name in ("disabled", "busy", "bare")}
    hx_attributes = {name[3:]: more.pop(name) for name in list(more) if name.startswith("hx_")}
    attributes = [(name.replace("_", "-"), value) for name, value in more.items() if value not in {None, "", False}]
    return {
        "label": label, "kind": kind, "icon": icon, "href": href, "key": key, **flags,
        "type": dict(attributes).pop("type", "submit"),
        "attributes": [pair for pair in attributes if pair[0] != "type"],
        "hx": hx(context, **hx_attributes) if hx_attributes else "",
    }  # fmt: skip


@register.inclusion_tag("ui/parts/field.html")
def field(bound: BoundField, help: str = "", short: bool = False, optional: bool = True) -> dict[str, Any]:
    """A form's field with its label, its help and what is wrong with it, tied together for those who listen."""
    if help:
        bound.help_text = help
    is_check = isinstance(bound.field.widget, CheckboxInput)
    return {
        "bound": bound,
        "control": bound.as_widget(attrs={"required": bound.field.required} if bound.field.required and not is_check else {}),
        "is_check": is_check,
        "is_set": bound.use_fieldset,
        "short": short,
        "optional": optional and not bound.field.required and not is_check,
    }


@register.inclusion_tag("ui/parts/qr.html", name="qr")
def qr_(text: str, label: str = "") -> dict[str, Any]:
    """The text as a QR code for a telephone's camera."""
    code = qr.qr(text)
    return {"path": code.path, "width": code.width, "label": label or gettext("Code for the camera of your telephone")}


@register.simple_block_tag(takes_context=True, end_name="endpart")
def part(context: Context, content: str, part_name: str, **values: Any) -> SafeString:
    """`{% part "card" title=title %}…{% endpart %}`: a part that holds other things, which it shows as `content`."""
    return shown(context, part_name, {**values, "content": content})


@register.simple_tag(takes_context=True)
def show(context: Context, part_name: str, **values: Any) -> SafeString:
    """`{% show "event" text=sentence at=moment %}`: a part, which sees what it is given and nothing else of the page."""
    return shown(context, part_name, values)


def shown(context: Context, part_name: str, values: dict[str, Any]) -> SafeString:
    own = context.new({**values, "csrf_token": context.get("csrf_token")})
    return Engine.get_default().get_template(f"ui/parts/{part_name}.html").render(own)


@register.inclusion_tag("ui/parts/toasts.html", takes_context=True)
def toasts(context: Context) -> dict[str, Any]:
    request = getattr(context, "request", None)
    told = [toast_of(message) for message in get_messages(request)] if request is not None else []
    return {"toasts": told, "csrf_token": context.get("csrf_token")}


@register.inclusion_tag("ui/head.html", takes_context=True)
def head(context: Context) -> dict[str, Any]:
    """Style sheet, font, import map and modules, each with this answer's nonce."""
    return {"nonce": nonce(context), "modules": assets.modules()}


@register.filter
def size(value: int) -> str:
    """A file's size: 42 kB."""
    return words.size_words(value)


@register.filter
def case_number(value: int | str) -> str:
    """Nine digits in three groups, with spaces that do not break: 204 118 337."""
    digits = str(value)
    return "\u00a0".join([digits[:3], digits[3:6], digits[6:]]) if len(digits) == 9 else digits


@register.filter
def many(value: int | None) -> str:
    """A count that stays small: nothing for none, 99+ for what is past counting at a glance."""
    return "" if not value else "99+" if value > 99 else str(value)
