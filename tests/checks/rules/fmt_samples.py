"""Sites whose pages link to files, for the tables of the format rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from checks.findings import Finding, Outcome
from checks.registry import Rule
from config.pack import Pack
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose
from crawler.frontier import Visit
from crawler.recorder import Answer, Recorder
from tests.checks.lab import NIGHT, Lab, Reply, agency
from tests.checks.texts import RU, page, paragraphs
from tests.lab import office

HOME = "https://good.kz/"
DATA = "https://good.kz/opendata"
NEWS = "https://good.kz/news"
ORDERS = "https://good.kz/orders"
OPEN_DATA = page(paragraphs("Файлы"), title="Открытые данные")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = [("region", "year", "people"), *((f"region {number}", 2020 + number, 10 * number) for number in range(1, 9))]
CSV = "\n".join(",".join(map(str, row)) for row in ROWS) + "\n"
TIDY = office.workbook(ROWS)
PRINTED = office.workbook(
    [("Report on regions", None, None), ("for the year", None, None), (None, None, None), *ROWS], ["A1:C1"]
)
DOCX = office.zipped(
    {
        "[Content_Types].xml": b'<Types><Override ContentType="application/vnd.openxmlformats-officedocument.'
        b'wordprocessingml.document.main+xml"/></Types>',
        "word/document.xml": "<w:document><w:p><w:t>{}</w:t></w:p></w:document>".format(
            "Приказ министра. " * 20
        ).encode(),
    }
)


@dataclass(frozen=True)
class File:
    """A file that a page links to; *reply* is what its address answers."""

    reply: Reply
    found_on: str | None = DATA


def file(body: str | bytes, content_type: str = "", found_on: str | None = DATA) -> File:
    return File(Reply(body, content_type=content_type, purpose=Purpose.DOCUMENT), found_on)


def dead(outcome: ExchangeOutcome = ExchangeOutcome.TIMEOUT, status: int = 200) -> File:
    return File(Reply(outcome=outcome, status=status, purpose=Purpose.DOCUMENT))


class LinkedLab(Lab):
    """A lab whose files say which page they were found on."""

    def _record(self, made: Recorder, url: str, reply: str | Reply | File) -> Capture:  # type: ignore[override]
        if not isinstance(reply, File):
            return super()._record(made, url, reply)
        given = reply.reply
        visit = Visit(url, CaptureKey("GET", url), given.purpose, self._scopes(url), reply.found_on)
        if given.outcome is not ExchangeOutcome.OK and given.status == 200:
            return made.failure(visit, given.outcome)
        body = given.body.encode() if isinstance(given.body, str) else given.body
        headers = (("Content-Type", given.content_type),) if given.content_type else ()
        return made.answer(visit, Answer(url, given.status, (), headers, body, "192.0.2.1"), given.outcome)


@dataclass(frozen=True)
class Sample:
    """A site, and the outcome and reason expected of the file whose address ends with `of`; None: no finding."""

    name: str
    outcome: Outcome | None
    reason: str
    pages: dict[str, str | File]
    of: str

    def __str__(self) -> str:
        return self.name


def findings(sample: Sample, rule: Rule, folder: Path, pack: Pack) -> list[Finding]:
    lab = LinkedLab(folder / "workspace", pack, agencies=[agency("good", HOME)])
    pages: dict[str, str | Reply] = {DATA: OPEN_DATA, HOME: page(paragraphs(RU))}
    lab.crawl(pages | sample.pages, NIGHT)  # type: ignore[arg-type]
    return [item for item in lab.findings(rule) if (item.subject.url or "").endswith(sample.of)]


def assert_as_expected(sample: Sample, rule: Rule, folder: Path, pack: Pack) -> Finding | None:
    found = findings(sample, rule, folder, pack)
    if sample.outcome is None:
        assert not found, [(item.outcome, item.reason) for item in found]
        return None
    assert len(found) == 1, [(item.outcome, item.reason) for item in found]
    assert (found[0].outcome.value, found[0].reason) == (sample.outcome.value, sample.reason)
    assert found[0].evidence or found[0].outcome is Outcome.NOT_OBSERVED
    assert all(len(item.excerpt) <= 300 for item in found[0].evidence)
    return found[0]


def assert_complete(table: Iterable[Sample], rule: Rule) -> None:
    told = {item.outcome for item in table}
    named = {outcome for outcome in Outcome if f"    {outcome.value}:" in rule.doc}
    assert named <= told, named - told
    assert len({item.name for item in table}) == len(list(table))
