"""`mainstay mail parse`: one line of JSON a mail."""

from __future__ import annotations

import base64
import io
import json

from mainstay.cli.mail import parse_paths
from tests.mail.parse.letters import EVERY_KIND, PICTURE


def lines(paths, with_data=False):
    out = io.StringIO()
    code = parse_paths([str(path) for path in paths], with_data, out)
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_folder_of_mails_becomes_a_line_each_in_order(tmp_path):
    for name, raw in EVERY_KIND.items():
        (tmp_path / f"{name}.eml").write_bytes(raw)
    code, found = lines([tmp_path])
    assert code == 0
    assert [line["path"] for line in found] == sorted(str(tmp_path / f"{name}.eml") for name in EVERY_KIND)
    reply = next(line for line in found if line["path"].endswith("reply.eml"))
    assert (reply["from_addr"], reply["from_name"], reply["to"]) == ("luis@harbor.example", "Luis Almeida", ["support@journeyware.example"])
    assert (reply["visible_reply"], reply["is_bounce"], reply["is_auto_reply"]) == ("It opens now.", False, False)
    bounce = next(line for line in found if line["path"].endswith("bounce.eml"))
    assert (bounce["bounced_recipient"], bounce["bounce_status"], bounce["bounce_hard"]) == (["dana@corvid.example"], "5.1.1", True)


def test_files_are_told_by_size_and_digest_and_given_only_when_asked_for(tmp_path):
    path = tmp_path / "file.eml"
    path.write_bytes(EVERY_KIND["file"])
    (told,) = lines([path])[1][0]["attachments"]
    assert (told["name"], told["type"], told["size"]) == ("mast.png", "image/png", len(PICTURE)) and "data" not in told
    (given,) = lines([path], with_data=True)[1][0]["attachments"]
    assert base64.b64decode(given["data"]) == PICTURE


def test_a_path_that_cannot_be_read_is_a_line_with_an_error(tmp_path):
    good = tmp_path / "good.eml"
    good.write_bytes(EVERY_KIND["plain"])
    code, found = lines([tmp_path / "none.eml", good])
    assert code == 1
    assert {line.get("error") for line in found} == {"No such file or directory", None}
