from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.dates import DateReader, days, iso_day, iso_prefix
from checks.facts.model import Precision
from config.pack import Pack


@pytest.fixture(scope="module")
def reader(pack: Pack) -> DateReader:
    return DateReader(pack.extraction.months)


class Forms:
    """The month names of the pack, wrapped: hypothesis prints what a test is given."""

    def __init__(self, pack: Pack) -> None:
        self.of = {language: months.forms for language, months in pack.extraction.months.items()}


@pytest.fixture(scope="module")
def forms(pack: Pack) -> Forms:
    return Forms(pack)


PHRASES = {
    # Kazakh
    "2014 жылғы 12 қарашадағы": "2014-11-12",
    "12 қараша 2014 ж.": "2014-11-12",
    "2021 Маусым": "2021-06",
    "2015 жылғы « 31 » желтоқсан": "2015-12-31",
    "2015 жылғы «31» желтоқсандағы № 5 бұйрық": "2015-12-31",
    "2025 жылғы 31 наурыздағы": "2025-03-31",
    "2026 ж. 3 қараша": "2026-11-03",
    "2026 жылдың 3 қарашасы": "2026-11-03",
    "3 қараша, 2026": "2026-11-03",
    "16 ҚАРАША 2026": "2026-11-16",
    "1 қаңтар 2020 жыл": "2020-01-01",
    "2020 жылғы 29 ақпан": "2020-02-29",
    "2019 жылғы 7 мамырдағы": "2019-05-07",
    "5 тамыз 2022": "2022-08-05",
    "2022 жылғы тамыз": "2022-08",
    "Жаңарту күні: 2021 Маусым": "2021-06",
    "қыркүйек 2023": "2023-09",
    "12 қар. 2024": "2024-11-12",
    "08 шілде 2018 жылы": "2018-07-08",
    # Kazakh in Latin letters
    "15 Qazan, 2015": "2015-10-15",
    "2015 jylǵy 19 mamyr": "2015-05-19",
    "2 qarasha 2018": "2018-11-02",
    "1 QYRKÚIEK 2018": "2018-09-01",  # the dotless i has no capital of its own
    "1 qyrkúıek 2018": "2018-09-01",
    "3 APRİL 2018": "2018-04-03",
    "2018 jylǵy 5 jeltoqsandaǵy": "2018-12-05",
    # Russian
    "от 31 марта 2025 года": "2025-03-31",
    "31 марта 2025 г.": "2025-03-31",
    "31 марта 2025г.": "2025-03-31",
    "«31» марта 2025 года": "2025-03-31",
    "« 31 » марта 2025 года": "2025-03-31",
    "1-го мая 2021 года": "2021-05-01",
    "8 марта 2026, 10:00": "2026-03-08",
    "9 мая 2026": "2026-05-09",
    "16 нояб. 2026": "2026-11-16",
    "16 нояб 2026 г.": "2026-11-16",
    "3 сент. 2024": "2024-09-03",
    "3 АПРЕЛЯ 2024": "2024-04-03",
    "Ноябрь 2026": "2026-11",
    "ноябрь 2026 года": "2026-11",
    "в июне 2021": None,
    "Понедельник, 16 ноября 2026 г., 09:30": "2026-11-16",
    "16 ноября, 2026": "2026-11-16",
    "2026 жылдың 3 қарашасында": "2026-11-03",
    "2021 жылдың маусымында": "2021-06",
    # English
    "Publish date: April 7, 2016": "2016-04-07",
    "April 7 2016": "2016-04-07",
    "7 April 2016": "2016-04-07",
    "7th April 2016": "2016-04-07",
    "7 Apr 2016": "2016-04-07",
    "Apr-7-2008": "2008-04-07",
    "Last Updated: Apr-7-2008": "2008-04-07",
    "Revision date: June 2021": "2021-06",
    "Sep. 3, 2024": "2024-09-03",
    "Tuesday, November 3, 2026": "2026-11-03",
    "November, 2026": "2026-11",
    # Numbers, day first
    "10.08.2015 № 624": "2015-08-10",
    "25.08.2026 16:27": "2026-08-25",
    "03.11.2026": "2026-11-03",
    "3.11.2026": "2026-11-03",
    "03/11/2026": "2026-11-03",
    "03-11-2026": "2026-11-03",
    "20/02/2014": "2014-02-20",
    "Дата: 01.02.2019г.": "2019-02-01",
    "01. 02. 2019": "2019-02-01",
    "(16.11.2026)": "2026-11-16",
    "16.11.2026-20.11.2026": "2026-11-16",
    # ISO 8601
    "2026-11-16": "2026-11-16",
    "2026-11-16T09:12:07+05:00": "2026-11-16",
    "news_2026-11-16_1": "2026-11-16",
    # Unknown
    "31.02.2020": None,
    "29.02.2021": None,
    "13.13.2020": None,
    "11.13.2020": None,
    "00.11.2020": None,
    "31 февраля 2020 года": None,
    "2020-02-30": None,
    "2020-13-01": None,
    "12.05.1815": None,
    "12.05.1975": None,
    "12 мая 1985": None,
    "12.05.2114": None,
    "12.05.26": None,
    "12 мая": None,
    "16 ноября": None,
    "2026": None,
    "2026 год": None,
    "": None,
    # What only looks like a date
    "2014-2026": None,
    "2014–2026 гг.": None,
    "2020-2021 оқу жылы": None,
    "© 2014-2026": None,
    "+7 (7172) 74-20-14": None,
    "8-701-05-10-2014": None,
    "8 701 123 20 14": None,
    "v1.2.2019": None,
    "версия 1.12.5.2019": None,
    "10.8.2015.4": None,
    "1.10.8.2015": None,
    "192.168.20.14": None,
    "12/2014": None,
    "п. 5.12.3": None,
    "1,5.10.2019": None,
    "1235.10.2019": None,
    "12.05.20195": None,
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), PHRASES.items())
def test_phrases(reader: DateReader, text: str, expected: str | None) -> None:
    found = reader.first(text)
    assert (found.value if found else None) == expected


