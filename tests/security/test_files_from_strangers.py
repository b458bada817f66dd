"""A stranger's mail brings files that are more than they seem; on no page do they become anything but files (RELIABILITY 7.2)."""

from __future__ import annotations

import io
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

import mainstay
from mainstay.cases.models import Attachment
from mainstay.channels.links import seal
from mainstay.mail.models import RawMail
from mainstay.people.models import Person
from tests.desk.sitting import client_of
from tests.mail.post import SUPPORT, arrive

SCRIPT = "<script>alert(document.domain)</script>"
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="alert(1)">{SCRIPT}'
ACTIVE = {
    "page.html": ("text/html", f"<html>{SCRIPT}</html>"),
    "page.xhtml": ("application/xhtml+xml", f'<html xmlns="http://www.w3.org/1999/xhtml">{SCRIPT}</html>'),
    "feed.xml": ("text/xml", '<?xml-stylesheet type="text/xsl" href="//evil.example/x.xsl"?><a/>'),
    "logo.svg": ("image/svg+xml", f'{SVG}<use xlink:href="//evil.example/x.svg#a"/></svg>'),
    "moving.svg": ("image/svg+xml", f'{SVG}<a><animate attributeName="href" values="javascript:alert(1)"/></a></svg>'),
    "inside.svg": ("image/svg+xml", f"{SVG}<foreignObject><body>{SCRIPT}</body></foreignObject></svg>"),
    "saved.mht": ("multipart/related", f"Content-Type: text/html\r\n\r\n{SCRIPT}"),
    "paper.pdf": ("application/pdf", "%PDF-1.7 /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"),
    "more.eml": ("application/octet-stream", f"Content-Type: text/html\r\n\r\n{SCRIPT}"),
    "picture.png": ("image/png", f"GIF89a{SCRIPT}"),
    "plain.txt": ("text/plain", f"{SCRIPT}"),
    "shown.jpg": ("text/html", f"{SCRIPT}"),
    ".htaccess": ("text/plain", "AddType application/x-httpd-php .txt"),
    ".user.ini": ("text/plain", "auto_prepend_file=evil"),
    "shell.pht": ("application/octet-stream", "<?php system($_GET[1]); ?>"),
    "a.phar": ("application/octet-stream", "<?php __HALT_COMPILER(); ?>"),
    "web.config": ("text/xml", "<configuration/>"),
    "page.aspx": ("text/html", "<%@ Page %>"),
}


def mail_with(name: str, kind: str, data: bytes, *, inline: bool = False) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Message-ID"] = "luis@harbor.example", SUPPORT, "See", f"<{name}@harbor.example>"
    mail.set_content("See the file")
    if inline:
        mail.add_alternative('<p>See <img src="cid:it"></p>', subtype="html")
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    raw = mail.as_bytes().replace(b"Content-Type: application/octet-stream", f"Content-Type: {kind}; charset=utf-8".encode())
    return raw.replace(b"Content-Disposition: attachment", b"Content-ID: <it>\nContent-Disposition: inline") if inline else raw


def addresses_of(row: Attachment) -> dict[str, Client]:
    """Every address that hands this file out, with a browser that may ask for it."""
    assert row.message is not None
    maya, luis = client_of(Person.objects.get(email="maya@journeyware.example")), Client()
    base = f"/desk/files/{row.key}/{row.name}"
    token = seal(row.message.case, row.message.case.requester)
    return {base: maya, f"{base}?show=picture": maya, f"{base}?show=thumb": maya, f"/help/case/{token}/file/{row.key}": luis}


@pytest.mark.security("S-014")
@pytest.mark.security("S-018")
@pytest.mark.security("S-020")
@pytest.mark.parametrize("name", ACTIVE)
def test_a_file_that_would_act_is_kept_and_never_opened_here(house, name: str) -> None:
    kind, text = ACTIVE[name]
    message = arrive(mail_with(name, kind, text.encode())).message
    row = Attachment.objects.filter(message=message).get()
    for address, browser in addresses_of(row).items():
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.security("S-020")
def test_no_name_of_a_strangers_choice_stands_on_our_disk(house) -> None:
    for name, (kind, text) in ACTIVE.items():
        arrive(mail_with(name, kind, text.encode()))
    stored = [path for path in Path(settings.STORAGES["default"]["OPTIONS"]["location"]).rglob("*") if path.is_file()]
    assert len(stored) >= len(ACTIVE)
    assert all(len(path.name) == 64 and path.name.isalnum() for path in stored)
    assert not any(Path(settings.STATIC_ROOT) in path.parents for path in stored)


