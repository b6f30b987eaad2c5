"""SHACL Core (W3C Recommendation of 2017) compiled to plain functions over `Triples`: for large catalogues.

It gives the results that pySHACL gives (a test holds the two together on every shapes file at hand) in a fraction of
its time. What it does not know (SPARQL, rules, property pairs, qualified and recursive shapes) raises UnsupportedError
when the shapes are compiled, and pySHACL is asked instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from rdflib import OWL, RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from checks.facts.metadata import constraints
from checks.facts.metadata.constraints import ValueTest
from checks.facts.metadata.triples import Triples

Values = set[Node]
Path = Callable[[Triples, Node], Values]

# Parameters that only pySHACL judges. Any other word of the namespace says nothing of values (names, order, targets).
_LEFT = frozenset(
    {
        SH.sparql, SH.js, SH.expression, SH.lessThan, SH.lessThanOrEquals, SH.equals, SH.disjoint, SH.minExclusive,
        SH.minInclusive, SH.maxExclusive, SH.maxInclusive, SH.qualifiedValueShape,
    }
)  # fmt: skip
_FOREIGN = (SH.SPARQLTarget, SH.SPARQLFunction, SH.ConstraintComponent, SH.JSConstraint)


class UnsupportedError(ValueError):
    """The shapes use a part of SHACL that this engine does not know; the text names it."""


class Result(NamedTuple):
    """One validation result (SHACL 3.6.2). *path* and *value* may be None."""

    component: str
    path: Node | None
    focus: Node
    value: Node | None
    severity: Node


@dataclass(eq=False)
class Shape:
    """A compiled shape. `tests` judge one value, `counts` the values as a whole, `nested` are its property shapes."""

    severity: Node
    shown: Node | None = None
    path: Path | None = None
    live: bool = True
    tests: list[tuple[str, ValueTest]] = field(default_factory=list)
    counts: list[tuple[str, Callable[[Values], int]]] = field(default_factory=list)
    nested: list[Shape] = field(default_factory=list)
    allowed: set[Node] | None = None

    def results(self, data: Triples, focus: Node) -> Iterator[Result]:
        """Yield what *focus* breaks."""
        if not self.live:
            return
        values = self.path(data, focus) if self.path else {focus}
        for component, count in self.counts:
            for _ in range(count(values)):
                yield Result(component, self.shown, focus, None, self.severity)
        for value in values:
            for component, passes in self.tests:
                if not passes(data, value):
                    yield Result(component, self.shown, focus, value, self.severity)
            if self.allowed is not None:
                yield from self._strange(data, focus, value)
            for shape in self.nested:
                yield from shape.results(data, value)

    def conforms(self, data: Triples, focus: Node) -> bool:
        """Tell whether *focus* breaks nothing."""
        return next(self.results(data, focus), None) is None

    def _strange(self, data: Triples, focus: Node, value: Node) -> Iterator[Result]:
        """Yield the triples of a closed shape (4.8.1) whose property it does not name."""
        for predicate, things in data.of(value).items():
            if predicate not in (self.allowed or ()):
                for thing in things:
                    if (predicate, thing) != (RDF.type, RDFS.Resource):
                        yield Result("Closed", predicate, focus, thing, self.severity)


class Shapes:
    """All shapes of a graph that have targets. Raises UnsupportedError for what this engine does not know."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._made: dict[Node, Shape] = {}
        self._open: set[Node] = set()
        _refuse(graph)
        self._targets = [(self._shape(node), targets) for node, targets in _targets(graph).items()]

    def results(self, data: Triples) -> Iterator[Result]:
        """Yield every result of every shape on its target nodes (SHACL 2.1.3)."""
        for shape, targets in self._targets:
            focus: Values = set()
            for find in targets:
                focus |= find(data)
            for node in focus:
                yield from shape.results(data, node)

    def _shape(self, node: Node) -> Shape:
        if node in self._open:
            raise UnsupportedError("recursive shapes")
        if node not in self._made:
            self._open.add(node)
            self._made[node] = self._compile(node)
            self._open.remove(node)
        return self._made[node]

    def _compile(self, node: Node) -> Shape:
        graph = self._graph
        shown = graph.value(node, SH.path)
        shape = Shape(
            graph.value(node, SH.severity) or SH.Violation, shown, _path(graph, shown) if shown else None,
            live=not any(_true(item) for item in graph.objects(node, SH.deactivated)),
        )  # fmt: skip
        for predicate in set(graph.predicates(node)):
            if predicate in _LEFT:
                raise UnsupportedError(str(predicate))
            if str(predicate).startswith(str(SH)):
                self._constrain(shape, node, predicate, list(graph.objects(node, predicate)))
        return shape

    def _constrain(self, shape: Shape, node: Node, predicate: Node, said: list[Node]) -> None:
        """Add what one parameter asks for."""
        name = str(predicate).removeprefix(str(SH))
        if name == "property":
            shape.nested += [self._shape(item) for item in said]
        elif name == "closed":
            shape.allowed = self._allowed(node) if any(_true(item) for item in said) else None
        elif name in _LOGIC:
            shape.tests += [(_component(name), self._logic(name, item)) for item in said]
        elif name in constraints.COUNTS:
            shape.counts += [(_component(name), constraints.COUNTS[name](item)) for item in said]
        elif name in constraints.TESTS:
            listed = [_items(self._graph, item) if name in constraints.LISTS else [item] for item in said]
            flags = str(self._graph.value(node, SH.flags) or "")
            shape.tests += [(_component(name), constraints.TESTS[name](items, flags)) for items in listed]

    def _logic(self, name: str, node: Node) -> ValueTest:
        single = name in ("node", "not")
        members = [self._shape(item) for item in ([node] if single else _items(self._graph, node))]
        return _LOGIC[name](members)

    def _allowed(self, node: Node) -> set[Node]:
        graph = self._graph
        ignored = {item for head in graph.objects(node, SH.ignoredProperties) for item in _items(graph, head)}
        paths = (graph.value(item, SH.path) for item in graph.objects(node, SH.property))
        return ignored | {item for item in paths if item is not None}


