from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml
from typer.testing import CliRunner, Result

from config.errors import ConfigError
from config.loader import load, load_pack
from crawler.doctor import examine
from crawler.secondlook import look_id
from reports import learncli
from reports.causes.recorded import _judge
from reports.recheck import require_archived
from tests.checks.lab import NIGHT, Lab, agency
from tests.checks.texts import RU, dated_list, page, paragraphs

SITE = "https://good.kz/"
NEWS = "https://good.kz/ru/news"
OLD = [f"{NIGHT - timedelta(days=age):%d.%m.%Y}" for age in (40, 50, 60)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A settings file with two nights of one late site."""
    lab = Lab(tmp_path / "workspace", load_pack("kz"))
    for number, night in enumerate((NIGHT - timedelta(days=1), NIGHT)):
        lab.crawl(
            {
                SITE: page(paragraphs(RU), title="Министерство"),
                NEWS: page(dated_list(OLD), title="Новости"),
                "https://good.kz/ru/terms": page(paragraphs(RU), title="Условия использования"),
            },
            night, run=f"n{number}",
        )  # fmt: skip
        lab.assess(night)
    settings = {
        "pack": "kz", "workspace": "./workspace", "agencies": [agency("good", SITE)],
        "operator": {"name": "T", "contact": "data@centre.kz", "about_url": "https://centre.kz/bot"},
    }  # fmt: skip
    path = tmp_path / "odrc.yaml"
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return path


def learn(path: Path, *words: str) -> Result:
    app = typer.Typer()
    app.callback()(lambda: None)
    learncli.mount(app)
    return CliRunner().invoke(app, ["learn", "-c", str(path), *words])


def test_a_night_on_which_there_was_a_look_alone_is_no_night(place: Path) -> None:
    loaded, later = load(place), NIGHT + timedelta(days=2)
    before = found(place)
    Lab(loaded.settings.workspace, loaded.pack).crawl({SITE: page(paragraphs(RU))}, later, run=look_id(later, "1"))
    assert found(place) == before
    with pytest.raises(ConfigError, match=f"holds nothing of night {later} "):
        require_archived(loaded.settings.workspace, later)
    assert _judge(loaded.settings, loaded.pack, later, later) is None
    (line,) = [item for item in examine(loaded, later) if item.name == "nights"]
    assert line.text == f"2 on record, none missing; the newest is {NIGHT}"


def found(path: Path) -> dict[str, dict[str, Any]]:
    documents = json.loads(learn(path, "--format", "json").stdout)
    return {item["kind"]: item for item in documents}


def weekly(path: Path) -> tuple[str | None, str]:
    loaded = load(path)
    lab = Lab(loaded.settings.workspace, loaded.pack)
    lab.discoveries = loaded.settings.discoveries
    mark = next(item for item in lab.assess().marks if item.indicator == "freshness_weekly" and item.agency)
    return mark.value.value if mark.value else None, mark.reason


def test_a_night_shows_what_it_found_with_evidence(place: Path) -> None:
    shown = found(place)
    assert shown["news_list"]["value"] == NEWS
    assert shown["news_list"]["evidence"]["sha256"]
    assert OLD[0] in shown["news_list"]["excerpt"]
    assert shown["terms_page"]["value"] == "https://good.kz/ru/terms"
    assert (shown["language_switch"]["value"], shown["open_data_page"]["value"]) == ("none", "none")
    assert shown["news_list"]["by"] is None
    text = learn(place).stdout
    assert f"news_list: {NEWS} [unconfirmed]" in text


def test_lateness_counts_once_the_list_is_confirmed(place: Path) -> None:
    assert weekly(place) == ("0", "discovery_unconfirmed")
    assert learn(place, "--agency", "good", "--confirm", "news_list", "--by", "aida").exit_code == 0
    assert weekly(place) == ("-", "stale")
    assert found(place)["news_list"]["by"] == "aida"
    before = (place.parent / "learned.yaml").read_text(encoding="utf-8")
    learn(place, "--agency", "good", "--confirm", "news_list", "--by", "aida")
    assert (place.parent / "learned.yaml").read_text(encoding="utf-8") == before


def test_a_correction_takes_the_confirmation_back(place: Path) -> None:
    learn(place, "--agency", "good", "--confirm", "news_list", "--by", "aida")
    other = "news_list=https://good.kz/press"
    assert learn(place, "--agency", "good", "--correct", other, "--by", "timur").exit_code == 0
    assert weekly(place) == ("0", "discovery_unconfirmed")
    lines = yaml.safe_load((place.parent / "learned.yaml").read_text(encoding="utf-8"))["discoveries"]
    assert [(item["value"], item["by"], item["corrected"]) for item in lines] == [
        ("https://good.kz/press", "timur", True)
    ]
    assert "corrected by timur" in learn(place).stdout


def test_that_there_is_none_can_be_confirmed(place: Path) -> None:
    learn(place, "--agency", "good", "--confirm", "language_switch", "--by", "aida")
    assert found(place)["language_switch"]["by"] == "aida"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--confirm", "news_list", "--by", "aida"), "--agency is missing"),
        (("--agency", "good", "--confirm", "news_list"), "--by is missing"),
        (("--agency", "good", "--confirm", "newslist", "--by", "a"), "did you mean news_list"),
        (("--agency", "god"), "did you mean good"),
        (("--agency", "good", "--correct", "news_list", "--by", "a"), "KIND=VALUE"),
        (("--agency", "good", "--confirm", "publisher", "--by", "a"), "nothing of publisher was found"),
        (("--night", "2020-01-01"), "no night 2020-01-01"),
    ],
)
def test_wrong_words_are_told(words: tuple[str, ...], told: str, place: Path) -> None:
    result = learn(place, *words)
    assert result.exit_code == 2
    assert told in result.stderr
