"""Archives for tests of the checks: pages given as text, written by the crawl's own recorder, judged as a night is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from checks.assessment import Assessment
from checks.engine import Engine
from checks.facts.extract import FactsSource
from checks.facts.store import FactsStore
from checks.findings import Finding
from checks.night import assess
from checks.registry import Rule
from checks.view import View
from config.discoveries import Discovery
from config.model import Settings
from config.pack import Pack
from config.register import with_former_names
from config.scopes import ScopeMap
from crawler.archive.history import History
from crawler.archive.reader import Archive
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, How, Purpose, Redirect
from crawler.coverage import HostCoverage, RunCoverage, RunState, ScopeCoverage
from crawler.frontier import Visit
from crawler.recorder import Answer, Recorder, RunInfo

NIGHT = date(2026, 11, 16)
SITE = "https://good.kz/"
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """What an address answers. `moved` is where it redirects to first; an `outcome` other than `ok` is a failure."""

    body: str | bytes = ""
    status: int = 200
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    purpose: Purpose = Purpose.PAGE
    outcome: ExchangeOutcome = ExchangeOutcome.OK
    moved: str | None = None
    how: How = How.PLAIN


def failure(outcome: ExchangeOutcome, **given: Any) -> Reply:
    return Reply(outcome=outcome, **given)


GONE = Reply("<h1>no such page</h1>", 404, outcome=ExchangeOutcome.HTTP_ERROR)


class Clock:
    """A clock that goes one second with every look, from the evening of a night on."""

    def __init__(self, night: date) -> None:
        self._now = datetime(night.year, night.month, night.day, 18, tzinfo=UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=1)
        return self._now


def agency(name: str, *sites: str, **given: Any) -> dict[str, Any]:
    return {"id": name, "names": {"en": name}, "sites": list(sites), **given}


@dataclass
class Lab:
    """One workspace. `agencies` and `portals` are settings as an operator writes them."""

    workspace: Path
    pack: Pack
    agencies: list[dict[str, Any]] = field(default_factory=lambda: [agency("good", SITE)])
    portals: list[dict[str, Any]] = field(default_factory=list)
    rules: dict[str, Any] = field(default_factory=dict)
    discoveries: tuple[Discovery, ...] = ()

    @property
    def settings(self) -> Settings:
        return Settings.model_validate(
            {
                "pack": "kz",
                "workspace": self.workspace,
                "operator": {"name": "Test", "contact": "data@centre.kz", "about_url": "https://centre.kz/bot"},
                "agencies": self.agencies,
                "portals": self.portals,
                "rules": self.rules,
                "discoveries": self.discoveries,
            }
        )

    def crawl(
        self,
        pages: Mapping[str, str | Reply],
        night: date = NIGHT,
        *,
        run: str = "nightly",
        exhausted: bool = True,
        known: int | None = None,
        whole: tuple[str, ...] = (),
    ) -> list[Capture]:
        """Archive one run of a night: what each address answered, and the closing statement.

        *whole* are addresses of portals whose catalogues were read to their end.
        """
        self.workspace.mkdir(parents=True, exist_ok=True)
        clock = Clock(night)
        made = Recorder(RunInfo(self.workspace, night, run, "default", "odrc/test"), clock)
        with closing(made):
            captures = [self._record(made, url, reply) for url, reply in pages.items()]
            said = self._statement(captures, night, run, clock, exhausted=exhausted, known=known)
            read = tuple(ScopeCoverage(name, 0, 0, {}, {}, 0, {"data": True}) for name in whole)
            made.finish(msgspec.structs.replace(said, scopes=(*said.scopes, *read)))
        return captures

    def _record(self, made: Recorder, url: str, reply: str | Reply) -> Capture:
        reply = Reply(reply) if isinstance(reply, str) else reply
        visit = Visit(url, CaptureKey("GET", url), reply.purpose, self._scopes(url) if _bound(reply) else ())
        visit.how = reply.how
        if reply.outcome is not ExchangeOutcome.OK and reply.status == 200:
            return made.failure(visit, reply.outcome)
        if reply.moved:
            hop = Answer(url, 302, (), (("Location", reply.moved),), b"")
            made.hop(visit, hop, reply.moved)
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        headers = (("Content-Type", reply.content_type), *reply.headers) if reply.content_type else reply.headers
        answer = Answer(reply.moved or url, reply.status, (), headers, body, "192.0.2.1")
        return made.answer(visit, answer, reply.outcome)

    def _scopes(self, url: str) -> tuple[str, ...]:
        return tuple(owner.scope.id for owner in ScopeMap(self.settings, NIGHT).of(url))

    def _statement(
        self, captures: list[Capture], night: date, run: str, clock: Clock, *, exhausted: bool, known: int | None
    ) -> RunCoverage:
        scopes = []
        for site in {site.id: site for item in self.settings.agencies for site in item.sites}:
            mine = [item for item in captures if site in item.scopes]
            fetched = sum(item.outcome is ExchangeOutcome.OK for item in mine)
            skipped = {"budget": known - len(mine)} if known else {}
            failed = {"http_error": len(mine) - fetched} if len(mine) > fetched else {}
            book = ScopeCoverage(
                site, len(mine) + sum(skipped.values()), fetched, failed, skipped, 0, {"links": exhausted}
            )
            assert book.balanced()
            scopes.append(book)
        hosts = tuple(HostCoverage(host, 1, "ok") for host in sorted({item.host for item in captures}))
        now = clock.now()
        return RunCoverage(run, night, "default", RunState.COMPLETE, now, now, tuple(scopes), hosts)

    def assess(self, night: date = NIGHT, **given: Any) -> Assessment:
        return assess(self.settings, self.pack, night, **given)

    def findings(self, rule: Rule, night: date = NIGHT, *, max_age: int = 14) -> list[Finding]:
        """Ask one rule, registered or not, about everything that a night shows."""
        with self.view(night, max_age=max_age) as view:
            return list(Engine(self.settings, History(self.workspace, night)).findings(rule, view))

    def view(self, night: date = NIGHT, *, max_age: int = 14) -> OpenView:
        return OpenView(self, night, max_age)


class OpenView:
    """A view with the archive and cache behind it, closed at the end of a `with` block."""

    def __init__(self, lab: Lab, night: date, max_age: int) -> None:
        self._lab, self._night, self._max_age = lab, night, max_age

    def __enter__(self) -> View:
        self._archive = Archive(self._lab.workspace)
        read = with_former_names(self._lab.pack, self._lab.settings.agencies)
        self._store = FactsStore(None, read)
        source = FactsSource(self._archive, self._store, read)
        return View(self._night, self._lab.settings, self._lab.pack, self._archive, source, self._max_age)

    def __exit__(self, *_: object) -> None:
        self._store.close()
        self._archive.close()


def _bound(reply: Reply) -> bool:
    return reply.purpose in (Purpose.PAGE, Purpose.DOCUMENT)


def page_capture(url: str = "https://good.kz/", content_type: str | None = HTML, **given: Any) -> Capture:
    """Return a capture of an ordinary page, for facts that need no archive."""
    then = datetime(2026, 11, 16, 18, tzinfo=UTC)
    plain: dict[str, Any] = {
        "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
        "run": "nightly",
        "night": NIGHT,
        "key": CaptureKey("GET", url),
        "url": url,
        "host": "good.kz",
        "scopes": (SITE,),
        "purpose": Purpose.PAGE,
        "outcome": ExchangeOutcome.OK,
        "started": then,
        "finished": then,
        "status": 200,
        "headers": (("Content-Type", content_type),) if content_type else (),
        "sha256": "0" * 64,
        "length": 1,
    }
    return Capture(**{**plain, **given})


def nights_before(number: int, night: date = NIGHT) -> date:
    return night - timedelta(days=number)


def only(findings: Iterable[Finding], place: str = "") -> Finding:
    """Return the one finding whose subject's address or id ends with *place*."""
    found = [item for item in findings if (item.subject.url or "").endswith(place) or item.subject.id.endswith(place)]
    assert len(found) == 1, [(item.subject.id, item.outcome, item.reason) for item in found]
    return found[0]


__all__ = ["GONE", "HTML", "NIGHT", "SITE", "Lab", "Redirect", "Reply", "agency", "failure", "only", "page_capture"]
