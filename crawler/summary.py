"""What a crawl saw in a few lines, with totals that add up: known = fetched + failed + skipped + pending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from crawler.coverage import RunCoverage, ScopeCoverage


class Totals(msgspec.Struct, frozen=True):
    """Addresses of several scopes together. A page of two scopes counts in each."""

    known: int = 0
    fetched: int = 0
    failed: int = 0
    skipped: int = 0
    pending: int = 0

    def balanced(self) -> bool:
        """Tell whether the totals add up."""
        return self.known == self.fetched + self.failed + self.skipped + self.pending


def totals(scopes: Iterable[ScopeCoverage]) -> Totals:
    """Return the totals over scopes."""
    sums = Counter[str]()
    for item in scopes:
        sums.update(
            known=item.known, fetched=item.fetched, pending=item.pending,
            failed=sum(item.failed.values()), skipped=sum(item.skipped.values()),
        )  # fmt: skip
    return Totals(**sums)


def brief(coverage: RunCoverage) -> Iterator[str]:
    """Yield how a crawl ended and its totals with the reasons; nothing of single scopes."""
    reason = f" ({coverage.reason})" if coverage.reason else ""
    yield f"{coverage.night} {coverage.run}: {coverage.state}{reason}, {coverage.out_of_scope} links out of scope"
    if coverage.scopes:
        yield _sum(coverage.scopes)


def told(coverage: RunCoverage) -> Iterator[str]:
    """Yield the same with a line for each scope and host."""
    head, *rest = brief(coverage)
    yield head
    for scope in coverage.scopes:
        left = {**scope.failed, **scope.skipped} | ({"pending": scope.pending} if scope.pending else {})
        lacks = "".join(f", {count} {name}" for name, count in left.items())
        records = "" if scope.records is None else f", {scope.records} records"
        yield f"  {scope.scope}: {scope.known} known, {scope.fetched} fetched{lacks}{records}"
    for host in coverage.hosts:
        incidents = f", {', '.join(host.incidents)}" if host.incidents else ""
        yield f"  {host.host}: {host.requests} requests, robots.txt {host.robots}{incidents}"
    yield from rest


def _sum(scopes: tuple[ScopeCoverage, ...]) -> str:
    found = totals(scopes)
    failed, skipped = Counter[str](), Counter[str]()
    for item in scopes:
        failed.update(item.failed)
        skipped.update(item.skipped)
    return (
        f"  {len(scopes)} scopes: {found.known} known = {found.fetched} fetched + {found.failed} failed{_why(failed)}"
        f" + {found.skipped} skipped{_why(skipped)} + {found.pending} pending"
    )


def _why(counts: Counter[str]) -> str:
    return f" ({', '.join(f'{name} {count}' for name, count in sorted(counts.items()))})" if counts else ""
