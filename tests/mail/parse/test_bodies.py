"""What a mail says and what hangs on it: charsets, parts, files."""

from __future__ import annotations

import base64

import pytest

from mainstay.mail.parse import parse
from mainstay.mail.parse.charsets import codec, decode
from mainstay.mail.parse.names import clean
from mainstay.mail.parse.tnef import unpack
from tests.mail.parse.letters import EVERY_KIND, PICTURE, attached, html, inside, mail, parts, winmail


@pytest.mark.parametrize(
    ("label", "data", "expected"),
    [
        ("iso-8859-1", b"\x93caf\xe9\x94", "“café”"),
        ("gb2312", "鎔 船".encode("gb18030"), "鎔 船"),
        ("shift_jis", "①船".encode("cp932"), "①船"),
        ("ks_c_5601-1987", "똠".encode("cp949"), "똠"),
        ("us-ascii", "über".encode(), "über"),
        ("utf-8", "über".encode("latin-1"), "über"),
        ("", "über".encode(), "über"),
        ("x-unknown", "über".encode(), "über"),
        ("windows-1251", "Якорь".encode("cp1251"), "Якорь"),
        ("cp-850", "über".encode("cp850"), "über"),
        ("iso-2022-jp", "船".encode("iso2022_jp"), "船"),
        ("unicode-1-1-utf-7", b"+APw-ber", "über"),
        ("utf-16", "über".encode("utf-16"), "über"),
        ('utf-8"; format=flowed', "über".encode(), "über"),
        ("utf-8", b"\xef\xbb\xbfship", "ship"),
    ],
)
def test_the_charset_ladder(label, data, expected):
    assert decode(data, label)[0] == expected


@pytest.mark.parametrize(
    "label", ["idna", "hex", "rot13", "unicode_escape", "raw_unicode_escape", "base64", "zlib", "punycode", "undefined", "../x", "\x00"]
)
def test_codecs_that_are_no_charsets_are_refused(label):
    assert codec(label) is None
    assert decode(b"68656c6c6f \\u0041", label)[0] == "68656c6c6f \\u0041"


def test_broken_bytes_are_replaced_and_told():
    text, defect = decode("Ein langer Satz über das Meer und den Wind ".encode() + b"\xff", "utf-8")
    assert text.startswith("Ein langer Satz über") and "\ufffd" in text
    assert defect


def test_format_flowed_joins_what_was_broken_for_the_way():
    raw = mail(
        "Content-Type: text/plain; charset=utf-8; format=flowed",
        body="The log \r\nwon't open.\r\n>> quoted \r\n>> words\r\n-- \r\nLuis\r\n",
    )
    assert parse(raw).text == "The log won't open.\n>> quoted words\n-- \nLuis\n"


def test_both_versions_of_the_words_are_kept_and_the_plain_one_is_read():
    letter = parse(parts(("Content-Type: text/plain", "plain"), ("Content-Type: text/html", "<p>rich</p>"), kind="alternative"))
    assert (letter.text, letter.html, letter.format, letter.attachments) == ("plain", "<p>rich</p>", "plain", ())


def test_a_mail_of_html_alone_is_read_as_text():
    letter = parse(html("<style>p{}</style><p>The log</p><ul><li>won't</li><li>open</li></ul>"))
    assert (letter.text, letter.format) == ("The log\n\n* won't\n* open", "html")


def test_an_empty_plain_part_gives_way_to_the_html():
    letter = parse(parts(("Content-Type: text/plain", " \r\n"), ("Content-Type: text/html", "<p>rich</p>"), kind="alternative"))
    assert (letter.text, letter.format) == ("rich", "html")


def test_words_before_and_after_a_picture_belong_together():
    letter = parse(
        parts(
            ("Content-Type: text/plain", "before"),
            (
                "Content-Type: image/png; name=mast.png\nContent-Disposition: inline\nContent-Transfer-Encoding: base64",
                base64.encodebytes(PICTURE),
            ),
            ("Content-Type: text/plain", "after"),
        )
    )
    assert letter.text == "before\nafter"
    assert [(file.name, file.inline, file.data == PICTURE) for file in letter.attachments] == [("mast.png", True, True)]


def test_an_inline_picture_keeps_its_content_id():
    head = "Content-Type: image/png\nContent-ID: <mast@harbor>\nContent-Transfer-Encoding: base64"
    letter = parse(parts(("Content-Type: text/html", "<img src=cid:mast@harbor>"), (head, base64.encodebytes(PICTURE)), kind="related"))
    (file,) = letter.attachments
    assert (file.content_id, file.inline, file.name, file.type, len(file.sha256)) == ("mast@harbor", True, "image.png", "image/png", 64)


@pytest.mark.parametrize(
    ("disposition", "expected"),
    [
        ('Content-Disposition: attachment; filename="mast.png"', "mast.png"),
        ("Content-Disposition: attachment; filename=mast head.png", "mast head.png"),
        ("Content-Disposition: attachment; filename*=utf-8''M%C3%A4st.png", "Mäst.png"),
        ('Content-Disposition: attachment; filename*0="ma"; filename*1="st.png"', "mast.png"),
        ("Content-Disposition: attachment; filename*1*=%A4st.png; filename*0*=utf-8'de'M%C3", "Mäst.png"),
        ('Content-Disposition: attachment; filename="=?utf-8?q?M=C3=A4st=2Epng?="', "Mäst.png"),
        ("Content-Disposition: attachment; filename==?utf-8?b?TcOkc3QucG5n?=", "Mäst.png"),
        ('Content-Disposition: attachment; filename="Mäst.png"', "Mäst.png"),
        ('Content-Disposition: attachment; filename="a\\"b.png"', 'a"b.png'),
        ('Content-Disposition: attachment; filename="mast.png', "mast.png"),
        ("Content-Disposition: attachment; filename*=nonsense''M%C3%A4st.png", "Mäst.png"),
        ("Content-Disposition: attachment", "image.png"),
        ("X-Nothing: here", "image.png"),
    ],
)
def test_names_of_files_however_they_are_written(disposition, expected):
    assert [file.name for file in parse(attached(disposition)).attachments] == [expected]


