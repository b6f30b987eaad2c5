"""The page of a data set says to search engines what the catalogue says.

What it asks
    Of every data set whose page was crawled: does the page carry schema.org markup of a data set, and do its name,
    date and licence agree with the catalogue's record?

Why
    Search engines gather data sets from the markup of pages. Markup that is absent or says something else than the
    catalogue hides data or misleads.

Outcomes
    pass: markup of a data set is there and agrees.
    unclear: no such markup, or it differs in name, date or licence.
    fail: never.
    not_applicable: the catalogue names no page for the data set.
    not_observed: the page was not crawled, or could not be seen.

Traps
    Dates are compared by day. What only one side states is no difference. A page that is drawn by scripts may carry
    the markup all the same: the bytes are what is read.

Law
    Evidence for the analyst; no mark and no breach of law rests on it.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.dates import iso_prefix
from checks.facts.licences import read_licence, read_text
from checks.facts.metadata import markup
from checks.facts.metadata.markup import Markup
from checks.facts.model import FactKind
from checks.findings import Outcome, Responsible, Result, SubjectKind
from checks.registry import rule
from checks.rules.meta_evidence import cite_capture
from checks.subjects import DatasetSubject
from crawler.archive.layout import ArchiveError
from crawler.records import Record


@rule(
    id="META-07", version=1, indicators=("findability",), subject=SubjectKind.DATASET,
    needs=frozenset({FactKind.RECORD, FactKind.BODY}),
)  # fmt: skip
def markup_agrees(subject: DatasetSubject, _context: RuleContext) -> Result:
    """Judge one data set."""
    record, view = subject.record, subject.view
    if not record.url:
        return Result(Outcome.NOT_APPLICABLE, "no_page_named")
    capture = view.sees(record.url) if view else None
    if view is None or capture is None or not capture.answered:
        return Result(Outcome.NOT_OBSERVED, "page_not_crawled")
    try:
        found = markup.read(view.body(capture), capture.url)
    except ArchiveError:
        return Result(Outcome.NOT_OBSERVED, "archive_damaged")
    differing = min((_differing(record, item) for item in found), key=len, default=None)
    who = Responsible.PORTAL_OWNER
    text = f"{len(found)} data sets marked up; differing: {', '.join(differing or ()) or 'nothing'}"
    evidence = (cite_capture(capture, "text:schema.org", text, view),)
    if differing is None:
        return Result(Outcome.UNCLEAR, "no_markup", {"marked_up": 0}, evidence, responsible=who)
    outcome, reason = (Outcome.UNCLEAR, "markup_differs") if differing else (Outcome.PASS, "markup_agrees")
    return Result(outcome, reason, {"marked_up": len(found), "differing": differing}, evidence, responsible=who)


def _differing(record: Record, item: Markup) -> list[str]:
    """Return what markup and record both state, and state differently."""
    titles = {_plain(text) for text in record.titles.values()}
    names = {_plain(text) for text in item.names}
    days = (iso_prefix(record.modified or ""), iso_prefix(item.modified or ""))
    licences = (read_licence(record.licence).id, _licence(item.licence))
    differ = {
        "name": bool(titles and names) and not titles & names,
        "modified": None not in days and days[0] != days[1],
        "licence": None not in licences and licences[0] != licences[1],
    }
    return [name for name, differs in differ.items() if differs]


def _licence(said: str | None) -> str | None:
    found = read_text(said)
    return found.id if found else None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
