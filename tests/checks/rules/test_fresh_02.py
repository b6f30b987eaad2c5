from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from checks.context import RuleContext
from checks.findings import Outcome
from checks.rules.fresh_02 import updated_as_declared
from checks.rules.fresh_due import Seen, judge, stated
from checks.rules.fresh_evidence import Bytes
from checks.subjects import DatasetSubject
from config.pack import Pack
from crawler.archive.history import HistoryEntry
from crawler.capture import Purpose
from crawler.records import Standard
from tests.checks.lab import NIGHT, Lab, Reply
from tests.checks.rules.meta_support import FULL, PORTAL, Sample, assert_as_expected
from tests.checks.rules.tables import FAIL, NOT_APPLICABLE, NOT_OBSERVED, PASS, UNCLEAR
from tests.checks.rules.test_meta_01 import NOTHING

RULE = updated_as_declared


def said(frequency: str | None, days_ago: int, **more: object) -> dict[str, object]:
    return {"frequency": frequency, "modified": (NIGHT - timedelta(days=days_ago)).isoformat(), **more}


TABLE = (
    Sample("weekly, last week", PASS, "updated_as_declared", said("WEEKLY", 6)),
    Sample("weekly, within the grace", PASS, "updated_as_declared", said("weekly", 14)),
    Sample("yearly, by its address in the vocabulary", PASS, "updated_as_declared",
           said("http://publications.europa.eu/resource/authority/frequency/ANNUAL", 420)),
    Sample("an interval", PASS, "updated_as_declared", said("R/P1M", 40)),
    Sample("daily, over a weekend", PASS, "updated_as_declared", said("Ежедневно", 6)),
    Sample("the flag agrees", PASS, "updated_as_declared", said("monthly", 3, current=True)),
    Sample("weekly, three weeks ago", FAIL, "late_as_declared", said("Еженедельно", 21)),
    Sample("half-yearly, after its grace", FAIL, "late_as_declared", said("HALF_YEAR", 184 + 60)),
    Sample("late, and the flag says so", FAIL, "late_as_declared", said("апта сайын", 60, current=False)),
    Sample("late, though the flag says current", UNCLEAR, "flag_contradicts", said("weekly", 60, current=True)),
    Sample("in time, though the flag says not", UNCLEAR, "flag_contradicts", said("weekly", 3, current=False)),
    Sample("as needed", UNCLEAR, "as_needed", said("По мере необходимости", 3)),
    Sample("never again", UNCLEAR, "one_off_set", said("notPlanned", 3)),
    Sample("a word that nobody knows", UNCLEAR, "frequency_unknown", said("когда получится", 3)),
    Sample("said to be unknown", UNCLEAR, "frequency_unknown", said("unknown", 3)),
    Sample("no such day", UNCLEAR, "date_unreadable", {"frequency": "weekly", "modified": "31.02.2026"}),
    Sample("a day ahead", UNCLEAR, "date_in_future", said("weekly", -3)),
    Sample("archived", NOT_APPLICABLE, "archived_set", said("weekly", 900, status="archived")),
    Sample("a service", NOT_APPLICABLE, "service_record", {"kind": "service"}),
    Sample("no frequency", NOT_OBSERVED, "frequency_not_stated", {"frequency": None}),
    Sample("a model without frequency", NOT_OBSERVED, "frequency_not_stated",
           {"frequency": None, "standard": Standard.CKAN}, "portal_owner"),
    Sample("no date", NOT_OBSERVED, "modified_not_stated", {"frequency": "weekly", "modified": None}),
    Sample("a line of a list", NOT_OBSERVED, "details_not_seen", NOTHING),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_fresh_02(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert_as_expected(sample, RULE, tmp_path, pack)


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == set(Outcome)


class Past:
    """A history of one file, by night."""

    def __init__(self, digests: dict[date, str]) -> None:
        self._digests = digests

    def nights(self) -> tuple[date, ...]:
        return tuple(sorted(self._digests))

    def entries(self, key: str) -> tuple[HistoryEntry, ...]:
        days = sorted(self._digests, reverse=True)
        return tuple(HistoryEntry(key, night, "c", "ok", sha256=self._digests[night]) for night in days)


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [("aa", "aa", "bytes_unchanged"), ("aa", "bb", "updated_as_declared"), ("aa", None, "updated_as_declared")],
)
def test_a_touched_date_without_other_bytes(before: str, after: str | None, reason: str, pack: Pack) -> None:
    modified = NIGHT - timedelta(days=5)
    seen = {modified - timedelta(days=9): before} | ({NIGHT: after} if after else {})
    record = msgspec.structs.replace(FULL, frequency="weekly", modified=modified.isoformat())
    context = RuleContext(NIGHT, {}, pack, Past(seen))
    found = updated_as_declared(DatasetSubject(record, PORTAL, None), context)
    assert found.reason == reason  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("days_ago", "changed_ago", "reason"),
    [(60, 3, "changed_without_date"), (60, 40, "late_as_declared"), (5, 3, "updated_as_declared")],
)
def test_bytes_that_change_while_the_date_stands_still(
    days_ago: int, changed_ago: int, reason: str, pack: Pack
) -> None:
    changed = NIGHT - timedelta(days=changed_ago)
    seen = {changed - timedelta(days=1): "aa", changed: "bb", NIGHT: "bb"}
    record = msgspec.structs.replace(FULL, **said("weekly", days_ago))  # type: ignore[arg-type]
    found = updated_as_declared(DatasetSubject(record, PORTAL, None), RuleContext(NIGHT, {}, pack, Past(seen)))
    assert found.reason == reason  # type: ignore[union-attr]
    assert found.measures["bytes_changed"] == changed.isoformat()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("frequency", "newest", "reason", "period"),
    [
        ("monthly", "2026-10", "updated_as_declared", "2026-10"),
        ("monthly", "2026-03", "period_behind", "2026-03"),
        ("yearly", "2025", "updated_as_declared", "2025"),
        ("yearly", "2019", "period_behind", "2019"),
        ("monthly", "2025", "updated_as_declared", "2025"),  # years tell nothing of months
        ("monthly", "2022", "period_behind", "2022"),
        ("monthly", "2031", "updated_as_declared", "2031"),  # plans reach ahead
        ("monthly", "north", "updated_as_declared", None),
    ],
)
def test_newest_period_inside_the_data(
    frequency: str, newest: str, reason: str, period: str | None, tmp_path: Path, pack: Pack
) -> None:
    lab = Lab(tmp_path / "w", pack)
    body = "period,level\n" + "".join(f"{newest},{n}\n" for n in range(5))
    lab.crawl({"https://data.kz/l.csv": Reply(body, content_type="text/csv", purpose=Purpose.DISTRIBUTION)})
    record = msgspec.structs.replace(FULL, **said(frequency, 1))  # type: ignore[arg-type]
    with lab.view() as view:
        found = updated_as_declared(DatasetSubject(record, PORTAL, None, view), RuleContext(NIGHT, {}, pack, Past({})))
    assert found.reason == reason  # type: ignore[union-attr]
    assert found.measures["newest_period"] == period  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("days_ago", "listed_ago", "reason"),
    [
        (60, 3, "listed_as_newer"),
        (60, 40, "late_as_declared"),
        (60, -3, "late_as_declared"),
        (5, 3, "updated_as_declared"),
    ],
)
@pytest.mark.parametrize("of_feed", [True, False], ids=["feed", "sitemap"])
def test_a_list_that_says_it_changed_later(
    days_ago: int, listed_ago: int, reason: str, tmp_path: Path, pack: Pack, *, of_feed: bool
) -> None:
    lab = Lab(tmp_path / "w", pack)
    day = (NIGHT - timedelta(days=listed_ago)).isoformat()
    row = f"<{'link' if of_feed else 'loc'}>https://data.kz/set/levels/</{'link' if of_feed else 'loc'}>"
    body = (f"<rss><channel><item>{row}<pubDate>{day}</pubDate></item></channel></rss>" if of_feed
            else f"<urlset><url>{row}<lastmod>{day}</lastmod></url></urlset>")  # fmt: skip
    lab.crawl({"https://data.kz/list.xml": Reply(body, content_type="text/xml", purpose=Purpose.SITEMAP)})
    record = msgspec.structs.replace(FULL, url="http://data.kz/set/levels", **said("weekly", days_ago))  # type: ignore[arg-type]
    with lab.view() as view:
        found = updated_as_declared(DatasetSubject(record, PORTAL, None, view), RuleContext(NIGHT, {}, pack, Past({})))
    assert found.reason == reason  # type: ignore[union-attr]
    assert found.measures.get("listed_newest") == (day if listed_ago >= 0 else None)  # type: ignore[union-attr]
    if reason == "listed_as_newer":
        assert found.counter_evidence[0].excerpt.startswith("feed: " if of_feed else "sitemap: ")  # type: ignore[union-attr]
        assert found.measures["listed_by"] == ("feed" if of_feed else "sitemap")  # type: ignore[union-attr]


