"""Files from strangers, handed out so that they do nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.cases.actions import FileKept, move, receive
from mainstay.cases.models import Attachment
from mainstay.kernel import blobs, clock
from mainstay.ui import files
from tests.cast import words
from tests.desk.pictures import png
from tests.desk.sitting import client_of


def attached(cast, name, kind, data, **more) -> Attachment:
    case = cast.case()
    receive(case, words(cast.luis, "see", files=[FileKept.keep(name, kind, data, **more)]))
    return Attachment.objects.get(message__case=case)


@pytest.mark.security("S-017")
@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("page.txt", "text/html", b"<script>alert(1)</script>"),
        ("page.html", "text/plain", b"<b>x"),
        ("x.svg", "image/svg+xml", b"<svg onload=alert(1)>"),
        ("bad.gif", "image/gif", b"GIF89a<script>alert(1)</script>"),
        ("bad.png", "image/png", b"not a picture"),
        ("x.pdf", "application/pdf", b"%PDF"),
        ("utf7.txt", "text/html; charset=utf-7", b"+ADw-script+AD4-"),
        ("none", "", b""),
    ],
)
@pytest.mark.parametrize("show", ["", "picture", "thumb", "html"])
def test_nothing_but_a_picture_of_ours_is_ever_shown_by_a_browser(cast, maya, name, kind, data, show):
    row = attached(cast, name, kind, data)
    answer = maya.get(f"/desk/files/{row.key}/{name}", {"show": show})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer.content == data


def test_a_picture_is_drawn_anew_and_no_larger_than_needed(cast, maya):
    hidden = png(3000, 1000) + b"<script>alert(1)</script>"
    row = attached(cast, "shot.png", "image/png", hidden)
    shown = maya.get(f"/desk/files/{row.key}/shot.png?show=picture")
    assert shown.headers["Content-Type"] == "image/png"
    assert b"script" not in shown.content
    assert shown.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    thumb = maya.get(f"/desk/files/{row.key}/shot.png?show=thumb")
    assert len(thumb.content) < len(shown.content)
    assert maya.get(f"/desk/files/{row.key}/shot.png").content == hidden


def test_a_photo_stays_a_photo_and_loses_where_it_was_taken():
    import io

    from PIL import Image

    kept, place = io.BytesIO(), Image.Exif()
    place[0x010E] = "at home"
    Image.new("RGB", (80, 40), "red").save(kept, "JPEG", exif=place)
    data, kind = files.redraw(kept.getvalue())
    assert kind == "image/jpeg"
    assert b"at home" in kept.getvalue()
    assert b"at home" not in data


def test_a_picture_that_unpacks_to_far_too_much_is_a_file(monkeypatch):
    monkeypatch.setattr(files, "PIXELS_CAP", 100)
    with pytest.raises(files.NoPictureError):
        files.redraw(png(20, 20))


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("a.txt", 'filename="a.txt"'),
        ('a"; x="y.txt', 'filename="a__ x__y.txt"'),
        ("Überstunden.xlsx", 'filename="_berstunden.xlsx"'),
        ("\r\nSet-Cookie: a", 'filename="__Set-Cookie_ a"'),
    ],
)
def test_the_name_of_a_download_reaches_old_and_new_browsers_and_breaks_no_header(name, plain):
    from urllib.parse import quote

    value = files.disposition(name)
    assert plain in value
    assert f"filename*=UTF-8''{quote(name, safe='')}" in value
    assert "\n" not in value
    assert "\r" not in value


@pytest.mark.security("S-024")
def test_a_proof_opens_one_file_for_one_person_for_a_quarter_of_an_hour(cast):
    row = attached(cast, "shot.png", "image/png", png())
    other = attached(cast, "other.png", "image/png", png())
    stranger = client_of(None)
    proof = files.sign(row.key, cast.maya)
    assert stranger.get(f"/desk/files/{row.key}/x?show=picture&proof={proof}").status_code == 200
    assert stranger.get(f"/desk/files/{other.key}/x?proof={proof}").status_code == 404
    assert stranger.get(f"/desk/files/{row.key}/x?proof={proof}x").status_code == 404
    assert stranger.get(f"/desk/files/{row.key}/x?proof={files.sign(row.key, cast.luis)}").status_code == 404
    import time
    from unittest.mock import patch

    with patch.object(time, "time", lambda: 16 * 60 + _now()):
        assert stranger.get(f"/desk/files/{row.key}/x?proof={proof}").status_code == 404


def _now() -> float:
    return clock.now().timestamp() + timedelta(seconds=1).total_seconds()


@pytest.mark.security("S-024")
def test_an_old_proof_is_worth_nothing_after_the_case_moved_away(cast):
    row = attached(cast, "shot.png", "image/png", png())
    proof = files.sign(row.key, cast.maya)
    move(row.message.case, team=cast.billing, by=cast.ingrid)
    assert client_of(None).get(f"/desk/files/{row.key}/x?proof={proof}").status_code == 404


@pytest.mark.security("S-022")
@pytest.mark.parametrize("key", ["0" * 32, "x", "1", "a" * 500])
def test_a_guessed_key_is_nothing(cast, maya, key):
    assert maya.get(f"/desk/files/{key}/x").status_code == 404


def test_a_file_whose_bytes_are_gone_is_404_and_no_error(cast, maya):
    row = attached(cast, "a.txt", "text/plain", b"x")
    Attachment.objects.filter(pk=row.pk).update(hash="0" * 64)
    assert maya.get(f"/desk/files/{row.key}/a.txt").status_code == 404


@pytest.mark.security("S-007")
def test_a_mail_as_it_was_sent_stands_in_a_frame_where_nothing_runs_and_nothing_leaves(cast, maya):
    case = cast.case()
    html = '<style>body{background:url(//evil.example/x)}</style><script>alert(1)</script><p onclick="x()">Hi <img src="cid:logo"><img src="https://evil.example/t.gif">'
    picture = FileKept.keep("logo.png", "image/png", png(), content_id="<logo>", is_inline=True)
    message = receive(case, words(cast.luis, "Hi", html=blobs.keep(html.encode()), files=[picture]))
    answer = maya.get(f"/desk/originals/{message.pk}")
    page, policy = answer.content.decode(), answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "default-src 'none'" in policy
    assert "img-src 'self'" in policy
    for bad in ("<script", "onclick", "evil.example", "<style"):
        assert bad not in page
    address = page.split('src="')[1].split('"')[0].replace("&amp;", "&")
    shown = client_of(None).get(address)
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    page = maya.get(f"/desk/cases/{case.number}/").content.decode()
    assert f'src="/desk/originals/{message.pk}"' in page
    assert 'sandbox="allow-popups' in page


def test_a_message_without_html_has_no_original(cast, maya):
    case = cast.case()
    assert maya.get(f"/desk/originals/{case.messages.get().pk}").status_code == 404
