"""Marks from a tenth of the pages against marks from all, and what a million known addresses cost.

    python benchmarks/frontier.py [--sites 200] [--share 0.1] [--seed 1]
    python benchmarks/frontier.py --known 1000000

The sites are synthetic (`benchmarks/sites.py`); frontier, sampling, link finding, bounds and marking are the real code.
Pages are handed to the crawl's finder without HTTP. The exhaustive marks rest on every page of the same site.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.sites import REQUIRED, ROOT, STRUCTURES, Item, Site, build
from checks.findings import Evidence, Finding, Outcome, Responsible, SubjectKind, SubjectRef
from checks.marking.frame import Frame, frame_of
from checks.marking.night import Known, Marker
from checks.registry import Rule
from config.loader import load_pack
from config.model import Settings
from config.pack import Pack
from config.scopes import ScopeMap
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.coverage import ScopeCoverage
from crawler.finding import Finder, Menu
from crawler.frontier import Frontier, Plan, Told
from crawler.html import Links, judge
from crawler.shelf import Shelf
from crawler.signs import spellings

NIGHT = date(2026, 11, 16)
_NOON = datetime(2026, 11, 16, 12, tzinfo=UTC)
_PURPOSES = frozenset({Purpose.PAGE, Purpose.DOCUMENT})
# Three shares (of sections, pages and files) and one worst-of.
_RULES = {
    "LANG-01": ("lang_coverage", SubjectKind.SECTION),
    "LANG-02": ("lang_quality", SubjectKind.PAGE),
    "LIC-01": ("copyright_notice", SubjectKind.PAGE),
    "FMT-01": ("machine_readable", SubjectKind.FILE),
}


class NoPast:
    """A history without nights."""

    def entries(self, key: str) -> tuple[Any, ...]:
        """Return nothing."""
        del key
        return ()

    def nights(self) -> tuple[date, ...]:
        """Return nothing."""
        return ()


def frontier_of(pack: Pack, budget: int, shelf: Shelf | None = None) -> Frontier:
    """Return the frontier of an installation that watches one site."""
    settings = Settings.model_validate(
        {
            "pack": "kz",
            "workspace": ".",
            "operator": {"name": "bench", "contact": "bench@site.example", "about_url": ROOT},
            "agencies": [{"id": "site", "names": {"en": "Site"}, "sites": [ROOT]}],
        }
    )
    plan = Plan(NIGHT, budget, None, spellings(pack))
    return Frontier(ScopeMap(settings, NIGHT), plan, _PURPOSES, None, shelf)


def crawl(site: Site, pack: Pack, budget: int) -> tuple[list[Capture], ScopeCoverage]:
    """Crawl a site within a budget and return the captures and the scope's account."""
    frontier = frontier_of(pack, budget)
    finder = Finder(frontier)
    captures: list[Capture] = []
    frontier.begin()
    while visit := frontier.next(lambda _: True):
        item = site.items.get(visit.key.url)
        found = _capture(
            f"capture-{len(captures)}", visit.key.url, visit.purpose, visit.stratum, there=item is not None
        )
        frontier.settle(visit.key, visit.scopes, found.outcome, visit.purpose, told=Told(found.status, found.stratum))
        if item is None:
            continue
        captures.append(found)
        if not item.document:
            finder.page(found, Links(tuple(judge(url) for url in item.links)), Menu(site.menu))
        if visit.key.url == ROOT:
            for url in site.listed:
                frontier.add(url, f"{ROOT}sitemap.xml")
    return captures, frontier.coverage("budget")[0]


def _capture(name: str, url: str, purpose: Purpose, stratum: str | None, *, there: bool) -> Capture:
    outcome, status = (ExchangeOutcome.OK, 200) if there else (ExchangeOutcome.HTTP_ERROR, 404)
    return Capture(
        name, "bench", NIGHT, CaptureKey("GET", url), url, "site.example", (ROOT,), purpose, outcome, _NOON, _NOON,
        status=status, stratum=stratum,
    )  # fmt: skip


def findings(site: Site, captures: list[Capture]) -> Iterator[Finding]:
    """Yield what the rules say of the captured pages of a site."""
    topics: dict[int, dict[str, tuple[Item, Capture]]] = {}
    for capture in captures:
        item = site.items[capture.key.url]
        if item.document:
            yield _finding("FMT-01", capture.key.text(), passed=item.readable, captures=[capture])
            continue
        yield _finding("LIC-01", capture.key.text(), passed=not item.restricted, captures=[capture], absent=True)
        if item.topic is not None and item.language:
            yield _finding("LANG-02", capture.key.text(), passed=item.worded, captures=[capture])
            topics.setdefault(item.topic, {})[item.language] = (item, capture)
    for topic, versions in topics.items():
        cited = [capture for _item, capture in versions.values()]
        if all(code in versions for code in REQUIRED):
            passed = all(item.covered for item, _capture in versions.values())
            yield _finding("LANG-01", f"topic {topic}", passed=passed, captures=cited)
        else:
            yield _finding("LANG-01", f"topic {topic}", passed=None, captures=[])


