"""What acts speak of, as one word each: a mark, a statement, a contest, a person, a frozen period."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import msgspec

from checks.marks import Mark
from reports.analysts.acts import Seen

_MARK = "mark"


@dataclass(frozen=True, order=True)
class MarkItem:
    """A mark whatever its night: of an agency (or, for the country, of a group or all), an indicator, a profile."""

    indicator: str
    profile: str
    agency: str | None = None
    group: str | None = None

    @property
    def key(self) -> str:
        """The mark as acts name it: `mark/<agency>/<group>/<indicator>/<profile>`, the country without agency."""
        return "/".join((_MARK, self.agency or "", self.group or "", self.indicator, self.profile))


def item_of(mark: Mark) -> MarkItem:
    """Return what *mark* is, whatever its night."""
    return MarkItem(mark.indicator, mark.profile, mark.agency, mark.group)


def read_mark_item(key: str) -> MarkItem | None:
    """Return the mark that *key* names, or None when it names something else."""
    kind, *parts = key.split("/")
    if kind != _MARK:
        return None
    agency, group, indicator, profile = parts
    return MarkItem(indicator, profile, agency or None, group or None)


def statement_item(statement: str) -> str:
    """Return a statement as acts name it."""
    return f"statement/{statement}"


def contest_item(contest: str) -> str:
    """Return a contest as acts name it."""
    return f"contest/{contest}"


def person_item(person: str) -> str:
    """Return a person as acts name them."""
    return f"person/{person}"


def period_item(period: str) -> str:
    """Return a frozen period as acts name it."""
    return f"period/{period}"


def seen(mark: Mark) -> Seen:
    """Return what lies before a person who looks at *mark*.

    The digest covers value, reason, rules and findings; the country's marks cite none, so their counts stand for them.
    """
    counts = msgspec.structs.astuple(mark.counts) if mark.agency is None and not mark.evidence else None
    parts = [mark.value, mark.reason, mark.rules, sorted(mark.evidence), counts]
    digest = hashlib.sha256(msgspec.json.encode(parts)).hexdigest()
    return Seen(digest, mark.value, mark.reason, mark.evidence)
