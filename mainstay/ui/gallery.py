"""Every part in every state, light and dark side by side: a page to look at while building, and to compare in tests."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace as Thing
from typing import Any

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from mainstay.kernel import clock
from mainstay.ui.toasts import Toast

LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
ARABIC = "تصدير كشف الرواتب فارغ منذ هذا الصباح"


class Trial(forms.Form):
    name = forms.CharField(label="Name", help_text="As customers will read it.")
    email = forms.EmailField(label="E-mail address", required=False)
    severity = forms.ChoiceField(label="Severity", choices=[("1", "Down"), ("2", "High"), ("3", "Normal")])
    words = forms.CharField(label="Words", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    keep = forms.BooleanField(label="Keep me signed in", help_text="For two weeks, in this browser.", required=False)
    days = forms.MultipleChoiceField(
        label="Working days", choices=[("mo", "Monday"), ("tu", "Tuesday")], widget=forms.CheckboxSelectMultiple
    )


def gallery(request: HttpRequest) -> HttpResponse:
    """Served in the demo and while developing only."""
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    sides = [{"name": name, **samples(name)} for name in ("light", "dark")]
    return render(request, "ui/gallery.html", {"sides": sides})


def samples(side: str) -> dict[str, Any]:
    """Values for every part; ids carry the side, since both sides stand on one page."""
    now = clock.now()
    dues = {minutes: now + timedelta(minutes=minutes, seconds=20) for minutes in (-2000, -192, -9, 38, 70, 200, 4000)}
    return {
        "now": now,
        "earlier": now - timedelta(hours=30),
        "dues": dues.values(),
        "long": LONG,
        "arabic": ARABIC,
        "typed": "Hi Luis,\n\nglad the numbers match now. The lasting fix ships on Thursday.",
        "rows": rows(side, now),
        "stale": Thing(
            url="#7", number=f"{side}-7", severity=3, severity_name="Normal", who="Owen Clarke", subject="Can two approvers share?"
        ),
        "people": people(),
        "files": files(),
        "facts": facts(),
        "fresh": Trial(auto_id=f"{side}-fresh-%s"),
        "wrong": Trial({"email": "maya@", "severity": "9"}, auto_id=f"{side}-wrong-%s"),
        "toasts": [Toast("Sent to Ana and Luis", undo="#", view="#"), Toast("The file could not be read", is_bad=True)],
        "tabs": [
            Thing(url="#", label="Open", current=True, count=7),
            Thing(url="#", label="Waiting", count=118),
            Thing(url="#", label="Resolved"),
        ],
        "columns": [Thing(name="Case"), Thing(name="Subject"), Thing(name="Next", end=True)],
        "cells": cells(),
    }


def rows(side: str, now: Any) -> list[Thing]:
    def row(number: int, who: str, organization: str, subject: str, severity: int | None, minutes: int | None, **more: Any) -> Thing:
        due = now + timedelta(minutes=minutes, seconds=20) if minutes is not None else None
        names = {1: "Down", 2: "High", 3: "Normal", 4: "Low", 5: "Wish"}
        usual = {
            "number": f"{side}-{number}",
            "url": f"#{number}",
            "severity_name": names.get(severity or 0, ""),
            "due_what": "respond",
            "meta": "3 messages",
        }
        return Thing(who=who, organization=organization, subject=subject, severity=severity, due_at=due, **{**usual, **more})

    faces = [Thing(name="Tom Becker", presence="writing"), Thing(name="Aiko Kimura", presence="reading")]
    down, known, kind = Thing(text="down", kind="bad"), Thing(text="known answer", kind="accent"), Thing(text="compliment?", kind="good")
    kept = {"state": "kept", "state_words": "kept", "due_what": "", "meta": "solved", "tags": [kind]}
    return [
        row(1, "Dana Whitfield", "Corvid Payroll", "Payroll export is empty since this morning", 1, -12, tags=[down], unread=True),
        row(2, "Luis Almeida", "Harbor Clinics", "Overtime rule counts the holiday twice", 2, 38, tags=[known], current=True, faces=faces),
        row(3, "Priya Raman", "Tessellate", "SSO login loops after certificate change", 3, 70, due_what="call back 15:00", meta="phone"),
        row(4, "Владимир 🦊", LONG, f"Kann {LONG} nicht exportieren", 4, 200, tags=["how-to", LONG], meta="99+ messages", unread=True),
        row(5, "ليلى حداد", "مستشفى الميناء", ARABIC, 5, 4000, meta="email"),
        row(6, "Henrik Voss", "Voss & Sohn", "Thank you for the rounding explanation!", None, None, **kept),
    ]


def people() -> list[Thing]:
    return [
        Thing(value="1", name="Luis Almeida", address="luis@harbor.example", selected=True),
        Thing(value="2", name="", address="payroll@harbor.example", selected=True),
        Thing(value="3", name=LONG, address="long@harbor.example", selected=False, doubt="Added by a later mail"),
    ]


def files() -> list[Thing]:
    return [
        Thing(id=1, name="overtime-april.xlsx", size=42_000, url="#"),
        Thing(id=2, name=f"{LONG}.png", size=7_340_000, url="#", is_picture=True),
    ]


def facts() -> list[Thing]:
    return [
        Thing(label="Contract", value="Gold, reply in 2 h"),
        Thing(label="Serial", copy="TS-4471-HC"),
        Thing(label="Organization", value="Harbor Clinics", url="#"),
        Thing(label="Local time", value="10:51, Lisbon"),
        Thing(label="Note", value=LONG),
    ]


def cells() -> list[list[Thing]]:
    return [
        [
            Thing(name="Case", value="204 118 337", url="#"),
            Thing(name="Subject", value="Overtime rule counts twice"),
            Thing(name="Next", value="15:00", end=True),
        ],
        [Thing(name="Case", value="203 990 125", url="#"), Thing(name="Subject", value=ARABIC), Thing(name="Next", value="99+", end=True)],
    ]
