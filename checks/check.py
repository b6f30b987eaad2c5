"""`odrc check`: one file or page, looked at with the same facts and rules as a night, and nothing kept.

An address is fetched by the same crawl (robots.txt, guard, pacing) into a workspace that is thrown away.
"""

from __future__ import annotations

import hashlib
import mimetypes
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from checks.context import Coverage, HistoryReader, RuleContext
from checks.engine import results
from checks.facts.extract import is_html
from checks.facts.page import PageExtractor
from checks.findings import Finding, SubjectKind
from checks.formats import format_readers, read_file
from checks.registry import Rule, all_rules, enabled_rules
from checks.view import Page
from config.errors import ConfigError
from config.model import Agency, CrawlSettings, Names, Operator, Scope, Settings
from config.pack import Pack
from crawler.archive.history import HistoryEntry
from crawler.archive.reader import Archive
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.policy import FetchPolicy
from crawler.run import crawl_night

_NIGHT = date(2000, 1, 1)
"""A stand-in: `check` speaks of no night. Rules that need one (freshness) are not asked about single pages."""


class CheckReport(msgspec.Struct, frozen=True):
    """The document of `odrc check`: target, facts, findings."""

    target: str
    facts: dict[str, Any]
    findings: tuple[Finding, ...]


class _NoHistory:
    """A single look has no history."""

    def entries(self, key: str) -> tuple[HistoryEntry, ...]:  # noqa: ARG002 - the protocol's signature
        return ()

    def nights(self) -> tuple[date, ...]:
        return ()


def check_target(target: str, pack: Pack, settings: Settings | None = None) -> CheckReport:
    """Return facts and findings of a file's path or an http(s) address.

    Raises ConfigError when there is no such file or the address gave no answer, saying which.
    """
    if target.startswith(("http://", "https://")):
        capture, body = _fetch(target, pack, settings)
    else:
        capture, body = _read(Path(target))
    if not is_html(capture):
        facts = read_file(capture, body, format_readers())
        return CheckReport(target, msgspec.to_builtins(facts), ())
    return _page(target, capture, body, pack, settings)


def _page(target: str, capture: Capture, body: bytes, pack: Pack, settings: Settings | None) -> CheckReport:
    facts = PageExtractor(pack).extract(capture, body)
    rules = enabled_rules(settings, pack) if settings else tuple(all_rules().values())
    agency = Agency(id="checked", names=(Names(names={pack.languages[0].code: target}),))
    page = Page(capture, facts, agency, Scope.model_construct(url=capture.url))
    findings = [item for rule in rules if rule.subject is SubjectKind.PAGE for item in _ask(rule, page, pack)]
    return CheckReport(target, msgspec.to_builtins(facts), tuple(findings))


def _ask(rule: Rule, page: Page, pack: Pack) -> list[Finding]:
    history: HistoryReader = _NoHistory()
    context = RuleContext(_NIGHT, {}, pack, history, Coverage())
    return [
        Finding(
            None, None, rule.id, rule.version, page.ref, item.outcome, item.reason,
            item.responsible, item.measures, item.evidence, item.counter_evidence,
        )
        for item in results(rule, page, context)
    ]  # fmt: skip


def _read(path: Path) -> tuple[Capture, bytes]:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be read ({error.strerror}); accepted: a file or an http(s) address"
        ) from error
    url = path.absolute().as_uri()
    declared = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    then = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    capture = Capture(
        "file", "check", _NIGHT, CaptureKey("GET", url), url, "", (), Purpose.PAGE, ExchangeOutcome.OK, then, then,
        status=200, headers=(("content-type", declared),), sha256=hashlib.sha256(body).hexdigest(), length=len(body),
    )  # fmt: skip
    return capture, body


def _fetch(url: str, pack: Pack, settings: Settings | None) -> tuple[Capture, bytes]:
    with TemporaryDirectory(prefix="odrc-check-") as folder:
        asked = _one_page(url, pack, settings, Path(folder))
        policy = FetchPolicy(frozenset({Purpose.PAGE, Purpose.DOCUMENT}), frozenset({Purpose.PAGE, Purpose.DOCUMENT}))
        crawl_night(asked, pack, _NIGHT, "check", policy, progress=lambda _step: None)
        with Archive(asked.workspace) as archive:
            found = [item for item in archive.captures(until=_NIGHT) if item.purpose is not Purpose.ROBOTS]
            if not found:
                raise ConfigError(f"{url}: nothing was fetched")
            if not found[0].answered:
                status = f", status {found[0].status}" if found[0].status else ""
                raise ConfigError(f"{url}: no answer to check ({found[0].outcome}{status})")
            return found[0], archive.body(found[0])


def _one_page(url: str, pack: Pack, settings: Settings | None, workspace: Path) -> Settings:
    name = Names(names={pack.languages[0].code: url})
    try:
        agency = Agency(id="checked", names=(name,), sites=(Scope(url=url),))
    except ValueError as error:
        raise ConfigError(f"{url}: not an address that can be fetched") from error
    crawl = (settings.crawl if settings else CrawlSettings()).model_copy(update={"pages_per_site": 1})
    operator = settings.operator if settings else Operator(name="odrc check", contact="see about_url", about_url=url)
    return Settings(pack=pack.id, workspace=workspace, operator=operator, agencies=(agency,), crawl=crawl)
