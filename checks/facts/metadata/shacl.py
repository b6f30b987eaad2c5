"""SHACL with pinned shapes: what a validator reports, what of it can be held against a publisher, and what to do.

Shapes are compiled to functions (`shapes`) where they use no more than SHACL Core's common parts, else pySHACL judges;
both give the same results. Constraints on classes (SHACL 4.1.1) and nodes (4.7.2) can only be decided with the
vocabulary at hand when the value is an address that the document does not describe, or is of a class that may be a
kind of the wanted one (`foaf:Organization` is a `foaf:Agent`, but only FOAF says so): such results are set apart as
`needs_vocabulary` and are no false alarm. The rest is grouped by what the publisher must do.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from weakref import WeakKeyDictionary

import msgspec
from rdflib import RDF, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from checks.facts.metadata import rdf, vendored
from checks.facts.metadata.shapes import Result, Shapes, UnsupportedError
from checks.facts.metadata.triples import Triples
from checks.facts.metadata.vocabularies import Vocabularies

_EXAMPLES = 3
_TEXT = 200
_SUFFIX = "ConstraintComponent"
_VOCABULARY = ("Class", "Node")
# Held weakly and by identity: a graph's shapes are compiled once.
_KEPT: WeakKeyDictionary[Graph, Shapes | None] = WeakKeyDictionary()
_log = logging.getLogger(__name__)


class Action(StrEnum):
    """What the publisher must do."""

    ADD = "add"
    REMOVE = "remove"
    ONE_PER_LANGUAGE = "one_per_language"
    NAME_BY_ADDRESS = "name_by_address"
    WRITE_AS_TEXT = "write_as_text"
    CORRECT_VALUE = "correct_value"
    CHOOSE_VALUE = "choose_value"
    STATE_CLASS = "state_class"
    MEET_SHAPE = "meet_shape"
    USE_VOCABULARY = "use_vocabulary"


_ACTIONS = {
    "MinCount": Action.ADD, "QualifiedMinCount": Action.ADD, "MaxCount": Action.REMOVE,
    "QualifiedMaxCount": Action.REMOVE, "UniqueLang": Action.ONE_PER_LANGUAGE, "Datatype": Action.CORRECT_VALUE,
    "Pattern": Action.CORRECT_VALUE, "MinLength": Action.CORRECT_VALUE, "MaxLength": Action.CORRECT_VALUE,
    "MinInclusive": Action.CORRECT_VALUE, "MaxInclusive": Action.CORRECT_VALUE, "MinExclusive": Action.CORRECT_VALUE,
    "MaxExclusive": Action.CORRECT_VALUE, "LanguageIn": Action.CORRECT_VALUE, "LessThan": Action.CORRECT_VALUE,
    "LessThanOrEquals": Action.CORRECT_VALUE, "In": Action.CHOOSE_VALUE, "HasValue": Action.CHOOSE_VALUE,
    "Closed": Action.REMOVE,
}  # fmt: skip


class Violation(msgspec.Struct, frozen=True, order=True):
    """One result of SHACL 3.6.2. Blank nodes are shown as `_:`, because their names mean nothing outside."""

    component: str
    path: str
    focus: str
    value: str
    severity: str
    needs_vocabulary: bool
    action: Action


class Group(msgspec.Struct, frozen=True):
    """Violations that ask for the same thing."""

    action: Action
    path: str
    severity: str
    count: int
    examples: tuple[str, ...]


@cache
def dcat_ap() -> Graph:
    """Return the vendored shapes of DCAT-AP 3.0.0."""
    return usable(rdf.parse(vendored.read("dcat/dcat-ap-3.0.0-shacl.jsonld"), "application/ld+json").graph)


def usable(shapes: Graph) -> Graph:
    """Return shapes without references to property shapes that they do not define (DCAT-AP 3.0.1 has two)."""
    mended = Graph()
    for triple in shapes:
        dangling = triple[1] in (SH.property, SH.node) and (triple[2], None, None) not in shapes
        if not dangling:
            mended.add(triple)
    return mended


def validate(data: Graph, shapes: Graph, background: Vocabularies | None = None) -> tuple[Violation, ...]:
    """Return every result, also warnings and what needs a vocabulary; none when the data conform (SHACL 3.6).

    What the *background* says of a value's class is no result; without it the results are SHACL's own.
    """
    compiled = _compiled(shapes)
    triples = Triples(data, background if compiled else None)
    found = compiled.results(triples) if compiled else asked_of_pyshacl(data, shapes)
    return tuple(sorted(_violation(item, triples) for item in found))


def asked_of_pyshacl(data: Graph, shapes: Graph) -> Iterator[Result]:
    """Yield the results of pySHACL, which knows all of SHACL and takes its time."""
    import pyshacl  # noqa: PLC0415 - the shipped shapes are compiled; it takes a tenth of a second to load

    with rdf.quiet():
        _conforms, report, _text = pyshacl.validate(data, shacl_graph=shapes, do_owl_imports=False, meta_shacl=False)
    if not isinstance(report, Graph):
        raise TypeError(f"no validation report: {report}")
    # Only the report's own results: those under sh:detail explain them.
    for item in report.objects(None, SH.result):
        yield Result(
            str(report.value(item, SH.sourceConstraintComponent)).rsplit("#", 1)[-1].removesuffix(_SUFFIX),
            report.value(item, SH.resultPath),
            report.value(item, SH.focusNode) or BNode(),
            report.value(item, SH.value),
            report.value(item, SH.resultSeverity) or SH.Violation,
        )


def _compiled(shapes: Graph) -> Shapes | None:
    """Return the shapes as functions, or None when they use what only pySHACL knows. Kept with the graph."""
    if shapes not in _KEPT:
        try:
            _KEPT[shapes] = Shapes(shapes)
        except UnsupportedError as error:
            _log.info("pySHACL judges these shapes: %s", error)
            _KEPT[shapes] = None
    return _KEPT[shapes]


def _violation(item: Result, data: Triples) -> Violation:
    apart = item.component in _VOCABULARY and _undecided(item, data)
    return Violation(
        item.component, _show(item.path), _show(item.focus), _show(item.value),
        str(item.severity).rsplit("#", 1)[-1], apart,
        Action.USE_VOCABULARY if apart else _action(item.component, item.value, data.background),
    )  # fmt: skip


def _undecided(item: Result, data: Triples) -> bool:
    """Tell whether a vocabulary that is not here could say that a value is of the wanted class."""
    value = item.value
    if isinstance(value, URIRef) and not data.of(value):
        known = data.background is not None and data.background.classes(value) is not None
        return not (known and item.component == "Class")
    return isinstance(value, URIRef | BNode) and bool(data.values(value, RDF.type))


def _action(component: str, value: Node | None, background: Vocabularies | None) -> Action:
    literal = isinstance(value, Literal)
    if component == "NodeKind":
        return Action.NAME_BY_ADDRESS if literal else Action.WRITE_AS_TEXT
    if component == "Class":
        listed = value is not None and background is not None and background.classes(value) is not None
        return Action.NAME_BY_ADDRESS if literal else Action.CHOOSE_VALUE if listed else Action.STATE_CLASS
    return _ACTIONS.get(component, Action.MEET_SHAPE)


def _show(item: Node | None) -> str:
    if item is None:
        return ""
    return str(item)[:_TEXT] if isinstance(item, URIRef | Literal) else "_:"


def grouped(violations: Iterable[Violation]) -> tuple[Group, ...]:
    """Return the violations by action, property and severity, most frequent first."""
    found: dict[tuple[Action, str, str], list[str]] = defaultdict(list)
    for item in violations:
        found[item.action, item.path, item.severity].append(item.focus)
    groups = [
        Group(action, path, severity, len(focus), tuple(sorted(set(focus)))[:_EXAMPLES])
        for (action, path, severity), focus in found.items()
    ]
    return tuple(sorted(groups, key=lambda item: (-item.count, item.action, item.path)))
