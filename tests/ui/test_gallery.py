from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from mainstay.ui import gallery

PARTS = sorted((Path(gallery.__file__).parent / "templates" / "ui" / "parts").glob("*.html"))


@pytest.fixture
def demo(settings) -> None:
    settings.DEMO = True


@pytest.fixture
def names(demo: None, client: Client) -> set[str]:
    return {template.name for template in client.get("/gallery/").templates}


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_every_part_is_in_the_gallery(names: set[str], path: Path) -> None:
    assert f"ui/parts/{path.name}" in names


@pytest.mark.security("S-057")
def test_the_gallery_is_not_there_in_production(settings, client: Client) -> None:
    settings.DEMO = settings.DEBUG = False
    assert client.get("/gallery/").status_code == 404


def test_no_id_stands_twice(demo: None, client: Client) -> None:
    from selectolax.lexbor import LexborHTMLParser

    ids = [node.attributes["id"] for node in LexborHTMLParser(client.get("/gallery/").content.decode()).css("[id]")]
    assert sorted(ids) == sorted(set(ids))
