"""What `mainstay doctor` looks at: whether the installation is set up right. What may stand still while it runs is in `health`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mainstay.kernel.registry import Registry


@dataclass(frozen=True)
class Finding:
    """One plain sentence for the operator: what is well, or what is wrong and what to do about it."""

    is_well: bool
    sentence: str


Check = Callable[[], Iterable[Finding]]

CHECKS: Registry[Check] = Registry("check")


def examine() -> list[Finding]:
    """Every check's findings, by the name of the check. One that fails to look is a finding itself, and stops no other."""
    findings: list[Finding] = []
    for name, check in CHECKS.items():
        try:
            findings += check()
        except Exception as error:  # whatever is broken, the others still want to be heard
            findings.append(Finding(False, f"The check {name!r} could not look: {type(error).__name__}: {error}".partition("\n")[0]))
    return findings