def _every(members: list[Shape]) -> ValueTest:
    return lambda data, value: all(shape.conforms(data, value) for shape in members)


def _some(members: list[Shape]) -> ValueTest:
    return lambda data, value: any(shape.conforms(data, value) for shape in members)


def _none(members: list[Shape]) -> ValueTest:
    return lambda data, value: not any(shape.conforms(data, value) for shape in members)


def _one(members: list[Shape]) -> ValueTest:
    return lambda data, value: sum(shape.conforms(data, value) for shape in members) == 1


_LOGIC = {"node": _every, "and": _every, "or": _some, "not": _none, "xone": _one}


def _component(name: str) -> str:
    return name[0].upper() + name[1:]


def _items(graph: Graph, head: Node) -> list[Node]:
    return list(dict.fromkeys(Collection(graph, head)))


def _true(item: Node) -> bool:
    return isinstance(item, Literal) and item.value is True


def _refuse(graph: Graph) -> None:
    """Raise UnsupportedError for shapes that extend SHACL or whose targets are implied by their own class."""
    for kind in _FOREIGN:
        if (None, RDF.type, kind) in graph or (None, SH.target, None) in graph:
            raise UnsupportedError(str(kind))
    for kind in (RDFS.Class, OWL.Class):
        if any((node, RDF.type, SH.NodeShape) in graph for node in graph.subjects(RDF.type, kind)):
            raise UnsupportedError("implicit class targets")


def _targets(graph: Graph) -> dict[Node, list[Callable[[Triples], Values]]]:
    found: dict[Node, list[Callable[[Triples], Values]]] = {}
    kinds: tuple[tuple[URIRef, Callable[[Node], Callable[[Triples], Values]]], ...] = (
        (SH.targetClass, lambda item: lambda data: data.instances(item)),
        (SH.targetNode, lambda item: lambda _data: {item}),
        (SH.targetSubjectsOf, lambda item: lambda data: data.having(item)),
        (SH.targetObjectsOf, lambda item: lambda data: data.valued(item)),
    )
    for predicate, find in kinds:
        for node, item in graph.subject_objects(predicate):
            found.setdefault(node, []).append(find(item))
    return found


def _path(graph: Graph, node: Node) -> Path:
    """Return a function that follows a property path (SHACL 2.3.1): a property, inverse, sequence or choice."""
    if isinstance(node, URIRef):
        return lambda data, focus: set(data.values(focus, node))
    inverse, choice = graph.value(node, SH.inversePath), graph.value(node, SH.alternativePath)
    if isinstance(inverse, URIRef):
        return lambda data, focus: set(data.subjects(inverse, focus))
    if choice is not None:
        return _choice([_path(graph, item) for item in _items(graph, choice)])
    if (node, RDF.first, None) in graph:
        return _sequence([_path(graph, item) for item in Collection(graph, node)])
    raise UnsupportedError("property path")


def _choice(ways: list[Path]) -> Path:
    return lambda data, focus: {value for way in ways for value in way(data, focus)}


def _sequence(steps: list[Path]) -> Path:
    def follow(data: Triples, focus: Node) -> Values:
        reached = {focus}
        for step in steps:
            reached = {value for node in reached for value in step(data, node)}
        return reached

    return follow
