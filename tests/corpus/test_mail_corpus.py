"""The shared mail corpus, where it lies beside the checkout: figures, and the gates of MAIL.md. Run by `make corpus`.

Nothing of the corpus is quoted here or kept: the mails belong to others.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from mainstay.cli.mail import described
from mainstay.mail.parse import Letter, parse

CORPUS = Path(__file__).parents[3] / "shared" / "mail-corpus"
BOUNCES = {"sisimai", "flufl-bounce"}  # whose other mails are no ordinary ones


@dataclass
class Score:
    good: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    sources: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    ordinary: int = 0
    false_bounces: int = 0
    false_answers: int = 0
    raised: int = 0
    mails: int = 0
    seconds: float = 0.0

    def share(self, *names: str) -> float:
        return 100 * sum(self.good[name] for name in names) / max(1, sum(self.all[name] for name in names))

    @property
    def total(self) -> float:
        return self.share(*self.all)

    @property
    def mean(self) -> float:
        return 100 * sum(sum(found) / len(found) for found in self.sources.values()) / max(1, len(self.sources))


def _bare(text: str) -> str:
    return "".join(text.split())


def _folded(addresses: list[str]) -> list[str]:
    return sorted(address.lower() for address in addresses)


def _file_found(wanted: dict[str, Any], letter: Letter) -> bool:
    facts = [{"name": file.name, "size": len(file.data), "sha256": file.sha256} for file in letter.attachments]
    return any(all(fact[key] == value for key, value in wanted.items() if key in fact) for fact in facts)


def _holds(name: str, wanted: Any, letter: Letter, line: dict[str, Any]) -> bool:
    found = line.get(name)
    if name in {"to", "cc", "bounced_recipient"}:
        return _folded(found or []) == _folded(wanted)
    if name == "text_equals":
        return _bare(letter.text) == _bare(wanted)
    if name in {"text_contains", "reply_contains", "reply_excludes"}:
        pieces = [wanted] if isinstance(wanted, str) else wanted
        within = _bare(letter.text if name == "text_contains" else letter.reply)
        return (
            not any(_bare(piece) in within for piece in pieces)
            if name == "reply_excludes"
            else all(_bare(piece) in within for piece in pieces)
        )
    if name == "reply_quotes_only":
        return _bare(wanted) in {_bare(letter.reply), _bare(line["reply_quotes_only"])}
    if name == "attachments":
        return all(_file_found(file, letter) for file in wanted)
    if name in {"subject", "visible_reply"}:
        return _bare(found) == _bare(wanted)
    if name == "from_addr":
        return bool(found) and found.lower() == wanted.lower()
    return found == wanted


@pytest.fixture(scope="module")
def score() -> Score:
    """Reads every mail once; the clock counts this process's own time."""
    score = Score()
    for path in sorted(CORPUS.glob("*/*.eml")):
        raw, wanted = path.read_bytes(), json.loads(path.with_suffix(".json").read_text())
        start = time.process_time()
        letter = parse(raw)
        score.seconds += time.process_time() - start
        score.mails += 1
        line = described(letter)
        score.raised += any(defect.startswith("unreadable") for defect in letter.defects)
        for name, value in wanted.items():
            good = _holds(name, value, letter, line)
            score.all[name] += 1
            score.good[name] += good
            score.sources[path.parent.name].append(good)
        if path.parent.name not in BOUNCES and not wanted.get("is_bounce") and not wanted.get("is_auto_reply"):
            score.ordinary += 1
            score.false_bounces += line["is_bounce"]
            score.false_answers += line["is_auto_reply"]
    return score


def test_the_figures(score):
    """Prints the table of docs/reference/quality.md."""
    print(f"\n{score.mails} mails, {score.mails / score.seconds:.0f} a second; none may raise: {score.raised} did")
    for name in sorted(score.all):
        print(f"  {name:20} {score.good[name]:5} of {score.all[name]:5}  {score.share(name):5.1f} %")
    print(f"  {'all assertions':20} {score.total:.1f} %, mean over sources {score.mean:.1f} %")
    for source in sorted(score.sources):
        print(f"    {source:18} {sum(score.sources[source]):5} of {len(score.sources[source]):5}")
    print(f"  of {score.ordinary} ordinary mails {score.false_bounces} were taken for bounces, {score.false_answers} for automatic answers")


@pytest.mark.reliability("R-20")
def test_no_mail_of_the_corpus_raises_and_the_speed_holds(score):
    assert score.mails > 0, f"the corpus is missing: {CORPUS}"
    assert score.raised == 0
    assert score.mails / score.seconds >= 150


@pytest.mark.parametrize(
    ("names", "gate"),
    [
        (("text_equals", "text_contains"), 98),
        (("from_addr", "from_name"), 99),
        (("to",), 99),
        (("subject",), 98),
        (("reply_contains",), 100),
        (("visible_reply",), 80),
        (("attachments", "attachment_count"), 92),
        (("is_bounce",), 93),
        (("bounced_recipient",), 93),
        (("is_auto_reply",), 100),
    ],
)
def test_the_gates_of_mail(score, names, gate):
    assert score.share(*names) >= gate, ", ".join(names)


def test_ordinary_mail_is_hardly_ever_taken_for_a_machine(score):
    """Three mails of the corpus are delivery reports that their source asserts nothing about, and one has an empty return path."""
    assert score.false_bounces <= 4 and score.false_answers == 0
