"""Two nights on the lab, as an operator would run them: every mark of the truth table, and nothing that it lacks."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from warcio.archiveiterator import ArchiveIterator

from checks.facts.extract import FactsSource
from checks.facts.store import FactsStore
from checks.night import FACTS_FILE
from checks.subjects import strangers
from checks.view import View
from config.loader import load
from crawler.archive.reader import Archive
from tests.e2e.conftest import INCOMPLETE, NEXT_NIGHT, ROOT, USAGE, Odrc, watching
from tests.e2e.readable import texts
from tests.lab import country
from tests.lab.country import NIGHT
from tests.lab.portal import BODIES, PORTAL, rows_asked

pytestmark = [pytest.mark.full, pytest.mark.xdist_group("first_night")]

NIGHTS = {1: NIGHT, 2: NEXT_NIGHT}
TRUTH = list(country.expected())
FILE_RULES = ("FMT-01", "FMT-02")  # what a file is, and what it is called


@dataclass(frozen=True)
class Told:
    """What two nights gave."""

    odrc: Odrc
    lab: country.Server
    marks: dict[int, list[dict[str, Any]]]
    findings: dict[int, list[dict[str, Any]]]

    def mark(self, row: country.Expected) -> dict[str, Any]:
        """Return the one mark that a row of the table speaks of."""
        key = (row.agency, None, row.indicator, row.profile)
        found = [item for item in self.marks[row.night] if _key(item) == key]
        assert len(found) == 1, f"{len(found)} marks for {key}"
        return found[0]


def _key(mark: dict[str, Any]) -> tuple[str | None, ...]:
    return mark["agency"], mark["group"], mark["indicator"], mark["profile"]


@pytest.fixture(scope="module")
def told(lab: country.Server, tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("nights")
    odrc = watching(folder, country.config(NIGHT, lab.port, folder / "workspace"))
    for night in NIGHTS.values():
        odrc.run(night)
    marks = {number: odrc.marks(night) for number, night in NIGHTS.items()}
    findings = {number: odrc.findings(night) for number, night in NIGHTS.items()}
    return Told(odrc, lab, marks, findings)


@pytest.mark.parametrize("row", TRUTH, ids=lambda row: f"{row.agency}-{row.indicator}-{row.profile}-{row.night}")
def test_mark_is_the_one_of_the_truth_table(told: Told, row: country.Expected) -> None:
    mark = told.mark(row)
    assert (mark["mark"], mark["reason"]) in [(row.mark, reason) for reason in row.reasons or (mark["reason"],)], (
        f"{row.why}\n{json.dumps(mark, ensure_ascii=False)}"
    )


def test_table_speaks_of_every_body_and_indicator_that_got_a_mark(told: Told) -> None:
    known = {(row.agency, row.indicator, row.profile, row.night) for row in TRUTH}
    found = {
        (mark["agency"], mark["indicator"], mark["profile"], number)
        for number, marks in told.marks.items()
        for mark in marks
        if mark["agency"] is not None
    }
    assert found <= known


def test_bodies_that_are_not_in_the_register_are_listed(told: Told) -> None:
    loaded = load(told.odrc.file)
    settings, pack = loaded.settings, loaded.pack
    with Archive(settings.workspace) as archive, closing(FactsStore(settings.workspace / FACTS_FILE, pack)) as store:
        view = View(NIGHT, settings, pack, archive, FactsSource(archive, store, pack), 14)
        found = [(item.portal, item.id, item.names["ru"], item.records) for item in strangers(view)]
    assert found == [(PORTAL, str(BODIES["stranger"][0]), BODIES["stranger"][1]["ru"], 3)]


@pytest.mark.parametrize(
    ("agency", "name", "wanted"),
    [(agency, name, wanted) for agency, files in country.truth()["files"].items() for name, wanted in files.items()],
)
def test_file_is_found_to_be_what_it_is(told: Told, agency: str, name: str, wanted: str | None) -> None:
    found = {
        item["outcome"]
        for item in told.findings[1]
        if item["agency"] == agency
        and item["rule"] in FILE_RULES
        and str(item["subject"]["url"]).endswith(f"/files/{name}")
    }
    assert found == ({wanted} if wanted else set())


def test_no_minus_that_the_table_lacks(told: Told) -> None:
    allowed = {(row.agency, row.indicator, row.profile, row.night) for row in TRUTH if row.mark == "-"}
    found = {
        (mark["agency"], mark["indicator"], mark["profile"], number)
        for number, marks in told.marks.items()
        for mark in marks
        if mark["mark"] == "-"
    }
    assert found <= allowed


def test_how_lists_are_dated_is_named(told: Told) -> None:
    """By pages, by feeds, by sitemaps; a day that a sitemap gives to all pages is none."""
    found = {
        (item["agency"], item["reason"]): item
        for item in told.findings[1]
        if item["rule"] == "FRESH-01" and item["outcome"] != "not_observed"
    }
    assert found["heir", "fresh_in_feed"]["measures"]["dates_by"] == "feed"
    assert found["heir", "fresh_in_feed"]["evidence"][0]["excerpt"].startswith("feed: ")
    assert found["merged", "feed_is_newer"]["measures"]["feed_newest"] == NIGHT.replace(day=15).isoformat()
    assert found["merged", "feed_is_newer"]["counter_evidence"][0]["url"].endswith("/rss.xml")
    assert found["good", "fresh"]["measures"]["sitemap_newest"] == NIGHT.replace(day=15).isoformat()
    assert found["bad", "stale"]["measures"]["sitemap_template"] is True
    assert "sitemap_newest" not in found["bad", "stale"]["measures"]
    sets = [item["measures"] for item in told.findings[1] if item["rule"] == "FRESH-02" and item["agency"] == "files"]
    assert {item.get("listed_by") for item in sets if item["newest_date"]} == {"sitemap"}


def test_entries_without_a_counterpart_are_named(told: Told) -> None:
    found = {
        item["agency"]: item
        for item in told.findings[1]
        if item["rule"] == "LANG-05" and str(item["subject"]["url"]).rstrip("/").endswith("/news")
    }
    good, busy = found["good"]["measures"], found["busy"]["measures"]
    assert (good["paired_by"], good["missing"]) == (["alternate"], {"ru": 0, "en": 0})
    assert good["pair_lag_days"] == {"ru": 0, "en": 0}
    assert (busy["paired_by"], busy["missing"]["kk"]) == (["day"], 2)
    named = [proof["excerpt"] for proof in found["busy"]["evidence"] if proof["excerpt"].startswith("no kk: ")]
    assert len(named) == 2


def test_languages_that_records_declare_are_read_as_meant_and_reported(told: Told) -> None:
    found = {
        item["subject"]["id"].rpartition(":")[2]: item["measures"]
        for item in told.findings[1]
        if item["rule"] == "LANG-03" and item["agency"] == "files"
    }
    assert found["canals.geojson"]["malformed"] == ["http://id.loc.gov/vocabulary/iso639-1/kz"]
    assert found["levels.csv"]["malformed"] == []
    assert found["canals.geojson"]["declared"] == found["levels.csv"]["detected"] == ["en", "kk", "ru"]


def test_pages_of_long_standing_are_current_aged_or_undated(told: Told) -> None:
    for number in NIGHTS:
        found = {
            (item["agency"], item["measures"]["kinds"][0], item["reason"])
            for item in told.findings[number]
            if item["rule"] == "FRESH-03" and "kinds" in item["measures"]
        }
        kinds = ("contacts", "leadership", "structure")
        assert found == {
            *(("good", kind, "dated_and_current") for kind in kinds),
            *(("one", kind, "no_date_stated") for kind in kinds),
            *(("old", kind, "dated_and_current") for kind in kinds[:2]),
            ("old", "structure", "decay_suspected"),
        }


def test_documents_keep_their_schemas(told: Told) -> None:
    for name, documents in (("mark", told.marks), ("finding", told.findings)):
        schema = json.loads((ROOT / "docs" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
        check = jsonschema.Draft202012Validator(schema)
        for items in documents.values():
            assert [error.message for item in items for error in check.iter_errors(item)] == []


def test_every_mark_rests_on_findings_and_every_finding_on_captures(told: Told) -> None:
    records = {record for record, _kind, _text in _records(told.odrc.workspace)}
    for number, marks in told.marks.items():
        ids = {item["id"] for item in told.findings[number]}
        assert all(set(mark["evidence"]) <= ids for mark in marks)
        assert all(mark["evidence"] for mark in marks if mark["mark"] is not None and mark["agency"] is not None)
        cited = {proof["capture"] for item in told.findings[number] for proof in item["evidence"]}
        assert cited <= records


def test_totals_add_up(told: Told) -> None:
    status = told.odrc.status()
    assert status["known"] == status["fetched"] + status["failed"] + status["skipped"] + status["pending"]
    assert status["fetched"] > 250
    assert status["pending"] == 0


def test_guest_behaved(told: Told) -> None:
    assert not told.lab.asked("shared.lab", "/three/")
    assert not told.lab.asked("outside.lab")
    assert not rows_asked(told.lab.seen)
    assert not [target for host, target, _agent in told.lab.seen if "logout" in target]
    agents = {agent for _host, _target, agent in told.lab.seen}
    assert all("Lab observatory" in agent or "about.lab/crawl" in agent for agent in agents), agents


def test_recheck_gives_identical_findings(told: Told) -> None:
    runs = told.odrc.status()["runs"]
    for number, night in NIGHTS.items():
        again = json.loads(told.odrc("recheck", "--night", night, "--dry-run", "--format", "json").stdout)
        assert (again["new"], again["gone"], again["marks_changed"]) == ([], [], [])
        assert again["identical"] == len({item["id"] for item in told.findings[number]})
    assert told.odrc.status()["runs"] == runs
    for number, night in NIGHTS.items():
        assert told.odrc.findings(night) == told.findings[number]


def test_explaining_what_does_not_exist_is_one_message(told: Told) -> None:
    for words in (("bad", "no_such_indicator"), ("nobody", "lang_coverage")):
        done = told.odrc("explain", *words, "--night", NIGHT, code=USAGE)
        assert next(word for word in words if word in ("nobody", "no_such_indicator")) in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_explain_walks_from_the_mark_to_the_bytes(told: Told) -> None:
    text = told.odrc("explain", "bad", "copyright_notice", "--night", NEXT_NIGHT).stdout
    proof = next(
        item["evidence"][0]
        for item in told.findings[2]
        if item["agency"] == "bad" and item["rule"].startswith("LIC") and item["outcome"] == "fail"
    )
    assert "Все права защищены" in text
    assert "LIC-01@" in text
    assert proof["sha256"][:12] in text


def test_second_run_of_a_night_says_that_it_is_one(told: Told) -> None:
    told.odrc.run(NEXT_NIGHT)
    kinds = [run["kind"] for run in told.odrc.status()["runs"] if run["night"] == NEXT_NIGHT.isoformat()]
    assert sorted(kinds) == ["nightly", "rerun"]
    before = {_key(item): (item["mark"], item["reason"]) for item in told.marks[2]}
    after = {_key(item): (item["mark"], item["reason"]) for item in told.odrc.marks(NEXT_NIGHT)}
    assert after == before


def test_nothing_planted_as_a_secret_spread(told: Told, tmp_path: Path) -> None:
    """Runs late in this module: by now every command has written what it writes."""
    report = tmp_path / "report"
    told.odrc("report", "--night", NEXT_NIGHT, "-o", report)
    leaks = [f"{place}: {secret}" for place, secret in _leaks(told.odrc.workspace)]
    leaks += [f"{place}: {secret}" for place, secret in _leaks(report)]
    said = "\n".join(told.odrc.said)
    leaks += [f"printed: {secret.value}" for secret in country.SECRETS if secret.value in said]
    assert not leaks, "\n".join(sorted(set(leaks))[:40])


def _leaks(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield every place where a secret stands that must not stand there."""
    for place, text in texts(folder):
        body = place.endswith("#body")
        for secret in country.SECRETS:
            if secret.value.encode() in text and not (body and secret.in_bodies):
                yield place, secret.value


