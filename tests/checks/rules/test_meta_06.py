from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from checks.rules.meta_06 import portal_catalogue
from config.pack import Pack
from crawler.capture import ExchangeOutcome, Purpose
from tests.checks.lab import NIGHT, Reply, failure
from tests.checks.rules.portal_support import SITE, Sample, assert_one, dataset, file
from tests.checks.rules.tables import FAIL, NOT_OBSERVED, PASS, UNCLEAR

RULE = portal_catalogue
CSV = file("name,area\nBalkhash,16400\nAlakol,2650\n")
GONE = Reply("gone", 404, purpose=Purpose.DISTRIBUTION, outcome=ExchangeOutcome.HTTP_ERROR)
A, B = f'<{SITE}/a.csv> "CSV"', f'<{SITE}/b.csv> "CSV"'
WEEK = tuple(NIGHT - timedelta(days=days) for days in (8, 4, 0))
IDLE = 'adms:status "archived" ; '
LINK = f"{SITE}/a.csv"
TIMEOUT = failure(ExchangeOutcome.TIMEOUT, purpose=Purpose.DISTRIBUTION)
PAUSED = failure(ExchangeOutcome.PAUSED, purpose=Purpose.DISTRIBUTION)
BUSY = Reply("busy", 503, purpose=Purpose.DISTRIBUTION, outcome=ExchangeOutcome.HTTP_ERROR)
DENIED = Reply("no", 403, purpose=Purpose.DISTRIBUTION, outcome=ExchangeOutcome.HTTP_ERROR)
LONGER = tuple(NIGHT - timedelta(days=days) for days in (10, 8, 4, 2, 0))
TABLE = (
    Sample("sets that open", PASS, "catalogue_works", dataset("a", A), {f"{SITE}/a.csv": CSV}),
    Sample("gone on nights over a week", FAIL, "sets_do_not_open", dataset("a", A), {f"{SITE}/a.csv": GONE}, WEEK),
    Sample("gone on one night says nothing yet", UNCLEAR, "no_set_tried", dataset("a", A), {f"{SITE}/a.csv": GONE}),
    Sample("not seen before it was gone is no confirmation", UNCLEAR, "no_set_tried", dataset("a", A), {LINK: GONE},
           LONGER, dict(zip(LONGER, ({LINK: TIMEOUT}, {LINK: PAUSED}, {LINK: BUSY}, {LINK: DENIED}), strict=False))),
    Sample("failures in between neither count nor break", FAIL, "sets_do_not_open", dataset("a", A), {LINK: GONE},
           LONGER, {LONGER[1]: {LINK: TIMEOUT}, LONGER[3]: {LINK: DENIED}}),
    Sample("an answer in between ends the count", UNCLEAR, "no_set_tried", dataset("a", A), {LINK: GONE},
           LONGER, {LONGER[3]: {LINK: CSV}}),
    Sample("one of two is gone", UNCLEAR, "some_sets_gone", dataset("a", A) + dataset("b", B),
           {f"{SITE}/a.csv": CSV, f"{SITE}/b.csv": GONE}, WEEK),
    Sample("a timeout says nothing of the portal", UNCLEAR, "no_set_tried", dataset("a", A),
           {f"{SITE}/a.csv": failure(ExchangeOutcome.TIMEOUT, purpose=Purpose.DISTRIBUTION)}, WEEK),
    Sample("an error page is no data", UNCLEAR, "no_set_tried", dataset("a", A),
           {f"{SITE}/a.csv": file("<html><body>Service unavailable</body></html>")}),
    Sample("archived by the catalogue's own word", FAIL, "sets_mostly_archived",
           dataset("a", A, more=IDLE) + dataset("b", B, more=IDLE), {f"{SITE}/a.csv": CSV}),
    Sample("only tests", UNCLEAR, "only_test_sets", dataset("", A, title="test"), {f"{SITE}/a.csv": CSV}),
    Sample("no catalogue", NOT_OBSERVED, "no_records"),
)  # fmt: skip


@pytest.mark.parametrize("sample", TABLE, ids=str)
def test_meta_06(sample: Sample, tmp_path: Path, pack: Pack) -> None:
    assert assert_one(sample, RULE, tmp_path, pack).responsible == "portal_owner"


def test_the_table_is_complete() -> None:
    assert {item.outcome for item in TABLE} == {PASS, FAIL, UNCLEAR, NOT_OBSERVED}


def test_publishers_are_told_apart(tmp_path: Path, pack: Pack) -> None:
    measures = assert_one(
        next(item for item in TABLE if item.name == "one of two is gone"), RULE, tmp_path, pack
    ).measures
    assert (sum(measures["tried"].values()), sum(measures["opened"].values()), measures["gone"]) == (2, 1, 1)
