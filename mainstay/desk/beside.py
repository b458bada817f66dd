"""What stands beside a case or a page: the views with their counts, and the queue that the agent came from."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from mainstay.desk.keyset import cursors_of, page_of
from mainstay.desk.queues import QUEUES, views_of
from mainstay.desk.rows import rows_of, with_rows
from mainstay.kernel import clock
from mainstay.people.models import Person


def beside(request: HttpRequest, name: str, *, current: int | None = None, counts: bool = True) -> dict[str, Any]:
    """The context of the queue of that name at the page that the address names. Seven queries at most, with any number of rows."""
    person, now, queue = agent(request), clock.now(), QUEUES[name]
    cursors = cursors_of(request)
    page = page_of(with_rows(queue.cases(person, now)), queue.order, now=now, cursors=cursors)
    place = {"queue": name, **cursors}
    rows = rows_of(page.rows, context=place, current=current)
    title, text = ("", "") if page.rows else queue.empty(person)
    return {
        "queue": queue,
        "rows": rows,
        "late": sum(1 for row in rows if row.due_at is not None and row.due_at < now),
        "newer": _address(queue.url, before=page.newer) if page.newer else "",
        "older": _address(queue.url, after=page.older) if page.older else "",
        "queue_url": _address(queue.url, **cursors, beside=str(current or "")),
        "empty_title": title,
        "empty_text": text,
        "beside_case": current,
        **(views(request, name) if counts else {}),
    }


def views(request: HttpRequest, current: str = "") -> dict[str, Any]:
    """The views column. One query."""
    found = views_of(agent(request), clock.now(), current)
    return {"views": found, "groups": {group: [view for view in found if view.queue.group == group] for group in ("me", "team", "done")}}


def agent(request: HttpRequest) -> Person:
    """Who is asking; every door of the desk has made sure that it is an agent."""
    assert isinstance(request.user, Person)
    return request.user


def _address(url: str, **query: str) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"{url}?{urlencode(given)}" if given else url