def test_a_set_without_a_date_is_not_made_current_by_a_list(tmp_path: Path, pack: Pack) -> None:
    lab = Lab(tmp_path / "w", pack)
    body = f"<urlset><url><loc>https://data.kz/set/levels</loc><lastmod>{NIGHT}</lastmod></url></urlset>"
    lab.crawl({"https://data.kz/list.xml": Reply(body, content_type="text/xml", purpose=Purpose.SITEMAP)})
    record = msgspec.structs.replace(FULL, url="https://data.kz/set/levels", frequency="weekly", modified=None)
    with lab.view() as view:
        found = updated_as_declared(DatasetSubject(record, PORTAL, None, view), RuleContext(NIGHT, {}, pack, Past({})))
    assert found.reason == "modified_not_stated"  # type: ignore[union-attr]
    assert found.measures["listed_newest"] == NIGHT.isoformat()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("files", "period", "reason"),
    [
        ({"a.csv": ("2026 Қыркүйек", "2026 Қазан")}, "2026-10", "updated_as_declared"),
        (
            {"a.csv": ("январь 2025", "февраль 2025"), "b.csv": ("III квартал 2025", "IV квартал 2025")},
            "2025-12",
            "period_behind",
        ),
        ({"a.csv": ("январь 2025", "февраль 2025"), "note.png": ()}, "2025-02", "period_behind"),
        ({"a.csv": ("январь 2025", "февраль 2025"), "b.csv": ("n" * 5_000_000,)}, None, "updated_as_declared"),
    ],
    ids=["words", "two files", "a picture beside", "one that was not read to its end"],
)
def test_newest_period_inside_an_archive(
    files: dict[str, tuple[str, ...]], period: str | None, reason: str, tmp_path: Path, pack: Pack
) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, cells in files.items():
            table = "period,level\n" + "".join(f"{cell},{n}\n" for n, cell in enumerate(cells * 3))
            archive.writestr(name, table if cells else b"\x89PNG\r\n\x1a\n" + bytes(50))
    lab = Lab(tmp_path / "w", pack)
    reply = Reply(made.getvalue(), content_type="application/zip", purpose=Purpose.DISTRIBUTION)
    lab.crawl({"https://data.kz/l.csv": reply})
    record = msgspec.structs.replace(FULL, **said("monthly", 1))  # type: ignore[arg-type]
    with lab.view() as view:
        found = updated_as_declared(DatasetSubject(record, PORTAL, None, view), RuleContext(NIGHT, {}, pack, Past({})))
    assert (found.measures["newest_period"], found.reason) == (period, reason)  # type: ignore[union-attr]


@pytest.mark.parametrize(("days_ago", "reason"), [(0, "late_as_declared"), (10, "updated_as_declared")])
def test_a_catalogue_that_was_not_heard_is_not_late_for_that(days_ago: int, reason: str, pack: Pack) -> None:
    record = msgspec.structs.replace(FULL, **said("daily", 11))  # type: ignore[arg-type]
    seen = Seen(Bytes(), None, None, NIGHT - timedelta(days=days_ago))
    found = judge(record, stated(record, pack), seen, RuleContext(NIGHT, {}, pack, Past({})))
    assert found[1] == reason
