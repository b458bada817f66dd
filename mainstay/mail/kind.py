"""E-mail, as channels knows it."""

from __future__ import annotations

from typing import cast

from django.utils.translation import gettext_lazy

from mainstay.channels.kind import KINDS
from mainstay.channels.models import Delivery
from mainstay.channels.tokens import token_for


class Email:
    """Plugs mail into the channels."""

    label: str = cast(str, gettext_lazy("E-mail"))

    def send(self, delivery: Delivery) -> None:
        """Queue the job; and write the recipient's reply token, which has to be found before their answer can come."""
        from mainstay.mail.send import send_delivery

        token_for(delivery.message.case, delivery.person)
        send_delivery.using(lane=f"delivery:{delivery.pk}").enqueue(delivery.pk)


KINDS.register("email", Email())
