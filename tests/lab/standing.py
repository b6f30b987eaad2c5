"""Pages of long standing (structure, leadership, contacts): dated, undated, or out of date by two independent signs."""

from __future__ import annotations

from datetime import date, timedelta
from html import escape

from tests.lab.words import Text, texts, written

LABELS = {"kk": "Жаңартылған күні", "ru": "Дата обновления", "en": "Last updated"}
AGE = {"dated": 20, "aged": 500}
"""Days before the night on which such a page says that it was updated; others say nothing."""
# The name that another body of the lab gave up, and an act that is no longer in force.
FORMER = {
    "kk": "Сұрақтарыңыз болса, Су шаруашылығы комитетіне хабарласыңыз.",
    "ru": "По всем вопросам обращайтесь в Комитет водного хозяйства.",
    "en": "Please put your questions to the Committee of Water Economy.",
}
REPEALED = {
    "kk": "Бет Үкіметтің 2007 жылғы 13 шілдедегі № 598 қаулысына сәйкес жүргізіледі.",
    "ru": "Страница ведётся в соответствии с постановлением Правительства от 13 июля 2007 года № 598.",
    "en": "The page is kept under Government Resolution 598 of 13 July 2007.",
}


def standing(language: str, name: str) -> Text:
    """Return the text of a page of long standing."""
    found = texts(language)["standing"][name]
    return Text(found["title"], tuple(found["text"]))


def said_of_age(language: str, state: str, night: date) -> str:
    """Return what a page in a *state* (dated, undated, aged) says of its age, as HTML."""
    signs = [FORMER[language], REPEALED[language]] if state == "aged" else []
    if state in AGE:
        signs.append(f"{LABELS[language]}: {written(night - timedelta(days=AGE[state]), language)}")
    return "".join(f"<p>{escape(item)}</p>" for item in signs)
