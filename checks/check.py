"""`odrc check`: one file, page or catalogue, looked at with the same facts and rules as a night, and nothing kept.

An address is fetched by the same crawl (robots.txt, guard, pacing) into a workspace that is thrown away.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from checks.alone import Alone, Catalogue, page_of, read_catalogue
from checks.context import Coverage, RuleContext
from checks.engine import finding_of, params_of, results
from checks.facts.extract import is_html
from checks.facts.files.reading import MOST_BYTES
from checks.facts.model import FactKind
from checks.findings import Finding, SubjectKind
from checks.redact import Redactor
from checks.registry import Rule, all_rules, enabled_rules
from checks.subjects import DatasetSubject, Subject, TableSubject, tables_in
from config.errors import ConfigError
from config.formats import Family, Readable, by_extension, formats
from config.model import Agency, CrawlSettings, Names, Operator, Scope, Settings
from config.pack import Pack
from crawler.archive.history import HistoryEntry
from crawler.archive.reader import Archive
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.policy import FetchPolicy
from crawler.portals.jsonread import is_markup
from crawler.records import Record
from crawler.run import crawl_night

MOST_RECORDS = 200
_SHOWN = 10
_NIGHT = date(2000, 1, 1)
"""A stand-in: `check` speaks of no night. Rules that need one (freshness) are not asked."""


class CheckReport(msgspec.Struct, frozen=True):
    """The document of `odrc check`: target, facts (`kind` first: page, file or catalogue), findings."""

    target: str
    facts: dict[str, Any]
    findings: tuple[Finding, ...]


class _NoHistory:
    """A single look has no history."""

    def entries(self, key: str) -> tuple[HistoryEntry, ...]:  # noqa: ARG002 - the protocol's signature
        return ()

    def nights(self) -> tuple[date, ...]:
        return ()


class _Asking:
    """The rules that can be asked outside any night, with their parameters."""

    def __init__(self, pack: Pack, settings: Settings | None) -> None:
        self._pack = pack
        self._settings = settings
        self._rules = enabled_rules(settings, pack) if settings else tuple(all_rules().values())

    def about(self, kind: SubjectKind, subjects: Iterable[Subject]) -> tuple[Finding, ...]:
        """Return what the rules of a kind say of the subjects."""
        rules = [item for item in self._rules if item.subject is kind and FactKind.HISTORY not in item.needs]
        return tuple(found for subject in subjects for rule in rules for found in self._ask(rule, subject))

    def _ask(self, rule: Rule, subject: Subject) -> Iterator[Finding]:
        params = params_of(rule, self._pack, self._settings)
        context = RuleContext(_NIGHT, params, self._pack, _NoHistory(), Coverage())
        for item in results(rule, subject, context):
            yield finding_of(rule, None, None, subject.ref, item)


def check_target(target: str, pack: Pack, settings: Settings | None = None) -> CheckReport:
    """Return facts and findings of a file's path or an http(s) address.

    Raises ConfigError when there is no such file or the address gave no answer, saying which.
    """
    if target.startswith(("http://", "https://")):
        capture, body = _fetch(target, pack, settings)
    else:
        capture, body = _read(target)
    asking = _Asking(pack, settings)
    if is_html(capture) and not _named_data(capture.url):
        page = page_of(capture, body, pack)
        facts = {"kind": "page", **msgspec.to_builtins(page.facts)}
        shown = (TableSubject(item, at + 1, page) for at, item in enumerate(page.facts.tables))
        found = asking.about(SubjectKind.PAGE, (page,)) + asking.about(SubjectKind.TABLE, shown)
        return CheckReport(target, facts, found)
    if capture.url.startswith("file:"):  # what told pages from files is nothing that somebody declared
        capture = msgspec.structs.replace(capture, headers=())
    alone = Alone(capture, body, pack)
    catalogue = read_catalogue(capture, body)
    if catalogue:
        judged = (DatasetSubject(item, catalogue.portal, None, alone.view) for item in catalogue.records[:MOST_RECORDS])
        facts = _catalogue_facts(catalogue, capture, len(body), Redactor(pack.extraction.personal))
        return CheckReport(target, facts, asking.about(SubjectKind.DATASET, judged))
    facts = {"kind": "file", **msgspec.to_builtins(alone.facts)}
    file = alone.subject()
    judged_file = asking.about(SubjectKind.FILE, (file,)) + asking.about(SubjectKind.TABLE, tables_in(file))
    return CheckReport(target, facts, judged_file)


def _named_data(url: str) -> bool:
    """Tell whether an address ends like data. A page that answers there is a file in disguise."""
    known = formats().get(by_extension(url) or "")
    return known is not None and (known.family is Family.TABULAR or known.readable in (Readable.FULL, Readable.INSIDE))


def _catalogue_facts(found: Catalogue, capture: Capture, length: int, redactor: Redactor) -> dict[str, Any]:
    records = found.records
    publishers = Counter(name for item in records if (name := _name(item.publisher_names)))
    return {
        "kind": "catalogue",
        "url": capture.url,
        "length": length,
        "problem": found.trouble,
        "records": len(records),
        "left_out": max(0, len(records) - MOST_RECORDS),
        "standards": dict(sorted(Counter(item.standard.value for item in records).items())),
        "publishers": {redactor.excerpt(name): count for name, count in publishers.most_common(_SHOWN)},
        "titles": [redactor.excerpt(_title(item)) for item in records[:_SHOWN]],
    }


def _title(record: Record) -> str:
    return _name(record.titles) or record.id


def _name(texts: dict[str, str]) -> str:
    return next(iter(texts.values()), "")


def _read(target: str) -> tuple[Capture, bytes]:
    path = Path(target)
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)  # what is larger is told by its type alone
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ConfigError(f"{target}: cannot be read ({why}); accepted: a file or an http(s) address") from error
    url = path.absolute().as_uri()
    declared = _declared(path.name, body)
    then = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    capture = Capture(
        "file", "check", _NIGHT, CaptureKey("GET", url), url, "", (), Purpose.PAGE, ExchangeOutcome.OK, then, then,
        status=200, headers=(("content-type", declared),), sha256=hashlib.sha256(body).hexdigest(), length=len(body),
    )  # fmt: skip
    return capture, body


def _declared(name: str, body: bytes) -> str:
    """Return text/html for a page. No server declares the type of a file on disk, so its bytes and name speak."""
    guessed = mimetypes.guess_type(name)[0]
    is_page = guessed in ("text/html", "application/xhtml+xml") or (by_extension(name) is None and is_markup(body))
    return "text/html" if is_page else "application/octet-stream"


def _fetch(url: str, pack: Pack, settings: Settings | None) -> tuple[Capture, bytes]:
    with TemporaryDirectory(prefix="odrc-check-") as folder:
        asked = _one_page(url, pack, settings, Path(folder))
        wanted = frozenset({Purpose.PAGE, Purpose.DOCUMENT})
        policy = FetchPolicy(wanted, wanted)
        crawl_night(asked, pack, _NIGHT, "check", policy, progress=lambda _step: None)
        with Archive(asked.workspace) as archive:
            found = [item for item in archive.captures(until=_NIGHT) if item.purpose in wanted]
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
    crawl = (settings.crawl if settings else CrawlSettings()).model_copy(
        update={"pages_per_site": 1, "usual_sitemaps": False}
    )
    operator = settings.operator if settings else Operator(name="odrc check", contact="see about_url", about_url=url)
    return Settings(pack=pack.id, workspace=workspace, operator=operator, agencies=(agency,), crawl=crawl)
