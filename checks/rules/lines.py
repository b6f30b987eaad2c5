"""How a rule decides: lines of a condition, an outcome and a reason, of which the first true one counts. No rule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from checks.findings import Outcome

Line: TypeAlias = tuple[bool, Outcome, str]


def decide(lines: Iterable[Line], otherwise: tuple[Outcome, str]) -> tuple[Outcome, str]:
    """Return outcome and reason of the first line that is true."""
    return next(((outcome, reason) for true, outcome, reason in lines if true), otherwise)
