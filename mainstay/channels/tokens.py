"""Reply tokens: 128 bits, bound to a case and a person, the same each time, so that nothing but a hash has to be kept."""

from __future__ import annotations

import hmac

from django.conf import settings

from mainstay.cases.models import Case
from mainstay.channels.models import ReplyToken
from mainstay.kernel import ids
from mainstay.kernel.compiled import insert_once
from mainstay.people.models import Person


def token_for(case: Case, person: Person) -> str:
    """The person's token for this case, made findable on the first call."""
    value = derive(case.pk, person.pk)
    insert_once(ReplyToken(case=case, person=person, hash=ids.digest(value)))
    return value


def derive(case: int, person: int) -> str:
    """HMAC-SHA-256 (RFC 2104) under the installation's secrets key, cut to 128 bits."""
    return hmac.digest(settings.SECRETS_KEY.encode(), f"reply:{case}:{person}".encode(), "sha256").hex()[:32]


def find(value: str) -> ReplyToken | None:
    """The token's row, if it is exactly one of ours: full length, lower case; its secret is compared by hash."""
    if len(value) != 32:
        return None
    return ReplyToken.objects.select_related("case", "person").filter(hash=ids.digest(value)).first()