def test_the_name_may_stand_in_the_content_type():
    assert parse(attached("X-Nothing: here", type_='image/png; name="=?utf-8?q?M=C3=A4st=2Epng?="')).attachments[0].name == "Mäst.png"


@pytest.mark.security("S-019")
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\luis\\mast.png", "mast.png"),
        ("C:mast.png", "mast.png"),
        ("mast\u202egnp.exe", "mastgnp.exe"),
        ("ma\x00st\r\n.png", "mast .png"),
        ("mast.png. . ", "mast.png"),
        (".htaccess", "htaccess"),
        ("mast\u200b.png", "mast.png"),
        ("...", ""),
        ("x" * 500 + ".png", "x" * 196 + ".png"),
        ("Überfahrt (2).xlsx", "Überfahrt (2).xlsx"),
    ],
)
def test_shown_names_hold_no_path_and_no_trick(given, shown):
    assert clean(given) == shown


def test_an_attached_mail_is_kept_whole_under_its_subject():
    inner = mail("Subject: The first one")
    (file,) = parse(parts(("Content-Type: text/plain", "see below"), ("Content-Type: message/rfc822", inner))).attachments
    assert (file.name, file.type, file.data) == ("The first one.eml", "message/rfc822", inner)


def test_a_uuencoded_file_in_the_text_is_taken_out():
    letter = parse(mail(body="See this.\nbegin 644 tide.txt\n#0V%T\n`\nend\nBye\n"))
    assert [(file.name, file.data) for file in letter.attachments] == [("tide.txt", b"Cat")]
    assert "begin 644" not in letter.text and "Bye" in letter.text


@pytest.mark.parametrize("body", ["aGVsbG8=", "aGVs\r\nbG8", "aGVsbG8", "aGV sbG8=", "aGVsbG8=\r\n\r\n____\r\nA footer of the list\r\n"])
def test_base64_with_something_wrong(body):
    raw = mail("Content-Type: application/octet-stream; name=x.bin", "Content-Transfer-Encoding: base64", body=body)
    assert parse(raw).attachments[0].data == b"hello"


def test_a_boundary_that_never_ends_and_one_that_never_comes():
    unended = parse(mail('Content-Type: multipart/mixed; boundary="b"', body="--b\r\nContent-Type: text/plain\r\n\r\nwords"))
    assert (unended.text, unended.defects) == ("words", ("a multipart without its end",))
    missing = parse(mail("Content-Type: multipart/mixed", body="--b\r\nContent-Type: text/plain\r\n\r\nwords\r\n--b--\r\n"))
    assert (missing.text, missing.defects) == ("words", ("a multipart without its boundary",))
    absent = parse(mail('Content-Type: multipart/mixed; boundary="c"', body="just words"))
    assert absent.text == "just words"


def test_a_boundary_that_begins_like_another_is_told_apart():
    inner = inside(("Content-Type: text/plain", "inner words"), boundary="wall-2")
    letter = parse(
        parts(('Content-Type: multipart/mixed; boundary="wall-2"', inner), ("Content-Type: text/plain", "outer words"), boundary="wall")
    )
    assert letter.text == "inner words\nouter words"


def test_the_charset_of_html_may_stand_in_its_head_alone():
    raw = mail("Content-Type: text/html", body='<meta charset="windows-1251"><p>Якорь</p>'.encode("cp1251"))
    assert parse(raw).text == "Якорь"


def test_an_html_mail_of_windows_line_ends_and_word_paragraphs_has_no_doubled_lines():
    assert parse(html('<p class="MsoNormal">One</p>\r\n<p class="MsoNormal">Two</p>')).text == "One\nTwo"


def test_a_plain_text_attachment_stays_a_file():
    letter = parse(parts(("Content-Type: text/plain", "words"), ('Content-Type: text/plain; name="log.txt"', "a log")))
    assert (letter.text, [(file.name, file.data) for file in letter.attachments]) == ("words", [("log.txt", b"a log")])


def test_outlooks_package_is_opened_and_kept():
    files = parse(EVERY_KIND["winmail"]).attachments
    assert [(file.name, len(file.data)) for file in files][1:] == [("Überfahrt.txt", 5), ("mast.png", len(PICTURE))]
    assert (files[0].name, files[0].type) == ("winmail.dat", "application/ms-tnef")


@pytest.mark.parametrize("cut", range(0, 400, 7))
def test_a_broken_package_gives_what_it_can_and_lies_about_nothing(cut):
    whole = winmail(("Überfahrt.txt", b"tides"), ("mast.png", PICTURE))
    for hurt in (whole[:cut], whole[:cut] + b"\xff\xff\xff\x7f" + whole[cut + 4 :]):
        assert sum(len(file.data) for file in unpack(hurt)) <= len(whole)
        assert all(file.name for file in unpack(hurt))


def test_a_package_of_ten_thousand_files_is_opened_in_part():
    assert len(unpack(winmail(*[("a.txt", b"x")] * 10_000))) == 200