def _records(workspace: Path) -> Iterator[tuple[str, str, bytes]]:
    for path in sorted(workspace.rglob("*.warc.gz*")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                name = record.rec_headers.get_header("WARC-Record-ID").strip("<>")
                yield name, record.rec_type, record.content_stream().read()


def test_archive_is_read_by_another_program(told: Told) -> None:
    kinds = [kind for _record, kind, _text in _records(told.odrc.workspace)]
    assert kinds.count("response") > 250
    assert "warcinfo" in kinds


def test_country_is_marked_where_enough_of_it_is_seen(lab: country.Server, tmp_path: Path) -> None:
    table = yaml.safe_load((Path(country.__file__).parent / "truth.yaml").read_text(encoding="utf-8"))["seen_country"]
    only = tuple(table["agencies"])
    odrc = watching(tmp_path, country.config(NIGHT, lab.port, tmp_path / "workspace", only=only))
    odrc.run(NIGHT)
    found = {_key(mark): (mark["mark"], mark["reason"]) for mark in odrc.marks(NIGHT)}
    for row in table["rows"]:
        key = (None, None, row["indicator"], row["profile"])
        assert found[key] == tuple(row["night1"]), row["why"]


def test_killed_night_goes_on_where_it_stopped(told: Told, tmp_path: Path) -> None:
    with country.serving(NIGHT) as lab:
        settings = country.config(NIGHT, lab.port, tmp_path / "workspace")
        settings["crawl"] |= {"delay": 0.03, "concurrency": 1}
        odrc = watching(tmp_path, settings)
        _kill_in_mid_crawl(odrc, lab)
        before = list(lab.seen)
        odrc.run(NIGHT)
        after = [(host, target) for host, target, _agent in lab.seen[len(before) :]]
        led_to = {
            (host, answer.location)
            for host, answers in lab.country.hosts.items()
            for answer in answers.values()
            if answer.location
        }
    once = {(host, target) for host, target, _agent in before} - led_to  # other addresses lead to some pages again
    repeated = [item for item in after if item in once]
    hosts = {host for host, _target, _agent in before}
    assert len(repeated) < 2 * len(hosts), (
        "what was archived is not fetched again, but robots.txt and what was in flight"
    )
    assert [run["kind"] for run in odrc.status()["runs"]] == ["nightly"]
    same = {_key(mark): (mark["mark"], mark["reason"]) for mark in odrc.marks(NIGHT)}
    assert same == {_key(mark): (mark["mark"], mark["reason"]) for mark in told.marks[1]}


def _kill_in_mid_crawl(odrc: Odrc, lab: country.Server) -> None:
    process = odrc.start("run", "-c", odrc.file, "--night", NIGHT)
    try:
        _until(lambda: len(lab.seen) > 80 or process.poll() is not None)
        assert process.poll() is None, process.communicate()
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    _until(lambda: _is_free(odrc.workspace / "crawl.lock"))
    assert len(lab.seen) < 300


def _is_free(lock: Path) -> bool:
    """Tell whether no crawl holds the workspace: the crawl process ends soon after its parent."""
    with lock.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def _until(true: Any, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


def test_night_without_a_reachable_host_is_incomplete(lab: country.Server, tmp_path: Path) -> None:
    odrc = watching(tmp_path, country.config(NIGHT, lab.port, tmp_path / "workspace", only=("down",)))
    done = odrc.run(NIGHT, code=INCOMPLETE)
    assert "down.lab" in done.stderr
    assert {mark["mark"] for mark in odrc.marks(NIGHT)} == {None}
