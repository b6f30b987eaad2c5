"""The whole of what one night's checks say: what the ledger records and the report tells."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

import msgspec

from checks.findings import Finding
from checks.marks import Mark
from crawler.coverage import RunCoverage
from crawler.portals.publishers import Stranger


class Visibility(StrEnum):
    """Who may read what a rule finds: anybody, or only the owner of the data and the operator."""

    PUBLIC = "public"
    OWNER = "owner"


class RuleInfo(msgspec.Struct, frozen=True):
    """A rule as `odrc rules` lists it."""

    id: str
    version: int
    indicators: tuple[str, ...]
    subject: str
    needs: tuple[str, ...]
    title: str
    visibility: Visibility = Visibility.PUBLIC


class Assessment(msgspec.Struct, frozen=True):
    """Findings and proposed marks of a night, the rules that made them, and the crawl runs they rest on.

    `strangers` are publishers of catalogues that match no agency: bodies not in the register. `damaged` names archived
    records that could not be read, by file and offset; what they show was not observed.
    """

    night: date
    findings: tuple[Finding, ...]
    marks: tuple[Mark, ...]
    rules: tuple[RuleInfo, ...]
    coverage: tuple[RunCoverage, ...]
    damaged: tuple[str, ...] = ()
    strangers: tuple[Stranger, ...] = ()

    @property
    def hidden(self) -> frozenset[str]:
        """Return the ids of the rules whose findings are not published."""
        return frozenset(item.id for item in self.rules if item.visibility is not Visibility.PUBLIC)

    def public(self) -> Assessment:
        """Return what may be published: all but the findings for owner and operator. Marks never rest on those."""
        hidden = self.hidden
        return msgspec.structs.replace(self, findings=tuple(item for item in self.findings if item.rule not in hidden))
