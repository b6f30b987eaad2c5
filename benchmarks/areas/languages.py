"""Languages: texts of one label as a page's main text would be read, by length; neighbours; planted look-alikes.

`acc_N` speaks of texts of N characters up to the next band (20 to 49, 50 to 199, 200 and more) in kk (Cyrillic), ru and
en; the answer is right when it is the label's language, and `und` is wrong. `kk_latin` and `kk_arabic` are Kazakh in
other letters from 20 characters on. Neighbours count from 50 characters on. `homoglyph_loss` is the share of Kazakh
texts that are read right and are no longer when every `і` is a Latin `i` and every capital Er, Es, Ka its Latin twin.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

from metrics import AreaReport, Tally

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from checks.facts.language import LanguageReader
from config.loader import load_pack

BANDS = ((200, "acc_200"), (50, "acc_50"), (20, "acc_20"))
NEIGHBOUR_LENGTH = 50
OWN = {"kk": "kk", "kk-cyrl": "kk", "ru": "ru", "en": "en"}
OTHER_LETTERS = {"kk-latn": "kk_latin", "kk-arab": "kk_arabic"}
TWINS = str.maketrans({"і": "i", "С": "C", "К": "K", "Р": "P", "І": "I"})


def measure(corpus: Path) -> AreaReport:
    """Measure the languages corpus."""
    pack = load_pack("kz")
    reader = LanguageReader(pack.languages, pack.extraction.homoglyphs)
    report = AreaReport("languages")
    tallies: dict[str, Tally] = defaultdict(Tally)
    with (corpus / "gold.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["label"]:
                report.n += 1
                _row(row, reader, report, tallies)
    names = [name for _, name in reversed(BANDS)]
    names += ["kk_latin", "kk_arabic", "neighbours_called_kk_or_ru", "homoglyph_loss"]
    report.metrics = {name: tallies[name].metric() for name in names}
    return report


def told(reader: LanguageReader, text: str) -> str:
    """Return the language that a page with this main text would be said to be in."""
    shares = reader.shares([text])
    return shares[0].language if shares else "und"


def _row(row: dict[str, Any], reader: LanguageReader, report: AreaReport, tallies: dict[str, Tally]) -> None:
    label, text = row["label"], row["text"]
    band = next((name for least, name in BANDS if len(text) >= least), None)
    if band is None:
        return
    item = f"{row['source']}:{row['key']}"
    found = told(reader, text)
    if label in OWN or label in OTHER_LETTERS:
        metric, expected = (band, OWN[label]) if label in OWN else (OTHER_LETTERS[label], label.split("-")[0])
        tallies[metric].add(right=found == expected)
        if found != expected:
            report.error(metric, item, label, found, why=text[:80])
    elif len(text) >= NEIGHBOUR_LENGTH:
        tallies["neighbours_called_kk_or_ru"].add(right=found in {"kk", "ru"})
        if found in {"kk", "ru"}:
            report.error("neighbours_called_kk_or_ru", item, label, found, why=text[:80])
    if OWN.get(label) == "kk" and found == "kk":
        lost = told(reader, text.translate(TWINS)) != "kk"
        tallies["homoglyph_loss"].add(right=lost)
        if lost:
            report.error("homoglyph_loss", item, "kk", "und", why=text[:80])
