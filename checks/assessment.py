"""The whole of what one night's checks say: what the ledger records and the report tells."""

from __future__ import annotations

from datetime import date

import msgspec

from checks.findings import Finding
from checks.marks import Mark
from crawler.coverage import RunCoverage
from crawler.portals.publishers import Stranger


class RuleInfo(msgspec.Struct, frozen=True):
    """A rule as `odrc rules` lists it."""

    id: str
    version: int
    indicators: tuple[str, ...]
    subject: str
    needs: tuple[str, ...]
    title: str


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
