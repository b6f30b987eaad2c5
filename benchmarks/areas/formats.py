"""Formats: type from bytes, text layer of PDFs, encoding, dialect, and that nothing crashes.

`type_accuracy` is what the product says: bytes, with the name asked only where bytes leave it open.
`type_accuracy_bytes` leaves the names out, as other detectors do; these stand beside it (`libmagic_accuracy` and so on)
where `make bench-venv` has installed them. A gold label comes from a file's ending, so a finer type is right where it
is a kind of the labelled one (GeoJSON for `json`); `type_exact` counts equal ids only. Each type error carries the
signs that the verdict rests on, what the label rests on, and why a label is doubted.
"""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from metrics import AreaReport, Tally

from areas import peers
from checks.facts.files.dialect import dialect_of
from checks.facts.files.encoding import decode, encoding_of
from checks.facts.files.jail import Jail
from checks.facts.files.sniff import sniff
from checks.facts.model import FileFacts
from config.formats import by_label, formats, is_a
from crawler.capture import Capture, CaptureKey, ExchangeOutcome, Purpose

_THEN = datetime(2000, 1, 1, tzinfo=UTC)
_LANGUAGE_TAILS = ("-russian", "-bulgarian", "-ukrainian", "-hungarian", "-greek", "-hebrew", "-turkish", "-macedonian")


def measure(corpus: Path) -> AreaReport:
    """Measure the formats corpus: `gold.csv` and the files it names."""
    report = AreaReport("formats")
    tallies = {name: Tally() for name in ("type_accuracy", "type_accuracy_bytes", "type_exact", "pdf_text_accuracy")}
    crashes = Tally()
    jail = Jail()
    for row in _rows(corpus):
        body = (corpus / row["path"]).read_bytes()
        facts = jail.read(capture_of(row["path"]), body)
        report.n += 1
        broken = facts.problem in ("crashed", "timeout")
        crashes.add(right=broken)
        if broken:
            report.error("crashes", row["path"], "facts", facts.problem)
        _type(report, tallies, row, facts, body)
        _pdf(report, tallies["pdf_text_accuracy"], row, facts)
    jail.close()
    labelled = {corpus / row["path"]: _gold(row) for row in _rows(corpus) if row.get("type")}
    tallies |= {f"{name}_accuracy": tally for name, tally in peers.tallies(labelled).items()}
    report.metrics |= {name: tally.metric() for name, tally in tallies.items()}
    report.metrics["encoding_accuracy"] = _encodings(report, corpus).metric()
    delimiters, dialects = _dialects(report, corpus)
    report.metrics |= {"dialect_accuracy": dialects.metric(), "delimiter_accuracy": delimiters.metric()}
    report.metrics["crashes"] = crashes.count()
    return report


def _rows(corpus: Path) -> Iterator[dict[str, str]]:
    with (corpus / "gold.csv").open(encoding="utf-8", newline="") as source:
        yield from (row for row in csv.DictReader(source) if (corpus / row["path"]).is_file())


def capture_of(path: str) -> Capture:
    """Return a capture of a file of the corpus, under its own name and without a Content-Type."""
    url = f"https://corpus.invalid/{quote(path)}"
    key = CaptureKey("GET", url)
    return Capture(
        "", "", date(2000, 1, 1), key, url, "corpus.invalid", (), Purpose.DOCUMENT, ExchangeOutcome.OK, _THEN, _THEN,
        status=200,
    )  # fmt: skip


def _type(report: AreaReport, tallies: dict[str, Tally], row: dict[str, str], facts: FileFacts, body: bytes) -> None:
    label = row.get("type", "")
    if not label:
        return
    gold = _gold(row)
    by_bytes = sniff(body)
    told = facts.sniffed_type or ""
    tallies["type_accuracy"].add(right=is_a(told, gold))
    tallies["type_accuracy_bytes"].add(right=is_a(by_bytes.type or "", gold))
    tallies["type_exact"].add(right=told == gold)
    if not is_a(told, gold):
        report.error(
            "type_accuracy", row["path"], gold, facts.sniffed_type, signs=list(facts.reasons),
            confidence=facts.confidence, label_rests_on=f"ending {row.get('extension', '')!r}",
            doubtful=_doubt(facts, gold),
        )  # fmt: skip


def _gold(row: dict[str, str]) -> str:
    label = row["type"]
    return label if label in formats() else by_label(label) or label


def _doubt(facts: FileFacts, gold: str) -> str | None:
    """Say why a label is doubted: an unmistakable signature of another type stands in the bytes."""
    if facts.problem == "empty":
        return "the file has no bytes: nothing in it can be of the labelled type"
    if facts.confidence >= 0.95:  # noqa: PLR2004 - a signature or a root element, no statistics
        return f"the bytes carry the signature of {facts.sniffed_type} ({facts.reasons[0]}), which no {gold} file has"
    return None


def _pdf(report: AreaReport, tally: Tally, row: dict[str, str], facts: FileFacts) -> None:
    gold = dict(item.split("=", 1) for item in row.get("pdf", "").split() if "=" in item)
    if gold.get("err") != "0" or not gold.get("chars", "").isdigit():
        return
    wanted = int(gold["chars"]) > 0
    tally.add(right=facts.text_layer is wanted)
    if facts.text_layer is not wanted:
        report.error("pdf_text_accuracy", row["path"], wanted, facts.text_layer, problem=facts.problem)


def _encodings(report: AreaReport, corpus: Path) -> Tally:
    """Files of `encodings/NAME/`: the folder is the label."""
    tally = Tally()
    for folder in sorted(path for path in (corpus / "files" / "encodings").glob("*") if path.is_dir()):
        wanted = _codec(_without_language(folder.name))
        for path in sorted(item for item in folder.iterdir() if item.is_file()):
            found = encoding_of(path.read_bytes())
            right = found is not None and _codec(found.name) == wanted
            tally.add(right=right)
            if not right:
                item = str(path.relative_to(corpus))
                report.error("encoding_accuracy", item, folder.name, found.name if found else None)
    return tally


def _without_language(name: str) -> str:
    lowered = name.lower()
    return next((lowered.removesuffix(tail) for tail in _LANGUAGE_TAILS if lowered.endswith(tail)), lowered)


def _codec(name: str) -> str:
    name = {"maccyrillic": "mac-cyrillic", "utf-16be": "utf-16-be", "utf-16le": "utf-16-le"}.get(name, name)
    try:
        return codecs.lookup(name).name
    except LookupError:
        return name


def _dialects(report: AreaReport, corpus: Path) -> tuple[Tally, Tally]:
    """Compare with Pollock's hand-made dialects: the delimiter alone, and delimiter with quote."""
    delimiters, dialects = Tally(), Tally()
    for path in sorted((corpus / "files" / "pollock" / "parameters").glob("*.json")):
        gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        source = corpus / "files" / "pollock" / "csv" / path.name.removesuffix("_parameters.json")
        if not gold.get("delimiter") or not source.is_file():
            continue
        body = source.read_bytes()
        found = encoding_of(body)
        dialect = dialect_of(decode(body, found.name)).dialect if found else None
        same = dialect is not None and dialect.delimiter == gold["delimiter"]
        whole = same and dialect is not None and dialect.quote == gold["quotechar"]
        delimiters.add(right=same)
        dialects.add(right=whole)
        if not whole:
            wanted = {"delimiter": gold["delimiter"], "quote": gold["quotechar"]}
            had = {"delimiter": dialect.delimiter, "quote": dialect.quote} if dialect else None
            report.error("dialect_accuracy", f"files/pollock/csv/{source.name}", wanted, had)
    return delimiters, dialects
