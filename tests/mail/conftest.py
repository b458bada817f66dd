"""What the tests of mail stand on: the mailboxes, with a way out to a scripted server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mainstay.mail.actions import make_mailbox
from mainstay.mail.models import Mailbox
from tests.cast import Cast
from tests.mail.listener import Listener, listening
from tests.mail.peer import Peer


@pytest.fixture
def support(cast: Cast) -> Mailbox:
    return make_mailbox("support@journeyware.example", team=cast.support, aliases=["help@journeyware.example"])


@pytest.fixture
def billing(cast: Cast) -> Mailbox:
    return make_mailbox("billing@journeyware.example", team=cast.billing)


@pytest.fixture
def demo(settings) -> None:
    """This machine may be spoken to, and mail without a way out is kept."""
    settings.DEMO = True


@pytest.fixture
def peer(demo: None) -> Iterator[Peer]:
    """Another company's mail server, which does as it is told."""
    with Peer() as running:
        yield running


@pytest.fixture
def way_out(support: Mailbox, peer: Peer) -> Mailbox:
    """The support mailbox, sending by the scripted server."""
    Mailbox.objects.filter(pk=support.pk).update(host="127.0.0.1", port=peer.port, security="none")
    support.refresh_from_db()
    return support


@pytest.fixture
def listener(committed: None) -> Iterator[Listener]:
    """The real listener on a free port."""
    with listening() as running:
        yield running
