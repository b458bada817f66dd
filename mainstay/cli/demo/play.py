"""One case of the demo, from its arrival to where it stands today."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from mainstay.cases import actions
from mainstay.cases.models import Case, Message, Severity
from mainstay.channels.actions.draft import save_draft
from mainstay.channels.actions.send import press
from mainstay.channels.intake import Incoming, take_in
from mainstay.cli.demo.company import Company
from mainstay.cli.demo.stories import SLOTS, Story
from mainstay.kernel import clock, ids
from mainstay.people.queries import email_of

OPENS, CLOSES = 7, 16  # in UTC: the company keeps Central European hours
Later = Callable[[datetime, Callable[[], None]], None]


class Play:
    """Draws who, which words and how fast; every change goes through the same verbs as a click or a mail would."""

    def __init__(self, company: Company, chance: random.Random, story: Story, later: Later, today: datetime) -> None:
        self.company, self.chance, self.story, self.later, self.today = company, chance, story, later, today
        self.customer = chance.choice(company.customers)
        self.words = {name: chance.choice(values) for name, values in SLOTS.items()}
        team = company.teams[story.team]
        self.team = team
        self.owner = chance.choice(company.agents[team.id])
        self.backup = chance.choice([agent for agent in company.agents[team.id] if agent != self.owner])
        self.turns = list(story.turns)
        self.case: Case

    def open(self) -> None:
        message = take_in(
            Incoming(
                words=self._customer_words(f"{self._said(self.story.opening)}\n{self.customer.first_name}".strip()),
                sender=self.customer,
                subject=self._said(self.story.subject),
                team=self.team,
                language=self.customer.language,
                actor=self.owner if self.story.channel == "phone" else None,
            )
        )
        self.case = message.case
        # A few of today's stay as they came: the queues need something to triage, and nobody here forgets anybody for weeks.
        if clock.now() < self.today - timedelta(hours=20) or self.chance.random() > 0.3:
            self._in(self.chance.choice([0.1, 0.3, 0.6, 1, 2, 5, 14]), self.triage)

    def triage(self) -> None:
        actions.touch(self.case, by=self.owner)
        level = self.story.severity if self.chance.random() < 0.8 else self.chance.choice([2, 3, 4])
        actions.set_severity(self.case, Severity.objects.get(level=level), by=self.owner)
        for word in self.story.tags:
            actions.tag(self.case, word, by=self.owner)
        if self.chance.random() < 0.93:
            actions.assign(self.case, owner=self.owner, backup=self.backup, by=self.owner)
        self._in(self.chance.choice([0.1, 0.2, 0.5, 1, 3]), self.turn)

    def turn(self) -> None:
        """The next turn of the story, in its own time. Of the last days' stories some go on tomorrow: a desk is never done."""
        if clock.now() > self.today - timedelta(days=4) and self.chance.random() < 0.3:
            return
        self.case.refresh_from_db()
        if not self.turns:
            self._end()
            return
        who, text = self.turns.pop(0)
        if who == "note":
            actions.add_note(self.case, self._said(text), by=self.chance.choice([self.owner, self.backup]))
            self._in(0.2, self.turn)
        elif who == "us":
            self._reply(self._said(text))
        else:
            take_in(
                Incoming(words=self._customer_words(self._said(text)), sender=self.customer, subject="", team=self.team, case=self.case)
            )
            self._in(self.chance.choice([0.3, 1, 4]), self.turn)

    def _reply(self, text: str) -> None:
        last = self.case.messages.order_by("-id").values_list("id", flat=True).first() or 0
        waits: dict[str, object] = {}
        if self.turns and self.turns[0][0] == "them" and self.chance.random() < 0.6:
            waits = {"wait": {"on": "customer"}}
        draft = save_draft(
            self.case,
            author=self.owner,
            kind="reply",
            body=f"Hi {self.customer.first_name},\n\n{text}",
            people=[self.customer.id],
            seen=last,
            then=waits,
        )
        press(draft, undo_seconds=0, anyway=True)
        self._in(self.chance.choice([1, 3, 8, 22, 30]), self.turn)

    def _end(self) -> None:
        if self.chance.random() < 0.9 or not self.case.last_was_ours:
            actions.resolve(self.case, how=self.story.how, by=self.owner, was_known=self.chance.random() < 0.4)
        elif self.case.state == Case.State.OPEN:
            until = clock.now() + timedelta(days=self.chance.randint(1, 12))
            actions.wait(self.case, on="date", until=until, by=self.owner, why="Look again after the release")

    def _in(self, hours: float, step: Callable[[], None]) -> None:
        """Later, and while people are at work: what would fall into the night happens in the morning."""
        at = clock.now() + timedelta(hours=hours * self.chance.uniform(0.7, 1.4))
        if at.hour >= CLOSES:
            at = at.replace(hour=OPENS, minute=self.chance.randrange(50)) + timedelta(days=1)
        elif at.hour < OPENS:
            at = at.replace(hour=OPENS, minute=self.chance.randrange(50))
        while at.weekday() > 4:
            at += timedelta(days=1)
        self.later(at, step)

    def _said(self, text: str) -> str:
        for name, value in self.words.items():
            text = text.replace("{" + name + "}", value)
        return text

    def _customer_words(self, body: str) -> actions.Words:
        return actions.Words(
            author=self.customer,
            body=body,
            at=clock.now(),
            channel=self.story.channel,
            format=Message.Format.PLAIN,
            message_id=f"<{ids.token()}@{email_of(self.customer).partition('@')[2]}>" if self.story.channel == "email" else "",
            written_from=email_of(self.customer),
        )
