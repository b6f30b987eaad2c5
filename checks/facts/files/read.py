"""One file into facts: type, then the reader for it. No bytes make this raise; what fails is a fact with its reason."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec

from checks.facts.files.archives import PeriodsOf, read_compressed, read_tar, read_zip
from checks.facts.files.databases import read_dbf, read_shp, read_sqlite, read_two_ended
from checks.facts.files.delimited import read_delimited
from checks.facts.files.documents import read_document
from checks.facts.files.encoding import encoding_of
from checks.facts.files.guess import Guess
from checks.facts.files.htmltables import read_html
from checks.facts.files.images import read_image
from checks.facts.files.jsons import read_geojson, read_json, read_jsonstat, read_lines, read_topojson
from checks.facts.files.parquet import read_parquet
from checks.facts.files.pdfs import read_pdf
from checks.facts.files.personal import NOBODY
from checks.facts.files.rdf import read_nquads, read_ntriples, read_rdfxml, read_trig, read_turtle
from checks.facts.files.reading import MOST_BYTES, ReadError, Reading, UnreadError
from checks.facts.files.sheets import read_sheets
from checks.facts.files.sniff import settle, sniff
from checks.facts.files.worddoc import read_doc
from checks.facts.files.xmls import read_feed, read_gml, read_kml, read_xml
from checks.facts.model import FileFacts
from config.formats import by_extension, by_media_type, kinds_of
from config.personal import PersonalFinder
from crawler.capture import Capture
from crawler.verdicts import Verdict, classify

VERSION = "6"
USED_HEADERS = ("content-type", "content-disposition")
LIBRARIES = ("lxml", "msgspec", "python-calamine", "pypdfium2", "pyoxigraph", "charset-normalizer", "selectolax")

NO_FILE = frozenset(
    {Verdict.BLOCKED, Verdict.ACCESS_CONTROL, Verdict.JS_SHELL, Verdict.SOFT_404, Verdict.ERROR_BODY, Verdict.TRAP}
)
"""Verdicts on an answer that is no file at all; `problem` names them."""
_ANSWERS = frozenset({"html", "json", "xml", "ogc"})
_LONGEST_ANSWER = 1 << 19

Reader = Callable[[bytes], Reading]
TableReader = Callable[[bytes, PersonalFinder], Reading]


def _text(body: bytes) -> Reading:
    found = encoding_of(body)
    if found is None:
        raise ReadError("undecodable")
    return Reading(encoding=found.name)


def _sealed(_body: bytes) -> Reading:
    raise UnreadError("encrypted")


TABLE_READERS: dict[str, TableReader] = {
    "csv": read_delimited, "tsv": read_delimited,
    "xlsx": read_sheets, "xlsb": read_sheets, "xls": read_sheets, "ods": read_sheets,
    "json": read_json, "ndjson": read_lines, "geojson": read_geojson, "topojson": read_topojson,
    "xml": read_xml, "gml": read_gml, "html": read_html,
}  # fmt: skip
"""Readers of tables, who also count identifiers of persons by column."""
READERS: dict[str, Reader] = {
    "rss": read_feed, "atom": read_feed, "kml": read_kml, "jsonstat": read_jsonstat,
    "turtle": read_turtle, "trig": read_trig, "ntriples": read_ntriples, "nquads": read_nquads, "rdfxml": read_rdfxml,
    "pdf": read_pdf, "docx": read_document, "odt": read_document, "doc": read_doc, "ooxml_encrypted": _sealed,
    "png": read_image, "gif": read_image, "jpg": read_image, "bmp": read_image, "tif": read_image, "webp": read_image,
    "sqlite": read_sqlite, "dbf": read_dbf, "shp": read_shp, "parquet": read_parquet, "arrow": read_two_ended,
    "txt": _text,
}  # fmt: skip
"""Other readers. A type without a reader of any sort is read as the nearest type it is a kind of."""
ARCHIVE_READERS: dict[str, Callable[[bytes, PeriodsOf], Reading]] = {
    "zip": read_zip, "tar": read_tar, **dict.fromkeys(("gz", "bz2", "xz", "lzma", "zst"), read_compressed),
}  # fmt: skip
"""Readers of archives: they have the tables inside read for their newest period."""
_DATED = frozenset({"csv", "tsv", "xlsx", "xlsb", "xls", "ods", "json", "ndjson", "xml", "parquet", "sqlite"})
"""Kinds of file inside archives that are read for it."""


def read(capture: Capture, body: bytes, finder: PersonalFinder = NOBODY) -> FileFacts:
    """Return the facts of one file. Never raises."""
    declared = capture.header("content-type")
    named = by_extension(_name(capture))
    found = settle(sniff(body), named, by_media_type(declared))
    reading = _cut(capture, _said_instead(capture, body, found) or _read(found, body, finder))
    parts = msgspec.structs.asdict(reading)
    return FileFacts(
        url=capture.url, declared_type=declared, sniffed_type=found.type, length=len(body), declared_extension=named,
        confidence=found.confidence, reasons=found.reasons, truncated=capture.truncated, **parts,
    )  # fmt: skip


def too_large(capture: Capture, head: bytes, length: int) -> FileFacts:
    """Return the facts of a file of *length* bytes of which only the *head* was looked at."""
    declared, named = capture.header("content-type"), by_extension(_name(capture))
    found = settle(sniff(head), named, by_media_type(declared))
    return FileFacts(
        capture.url, declared, found.type, parses=None, text_layer=None, encoding=None, length=length,
        declared_extension=named, confidence=found.confidence, reasons=found.reasons, problem="too_large",
        truncated=capture.truncated,
    )  # fmt: skip


def unreadable(capture: Capture, length: int, problem: str) -> FileFacts:
    """Return the facts of a file that a reader did not survive, or that took too long."""
    return FileFacts(
        capture.url, capture.header("content-type"), None, parses=False, text_layer=None, encoding=None,
        length=length, declared_extension=by_extension(_name(capture)), problem=problem, truncated=capture.truncated,
    )  # fmt: skip


def _said_instead(capture: Capture, body: bytes, found: Guess) -> Reading | None:
    """Tell a block page, a log-in wall or an error that stands where the file should be."""
    if found.type not in _ANSWERS or len(body) > _LONGEST_ANSWER:
        return None
    if found.type == "html":  # under the name of a file the classifier would not take it for a page
        others = tuple(item for item in capture.headers if item[0].lower() != "content-type")
        capture = msgspec.structs.replace(capture, headers=(("content-type", "text/html"), *others))
    verdict = classify(capture, body).verdict
    return Reading(parses=None, problem=verdict.value) if verdict in NO_FILE else None


def _name(capture: Capture) -> str:
    """Return what the file calls itself: the name it is offered under, else the address."""
    offered = (capture.header("content-disposition") or "").partition("filename=")[2].split(";")[0].strip("\"' ")
    return offered if "." in offered else capture.url


def _read(found: Guess, body: bytes, finder: PersonalFinder) -> Reading:
    if not body:
        return Reading(parses=False, problem="empty")
    reader = _reader(found.type or "", finder)
    if reader is None:
        return Reading(parses=None, problem="unknown_type" if found.type is None else "no_reader")
    return _guarded(reader, body) if len(body) <= MOST_BYTES else Reading(parses=None, problem="too_large")


def _reader(type_: str, finder: PersonalFinder) -> Reader | None:
    for kind in kinds_of(type_):
        if kind in TABLE_READERS:
            return partial(_with, TABLE_READERS[kind], finder)
        if kind in ARCHIVE_READERS:
            return partial(_unpacked, ARCHIVE_READERS[kind])
        if kind in READERS:
            return READERS[kind]
    return None


def _unpacked(reader: Callable[[bytes, PeriodsOf], Reading], body: bytes) -> Reading:
    return reader(body, _periods_in)


def _periods_in(type_: str, body: bytes) -> tuple[str, ...] | None:
    """Return the newest periods of a file inside an archive; None when it is no table or was not read to its end."""
    if _DATED.isdisjoint(kinds_of(type_)):
        return None
    reader = _reader(type_, NOBODY)
    found = _guarded(reader, body) if reader else Reading(parses=False)
    whole = found.parses and all(table.complete for table in found.tables)
    return (
        tuple(sorted({period for table in found.tables for period in table.periods}, reverse=True)) if whole else None
    )


def _with(reader: TableReader, finder: PersonalFinder, body: bytes) -> Reading:
    return reader(body, finder)


def _guarded(reader: Reader, body: bytes) -> Reading:
    try:
        return reader(body)
    except BaseException as error:  # noqa: BLE001 - what is no failure of a library goes on from there
        return _failed(error)


def _failed(error: BaseException) -> Reading:
    """Return what an error says of the file. Only what is no library's failure (an interrupt) goes on."""
    if isinstance(error, UnreadError):
        return Reading(parses=None, problem=str(error), encrypted=str(error) == "encrypted")
    if isinstance(error, MemoryError):
        return Reading(parses=None, problem="too_large")
    # Rust libraries panic outside Exception; that is the reader's failure as much as the file's.
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    return Reading(parses=False, problem=str(error) if isinstance(error, ReadError) else _problem(error))


def _problem(error: BaseException) -> str:
    if isinstance(error, RecursionError):
        return "too_deep"
    return "malformed" if isinstance(error, ValueError) else "reader_error"


def _cut(capture: Capture, reading: Reading) -> Reading:
    """Excuse a body that our own limit cut off: it may well parse as a whole."""
    if capture.truncated and not reading.parses:
        return msgspec.structs.replace(reading, parses=None, problem="truncated")
    return reading
