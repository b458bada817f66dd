"""Signed-in browsers, and the composer as the page has it."""

from __future__ import annotations

from html.parser import HTMLParser

from django.test import Client


def client_of(person) -> Client:
    client = Client(raise_request_exception=False)
    if person is not None:
        client.force_login(person, "mainstay.ui.accounts.Backend")
    return client


class Fields(HTMLParser):
    """The composer's fields as a browser would post them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.inside = False

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form":
            self.inside = values.get("class") == "composer"
        if self.inside and tag == "input" and values.get("name"):
            if values.get("type") in {"checkbox", "radio"} and "checked" not in values:
                return
            if values.get("type") != "file":
                self.fields.setdefault(values["name"], []).append(values.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False


def composer_of(client: Client, case) -> dict[str, list[str]]:
    reader = Fields()
    reader.feed(client.get(f"/desk/cases/{case.number}/").content.decode())
    return reader.fields