def test_there_are_enough_phrases() -> None:
    assert sum(expected is not None for expected in PHRASES.values()) >= 60


def test_a_precision_is_never_completed(reader: DateReader) -> None:
    assert [(item.value, item.precision) for item in reader.find("маусым 2021; 3 маусым 2021")] == [
        ("2021-06", Precision.MONTH),
        ("2021-06-03", Precision.DAY),
    ]


def test_several_dates_come_in_order(reader: DateReader) -> None:
    text = "с 1 марта 2024 года по 31.12.2024, обновлено 2025-01-09, в мае 2025 года нет, май 2025"
    found = reader.find(text)
    assert [item.value for item in found] == ["2024-03-01", "2024-12-31", "2025-01-09", "2025-05"]
    assert [text[item.start :].startswith(item.text[:4]) for item in found] == [True] * 4


def test_an_impossible_date_hides_no_neighbour(reader: DateReader) -> None:
    assert [item.value for item in reader.find("31.02.2020 05.03.2020")] == ["2020-03-05"]


@pytest.mark.parametrize(
    "text",
    ["2015 may be published", "in 2014 may change", "2014 жылғы қар", "жел 2015", "2015 жылғы жел", "март 20155"],
)
def test_short_words_are_no_months(reader: DateReader, text: str) -> None:
    assert reader.first(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-16", "2026-11-16"),
        (" 2026-11-16T00:00:00Z", "2026-11-16"),
        ("2026-11-16 10:00", "2026-11-16"),
        ("2026-02-30", None),
        ("16.11.2026", None),
        ("", None),
        (None, None),
    ],
)
def test_machine_written_stamps(text: str | None, expected: str | None) -> None:
    assert iso_prefix(text) == expected


def test_days_are_unique_and_newest_first() -> None:
    assert days(iter(["2026-01-02", "2026-03", "2026-05-01", "2026-01-02"])) == [date(2026, 5, 1), date(2026, 1, 2)]
    assert iso_day(1989, 1, 1) is None


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from("./-"), st.booleans())
def test_a_numeric_date_reads_back_day_first(reader: DateReader, day: date, sign: str, padded: bool) -> None:
    form = "{:02d}{}{:02d}{}{}" if padded else "{}{}{}{}{}"
    text = form.format(day.day, sign, day.month, sign, day.year)
    found = reader.first(f"Жарияланды: {text} ж.")
    assert found is not None
    assert found.value == day.isoformat()


@given(
    st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.sampled_from(["kk", "kk-Latn", "ru", "en"]), st.integers(0, 3)
)
def test_a_written_date_reads_back(reader: DateReader, forms: Forms, day: date, language: str, order: int) -> None:
    of_language = forms.of[language]
    name = of_language.get("genitive", of_language["nominative"])[day.month - 1]
    text = (
        f"{day.day} {name} {day.year}",
        f"{day.year} жылғы {day.day} {name}",
        f"{name} {day.day}, {day.year}",
        f"«{day.day:02d}» {name.upper()} {day.year} года",
    )[order]
    found = reader.first(text)
    assert found is not None
    assert (found.value, found.precision) == (day.isoformat(), Precision.DAY)


@given(st.text(max_size=300) | st.text("0123456789 ./-«»жылғымая", max_size=80))
def test_any_text_is_read(reader: DateReader, text: str) -> None:
    for item in reader.find(text):
        assert 7 <= len(item.value) <= 10
        date.fromisoformat(item.value if len(item.value) == 10 else f"{item.value}-01")
        assert 0 <= item.start < len(text)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "12.",
        "12.12.",
        "«",
        "« 1 »",
        "2014 ",
        "2014 жыл ",
        "мая ",
        "12 мая ",
        "may-1-",
        "12-",
        "  ",
        "2014-12-",
    ],
)
def test_hostile_texts_take_bounded_time(reader: DateReader, piece: str) -> None:
    begun = time.process_time()
    reader.find(piece * (40_000 // len(piece)))
    assert time.process_time() - begun < 4
