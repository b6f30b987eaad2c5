"""Metadata: ISO validity and fields, SHACL against the plain pySHACL run, data.json against the published schemas."""

from __future__ import annotations

import csv
import json
import logging
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyshacl
from jsonschema import Draft202012Validator
from metrics import AreaReport, Tally
from rdflib import SH, Graph, Literal, URIRef
from rdflib.term import Node
from referencing import Registry, Resource

from checks.facts.metadata import datajson, iso, jsonld, rdf, shacl
from checks.facts.metadata.datajson import Version
from crawler.safexml import UnreadableError

_FIELDS = ("lang", "legal_constraints", "date_stamp", "formats", "online")
_LARGEST = 2_000_000
_NAMES_SAY_BROKEN = ("bad_", "invalid", "no_identifier", "no_id")
_RDF = {".ttl": "turtle", ".rdf": "xml", ".jsonld": "json-ld"}


def measure(corpus: Path) -> AreaReport:
    """Measure the metadata corpus."""
    report = AreaReport("metadata")
    _iso(corpus, report)
    _shacl(corpus, report)
    _datajson(corpus / "datagov-harvester", report)
    report.n = sum(item.n for item in report.metrics.values())
    return report


def _iso(corpus: Path, report: AreaReport) -> None:
    validity, fields = Tally(), Tally()
    for row in _rows(corpus / "iso.csv"):
        facts = iso.read((corpus / row["path"]).read_bytes())
        if row["label"]:
            found = "valid" if facts.valid else "invalid"
            validity.add(right=found == row["label"])
            if found != row["label"]:
                defects = [f"{item.code} {item.element}" for item in facts.defects]
                report.error("iso_validity", row["path"], row["label"], found, defects=defects)
        said = (
            ";".join(facts.fields.languages), str(facts.fields.legal_constraints), (facts.fields.date_stamp or "")[:10],
            str(facts.fields.formats), str(facts.fields.online),
        )  # fmt: skip
        for name, found in zip(_FIELDS, said, strict=True):
            if row[name]:
                fields.add(right=found == row[name])
                if found != row[name]:
                    report.error("iso_fields", f"{row['path']} {name}", row[name], found)
    report.metrics |= {"iso_validity": validity.metric(), "iso_fields": fields.metric()}


def _rows(path: Path) -> Iterator[dict[str, str]]:
    if path.is_file():
        with path.open(encoding="utf-8", newline="") as lines:
            yield from csv.DictReader(lines)


def _shacl(corpus: Path, report: AreaReport) -> None:
    """Compare with pySHACL on rdflib's reading, result by result; a name that says valid or fail decides besides.

    A document that rdflib cannot read either (broken, or its context lies elsewhere) is no row.
    """
    logging.disable(logging.ERROR)
    tally = Tally()
    for name, shapes, documents in _suites(corpus):
        mended = shacl.usable(shapes)
        for path in documents:
            expected = _oracle(path, mended, corpus)
            if expected is None:
                continue
            found = _ours(path, mended, corpus)
            said = ".valid." in path.name if path.name.endswith((".valid.ttl", ".fail.ttl")) else not expected
            right = found == expected and said is not bool(found)
            tally.add(right=right)
            if not right:
                wrong = "unreadable" if found is None else {
                    "more": sum((found - expected).values()), "fewer": sum((expected - found).values())
                }  # fmt: skip
                report.error("shacl_agreement", f"{path.relative_to(corpus)} by {name}", len(expected), wrong)
    logging.disable(logging.NOTSET)
    report.metrics["shacl_agreement"] = tally.metric()


def _suites(corpus: Path) -> Iterator[tuple[str, Graph, list[Path]]]:
    """Yield shapes, and the documents that each is asked about."""
    real = sorted((corpus / "ckanext-dcat").rglob("examples/dcat/*"))
    semic = corpus / "SEMICeu-DCAT-AP" / "releases"
    yield "vendored DCAT-AP 3.0.0", shacl.dcat_ap(), [*real, *_documents(sorted(semic.rglob("html/examples/*")))]
    for path in sorted(semic.rglob("*.ttl")):
        if path.name.lower().startswith(("dcat-ap-shacl", "hvd-shacl")) or path.name == "shapes.ttl":
            yield str(path.relative_to(corpus)), rdf.parse(path.read_bytes()).graph, real
    for path in sorted((corpus / "ckanext-dcat").rglob("*shacl*/*.ttl")):
        yield str(path.relative_to(corpus)), rdf.parse(path.read_bytes()).graph, real
    swiss = corpus / "dcat-ap-ch-shacl"
    for path in sorted(swiss.glob("*.shacl.ttl")):
        others = [item for item in sorted(swiss.rglob("*.ttl")) if item != path]
        yield str(path.relative_to(corpus)), rdf.parse(path.read_bytes()).graph, others


