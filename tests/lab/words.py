"""The texts of the lab's sites, by language, and dates as sites write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent
LANGUAGES = ("kk", "ru", "en")
MONTH_WORDS = {
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "en": "January February March April May June July August September October November December",
}
MONTHS = {language: words.split() for language, words in MONTH_WORDS.items()}
KAZAKH_LETTERS = frozenset("әғқңөұүһі")
LATIN_I = str.maketrans("іІ", "iI")
LATIN_LOOKALIKES = str.maketrans("аоес", "aoec")


@dataclass(frozen=True)
class Text:
    """A title and its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]


@cache
def texts(language: str) -> dict[str, Any]:
    """Return all texts of a language."""
    loaded: dict[str, Any] = yaml.safe_load((HERE / "texts" / f"{language}.yaml").read_text(encoding="utf-8"))
    return loaded


def frame(language: str, key: str) -> str:
    """Return a word of the frame: menu entries, labels, buttons."""
    return str(texts(language)["frame"][key])


def section(language: str, name: str) -> Text:
    """Return the text of a section."""
    found = texts(language)["sections"][name]
    return Text(found["title"], tuple(found["text"]))


def section_names() -> tuple[str, ...]:
    """Return the ids of all sections."""
    return tuple(texts("ru")["sections"])


def file_title(language: str, name: str) -> str:
    """Return what a link to a file is called."""
    return str(texts(language)["files"][name.partition(".")[0].partition("-")[0]])


def news(language: str, number: int) -> Text:
    """Return the text of a news item: stories in turn, each from another place."""
    stories, places = texts(language)["news"], texts(language)["places"]
    story, place = stories[number % len(stories)], places[number % len(places)]
    return Text(f"{place}: {story['title'][0].lower()}{story['title'][1:]}", tuple(story["text"]))


def written_at(day: date, number: int) -> datetime:
    """Return a moment of *day*, another for each *number*."""
    return datetime(day.year, day.month, day.day, 8 + number % 9, 7 * number % 60, tzinfo=UTC)


def written(day: date, language: str, form: int = 0) -> str:
    """Return *day* as a site writes it: in words (two ways) or in numbers, day first."""
    month = MONTHS[language][day.month - 1]
    words = {
        "kk": (f"{day.day} {month} {day.year} ж.", f"{day.year} жылғы {day.day} {month}"),
        "ru": (f"{day.day} {month} {day.year} года", f"{day.day} {month} {day.year} г."),
        "en": (f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}"),
    }[language]
    return (*words, f"{day:%d.%m.%Y}")[form % 3]
