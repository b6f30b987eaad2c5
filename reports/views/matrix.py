"""Agencies by indicators: one night in one profile."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from checks.marks import Mark
from config.indicators import Sum, indicators

NO_RULE = "no_rule"


@dataclass(frozen=True)
class Matrix:
    """The marks of one night and profile. `ruled` and `unruled` are indicator ids in the framework's order.

    Indicators for which evidence is collected and which are never marked stand in neither.
    """

    profile: str
    agencies: tuple[str, ...]
    ruled: tuple[str, ...]
    unruled: tuple[str, ...]
    cells: dict[tuple[str, str], Mark]
    country: dict[tuple[str | None, str], Mark]

    @property
    def groups(self) -> tuple[str, ...]:
        """The role groups that carry marks of their own, in alphabetical order."""
        return tuple(sorted({group for group, _ in self.country if group is not None}))

    def mark(self, agency: str | None, indicator: str) -> Mark | None:
        """Return the mark of an agency, or of the whole country."""
        return self.country.get((None, indicator)) if agency is None else self.cells.get((agency, indicator))


def matrix(marks: Iterable[Mark], profile: str, agencies: Sequence[str]) -> Matrix:
    """Return the matrix of *profile*; bodies that carry marks but are not in *agencies* come last."""
    chosen = [item for item in marks if item.profile == profile]
    cells = {(item.agency, item.indicator): item for item in chosen if item.agency is not None}
    country = {(item.group, item.indicator): item for item in chosen if item.agency is None}
    judged = {item.indicator for item in chosen if item.reason != NO_RULE}
    known = [*indicators(), *sorted({item.indicator for item in chosen} - set(indicators()))]
    others = sorted({agency for agency, _ in cells} - set(agencies))
    return Matrix(
        profile=profile,
        agencies=(*agencies, *others),
        ruled=tuple(item for item in known if item in judged and not _only_shown(item)),
        unruled=tuple(item for item in known if item not in judged),
        cells=cells,
        country=country,
    )


def _only_shown(indicator: str) -> bool:
    known = indicators().get(indicator)
    return known is not None and known.sum is Sum.EVIDENCE


def profiles(marks: Iterable[Mark], first: str) -> tuple[str, ...]:
    """Return the profiles that carry marks, *first* in front."""
    return (first, *sorted({item.profile for item in marks} - {first}))
