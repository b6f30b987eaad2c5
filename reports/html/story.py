"""What a report is made of, and the names of its files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from checks.assessment import Assessment
from checks.marks import Mark
from config.model import Agency, Settings
from config.pack import Pack
from reports.analysts.effective import Basis, Effective, as_mark
from reports.analysts.items import item_of
from reports.ledger import Run

COUNTRY = "_country"  # no agency can be called that: ids begin with a letter or digit


@dataclass(frozen=True)
class Story:
    """One night to be told: settings and pack for names and thresholds, what was recorded, runs, and what counts.

    `gone` are the digests of bodies that were redacted in the archive: nothing of them is quoted.
    """

    settings: Settings
    pack: Pack
    assessment: Assessment
    run: Run
    runs: tuple[Run, ...]
    standing: Mapping[str, Effective] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()

    @property
    def marks(self) -> tuple[Mark, ...]:
        """The marks as they count, where people decided something; else as the machine proposes them."""
        return tuple(as_mark(one) for one in self.standing.values()) or self.assessment.marks

    def said(self, mark: Mark) -> Effective | None:
        """Return what people said of *mark*, if they said anything."""
        one = self.standing.get(item_of(mark).key)
        return one if one and one.basis is not Basis.PROPOSED else None

    def public(self) -> Story:
        """Return the story without what is told to owner and operator alone."""
        return replace(self, assessment=self.assessment.public())

    @property
    def night(self) -> date:
        """The night that is told."""
        return self.assessment.night

    @property
    def profile(self) -> str:
        """The profile that feeds the overview."""
        return main_profile(self.settings, self.pack)

    @property
    def agencies(self) -> tuple[Agency, ...]:
        """The agencies in force that night."""
        return agencies_on(self.settings, self.night)

    @property
    def excerpts(self) -> bool:
        """Whether excerpts are published."""
        return self.settings.publish.captures != "none"


def main_profile(settings: Settings, pack: Pack) -> str:
    """Return the profile that feeds the document: the chosen one, or the pack's first."""
    return settings.profile or pack.profiles[0].id


def agencies_on(settings: Settings, night: date) -> tuple[Agency, ...]:
    """Return the agencies in force on *night*."""
    return tuple(
        item for item in settings.agencies if (item.valid_from or date.min) <= night <= (item.valid_to or date.max)
    )


def mark_file(mark: Mark) -> str:
    """Return the file name of a mark's page."""
    parts = [mark.agency or COUNTRY, mark.indicator, mark.profile, *([mark.group] if mark.group else [])]
    return ".".join(_plain(item) for item in parts) + ".html"


def agency_file(agency: str) -> str:
    """Return the file name of an agency's page."""
    return f"{_plain(agency)}.html"


def profile_file(profile: str, main: str) -> str:
    """Return the file name of a profile's overview."""
    return "index.html" if profile == main else f"profile-{_plain(profile)}.html"


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", lambda hit: f"~{ord(hit.group()):x}", text)