def _documents(paths: list[Path]) -> list[Path]:
    return [item for item in paths if item.name.startswith("example-")]


def _oracle(path: Path, shapes: Graph, corpus: Path) -> Counter[tuple[str, ...]] | None:
    """Return what pySHACL says of rdflib's own reading."""
    graph = Graph()
    try:
        body: Any = path.read_bytes()
        if path.suffix == ".jsonld":
            body = jsonld.localise(body, _contexts(path, corpus))
        graph.parse(data=body, format=_RDF[path.suffix], publicID="https://no-base.invalid/")
    except Exception:  # noqa: BLE001 - rdflib raises whatever its grammars meet
        return None
    _conforms, results, _text = pyshacl.validate(graph, shacl_graph=shapes)
    assert isinstance(results, Graph)
    parts = (SH.resultPath, SH.focusNode, SH.value)
    return Counter(
        (
            _tail(results.value(item, SH.sourceConstraintComponent)).removesuffix("ConstraintComponent"),
            *(_show(results.value(item, part)) for part in parts),
            _tail(results.value(item, SH.resultSeverity)),
        )
        for item in results.objects(None, SH.result)
    )


def _tail(item: Node | None) -> str:
    return str(item).rsplit("#", 1)[-1]


def _show(item: Node | None) -> str:
    return "" if item is None else str(item)[:200] if isinstance(item, URIRef | Literal) else "_:"


def _ours(path: Path, shapes: Graph, corpus: Path) -> Counter[tuple[str, ...]] | None:
    try:
        graph = rdf.parse(path.read_bytes(), contexts=_contexts(path, corpus)).graph
    except UnreadableError:
        return None
    return Counter(
        (item.component, item.path, item.focus, item.value, item.severity) for item in shacl.validate(graph, shapes)
    )


def _contexts(path: Path, corpus: Path) -> dict[str, bytes]:
    """Return the contexts that lie in the corpus under the path of their address."""
    if path.suffix != ".jsonld":
        return {}
    own = path.parent / "context.jsonld"
    address = json.loads(path.read_bytes()).get("@context") if own.is_file() else None
    tail = str(address).rsplit("/releases/", 1)[-1]
    found = corpus / "SEMICeu-DCAT-AP" / "releases" / tail
    return {address: found.read_bytes()} if isinstance(address, str) and found.is_file() else {}


def _datajson(folder: Path, report: AreaReport) -> None:
    """Compare with the harvester's own schemas, catalogue by catalogue, formats asserted.

    Where a name says broken and the schema does not, the row is doubtful: it is listed and not counted.
    """
    tally = Tally()
    for path in sorted((folder / "example_data" / "dcatus").glob("*.json")):
        body = path.read_bytes()
        facts = datajson.read(body)
        expected = _schema_says(json.loads(body), facts.version, folder / "schemas")
        named_broken = any(sign in path.name for sign in _NAMES_SAY_BROKEN)
        if expected and named_broken:
            why = "the name says broken, the published schema accepts it"
            report.error("datajson_validity", path.name, "doubtful", facts.valid, counted=False, why=why)
            continue
        tally.add(right=facts.valid is expected)
        if facts.valid is not expected:
            report.error("datajson_validity", path.name, expected, facts.valid, defects=len(facts.defects))
    report.metrics["datajson_validity"] = tally.metric()


def _schema_says(document: dict[str, Any], version: Version | None, schemas: Path) -> bool:
    checker = datajson.formats()
    if version is Version.DCAT_US_3:
        parts = [
            json.loads(path.read_bytes()) for path in sorted((schemas / "dcatus3.0" / "definitions").glob("*.json"))
        ]
        registry: Registry[Any] = Registry().with_resources(
            [(part["$id"], Resource.from_contents(part)) for part in parts]
        )
        whole = next(part for part in parts if part["$id"].endswith("/catalog"))
        return Draft202012Validator(whole, registry=registry, format_checker=checker).is_valid(document)
    single = json.loads((schemas / "dcatus1.1" / "non-federal_dataset.json").read_bytes())
    judge = Draft202012Validator(single, format_checker=checker)
    return all(judge.is_valid(item) for item in document["dataset"])