def _finding(rule: str, subject: str, *, passed: bool | None, captures: list[Capture], absent: bool = False) -> Finding:
    outcome = Outcome.NOT_OBSERVED if passed is None else Outcome.PASS if passed else Outcome.FAIL
    return Finding(
        agency="site", scope=ROOT, rule=rule, version=1, subject=SubjectRef(_RULES[rule][1], subject, None),
        outcome=outcome, reason="reason", responsible=Responsible.AGENCY,
        measures={"by_absence": True} if absent and passed else {},
        evidence=tuple(Evidence("0" * 64, item.url, "css:main", "text", item.id, _NOON) for item in captures),
    )  # fmt: skip


def marks(site: Site, pack: Pack, captures: list[Capture], known: Known) -> dict[str, tuple[str | None, str]]:
    """Return value and reason by indicator, in the pack's first profile."""
    rules = tuple(
        Rule(name, 1, (indicator,), kind, frozenset(), "not_observed", lambda *_: None, "A rule.")
        for name, (indicator, kind) in _RULES.items()
    )
    agency = frontier_of(pack, 1).addresses.owners[0].agency
    made = Marker(pack, rules, (agency,), NoPast(), known, NIGHT).marks(findings(site, captures))
    wanted = [mark for mark in made if mark.agency and mark.profile == pack.profiles[0].id]
    return {mark.indicator: (mark.value.value if mark.value else None, mark.reason) for mark in wanted}


def compare(site: Site, pack: Pack, share: float) -> Iterator[tuple[str, str | None, str | None, str]]:
    """Yield per indicator the exhaustive mark, the sample's mark and its reason."""
    every = [
        _capture(f"all-{number}", url, Purpose.PAGE, None, there=True) for number, url in enumerate(site.items)
    ]  # fmt: skip
    whole = marks(site, pack, every, Known({}, frozenset({"site"}), {}))
    captures, told = crawl(site, pack, int(share * len(site.items)))
    part = marks(site, pack, captures, _known(captures, told))
    for indicator, (value, _reason) in whole.items():
        yield indicator, value, *part[indicator]


def _known(captures: list[Capture], told: ScopeCoverage) -> Known:
    pages = [item for item in captures if item.purpose is Purpose.PAGE]
    frame: Frame = frame_of(told.strata, pages, finished=told.discovered)
    questions = ("menu", "sections", "sitemap")
    absent = frozenset({"site"}) if all(told.exhausted[name] for name in questions) else frozenset()
    exhausted = frozenset({"site"}) if told.exhausted["links"] else frozenset()
    return Known({}, exhausted, {}, frames={"site": frame}, absence=absent)


def agreement(sites: int, share: float, seed: int) -> dict[str, Any]:
    """Return how marks of a part agree with those of the whole."""
    pack, chance = load_pack("kz"), random.Random(seed)
    tally: Counter[str] = Counter()
    by_indicator: dict[str, Counter[str]] = {}
    pages = []
    for number in range(sites):
        site = build(STRUCTURES[number % len(STRUCTURES)], seed * 10_000 + number, chance.randint(2_000, 10_000))
        pages.append(len(site.items))
        for indicator, whole, part, reason in compare(site, pack, share):
            kind = _kind(whole, part, reason)
            for counter in (tally, by_indicator.setdefault(indicator, Counter())):
                counter[kind] += 1
    decidable = sum(tally.values()) - tally["none"]
    return {
        "sites": sites, "pages": [min(pages), sum(pages) // len(pages), max(pages)], "marks": decidable,
        "no_contradiction": round(1 - tally["contradiction"] / decidable, 4),
        "undecided": round(tally["undecided"] / decidable, 4),
        "otherwise": round(tally["otherwise"] / decidable, 4),
        "by_indicator": {name: dict(sorted(counter.items())) for name, counter in sorted(by_indicator.items())},
    }  # fmt: skip


def _kind(whole: str | None, part: str | None, reason: str) -> str:
    if whole is None:
        return "none"
    if part is None:
        return "undecided" if reason else "none"
    return "same" if whole == part else "contradiction" if {whole, part} == {"+", "-"} else "otherwise"


def memory(known: int) -> dict[str, Any]:
    """Return what it costs to know so many addresses of one site, on a shelf of a file."""
    with tempfile.TemporaryDirectory() as folder:
        frontier = frontier_of(load_pack("kz"), known, Shelf(Path(folder) / "frontier.sqlite"))
        frontier.begin()
        begun = time.process_time()
        for number in range(known):
            frontier.add(f"{ROOT}{('kk', 'ru')[number % 2]}/part{number % 97}/text-about-something-{number}.html", ROOT)
        added = time.process_time() - begun
        drawn = 0
        begun = time.process_time()
        while drawn < min(known, 20_000) and (visit := frontier.next(lambda _: True)):
            frontier.settle(visit.key, visit.scopes, ExchangeOutcome.OK)
            drawn += 1
        spent = time.process_time() - begun
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
        assert frontier.coverage(None)[0].known == known + 1
    return {
        "known": known,
        "links_per_cpu_second": round(known / added),
        "draws_per_cpu_second": round(drawn / spent),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "file_mb": round(size / 1e6),
    }


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--share", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--known", type=int, default=0)
    chosen = parser.parse_args()
    found = memory(chosen.known) if chosen.known else agreement(chosen.sites, chosen.share, chosen.seed)
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