@pytest.mark.security("S-018")
@pytest.mark.parametrize("name", [name for name in ACTIVE if name.endswith(".svg")])
def test_a_drawing_with_script_is_no_picture_in_a_mail_and_no_face(house, as_, name: str) -> None:
    kind, text = ACTIVE[name]
    message = arrive(mail_with(name, kind, text.encode(), inline=True)).message
    page = as_(house.maya).get(f"/desk/originals/{message.pk}").content.decode()
    assert "<img" not in page and "<svg" not in page
    photo = SimpleUploadedFile(name, text.encode(), content_type=kind)
    values = {"name": "Maya Ortiz", "signature": "", "undo_seconds": "10", "time_zone": "UTC", "photo": photo}
    assert as_(house.maya).post("/profile/", values).status_code == 422
    assert Person.objects.get(pk=house.maya.pk).photo == ""


@pytest.mark.security("S-014")
def test_a_mail_inside_a_mail_is_a_file_to_keep(house) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "zoe@elsewhere.example", "Inside"
    inner.set_content(SCRIPT, subtype="html")
    outer = EmailMessage()
    outer["From"], outer["To"], outer["Subject"], outer["Message-ID"] = "luis@harbor.example", SUPPORT, "See", "<outer@harbor.example>"
    outer.set_content("See the mail")
    outer.add_attachment(inner)
    message = arrive(outer.as_bytes()).message
    assert SCRIPT not in message.body
    row = Attachment.objects.get(message=message)
    for address, browser in addresses_of(row).items():
        assert browser.get(address).headers["Content-Type"] == "application/octet-stream"


@pytest.mark.security("S-014")
def test_the_raw_mail_on_the_quarantine_page_is_shown_as_text_and_kept_as_a_file(house, as_) -> None:
    mail = arrive(f"From: \r\nTo: {SUPPORT}\r\nSubject: {SCRIPT}\r\nContent-Type: text/html\r\n\r\n{SCRIPT}".encode(), sender="")
    assert mail.state in {RawMail.State.SET_ASIDE, RawMail.State.QUARANTINED}
    for address in ("/desk/quarantine/", f"/desk/quarantine/{mail.pk}/"):
        answer = as_(house.maya).get(address)
        assert answer.status_code == 200
        assert SCRIPT not in answer.content.decode() or answer.headers["Content-Disposition"].startswith("attachment")


def bombs() -> dict[str, bytes]:
    """Small files that are very large once they are unpacked."""
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 20_000_000)
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(50):
            archive.writestr(f"{number}.zip", inner.getvalue())
    wide, moving = io.BytesIO(), io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(wide, "PNG")
    frames = [Image.new("P", (8, 8), number % 200) for number in range(400)]
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:])
    text = b"iTXt" + b"\0" * 8 + zlib.compress(b"x" * 30_000_000)
    return {
        "many.zip": outer.getvalue(),
        "wide.png": wide.getvalue(),
        "moving.gif": moving.getvalue(),
        "text.png": wide.getvalue()[:33] + text,
    }


@pytest.mark.security("S-025")
@pytest.mark.parametrize("name", ["many.zip", "wide.png", "moving.gif", "text.png"])
def test_what_is_small_and_unpacks_to_far_too_much_stays_small_and_can_be_kept(house, name: str) -> None:
    data = bombs()[name]
    row = Attachment.objects.get(message=arrive(mail_with(name, "image/png" if name != "many.zip" else "application/zip", data)).message)
    shown = {address: browser.get(address) for address, browser in addresses_of(row).items()}
    for address, answer in shown.items():
        assert answer.status_code == 200
        assert len(answer.content) <= max(len(data), 200_000), address
        if "show=" not in address:
            assert answer.content == data


@pytest.mark.security("S-085")
def test_nothing_of_ours_reads_xml() -> None:
    """Whatever would have to: entities, expansion and includes are the reader's, and there is none."""
    for path in Path(mainstay.__file__).parent.rglob("*.py"):
        text = path.read_text()
        for reader in ("xml.etree", "xml.dom", "xml.sax", "xml.parsers", "lxml", "minidom", "expat", "xmlrpc", "plistlib"):
            assert reader not in text, f"{path.name} uses {reader}"
