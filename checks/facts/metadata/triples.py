"""A graph laid out for checking shapes: by subject and property, with classes looked up along `rdfs:subClassOf`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from functools import cached_property

from rdflib import RDF, RDFS, Graph, Literal
from rdflib.term import Node

from checks.facts.metadata.vocabularies import Vocabularies

_NOTHING: dict[Node, list[Node]] = {}


class Triples:
    """The triples of *graph* as plain dictionaries: a look-up costs a tenth of what the graph's own does.

    *background* says of which classes things are that the graph only refers to; targets are the graph's own.
    """

    def __init__(self, graph: Graph, background: Vocabularies | None = None) -> None:
        self.background = background
        self._by_subject: dict[Node, dict[Node, list[Node]]] = {}
        for subject, predicate, thing in graph:
            self._by_subject.setdefault(subject, {}).setdefault(predicate, []).append(thing)

    def of(self, subject: Node) -> dict[Node, list[Node]]:
        """Return the values of *subject* by property."""
        return self._by_subject.get(subject, _NOTHING)

    def values(self, subject: Node, predicate: Node) -> Collection[Node]:
        """Return the objects of *subject* and *predicate*."""
        return self.of(subject).get(predicate, ())

    def subjects(self, predicate: Node, thing: Node) -> Collection[Node]:
        """Return the subjects that have *thing* as value of *predicate*."""
        return self._inverse[predicate].get(thing, ())

    def having(self, predicate: Node) -> set[Node]:
        """Return all subjects that have the property."""
        return {subject for subject, values in self._by_subject.items() if predicate in values}

    def valued(self, predicate: Node) -> set[Node]:
        """Return all values of the property."""
        return {thing for values in self._by_subject.values() for thing in values.get(predicate, ())}

    def instances(self, kind: Node) -> set[Node]:
        """Return the SHACL instances of a class (SHACL 3.1.3)."""
        return {item for sub in self._below(kind) for item in self._members.get(sub, ())}

    def is_a(self, item: Node, kind: Node) -> bool:
        """Tell whether *item* is a SHACL instance of *kind*; a literal is none of any class."""
        if isinstance(item, Literal):
            return False
        if any(known == kind or kind in self._above(known) for known in self.values(item, RDF.type)):
            return True
        return self.background is not None and self._known(self.background, item, kind)

    def _known(self, background: Vocabularies, item: Node, kind: Node) -> bool:
        told = background.classes(item) or ()
        return kind in told or any(kind in background.above(known) for known in (*told, *self.values(item, RDF.type)))

    @cached_property
    def _members(self) -> dict[Node, list[Node]]:
        found: defaultdict[Node, list[Node]] = defaultdict(list)
        for subject, values in self._by_subject.items():
            for kind in values.get(RDF.type, ()):
                found[kind].append(subject)
        return found

    @cached_property
    def _inverse(self) -> defaultdict[Node, dict[Node, list[Node]]]:
        found: defaultdict[Node, dict[Node, list[Node]]] = defaultdict(dict)
        for subject, values in self._by_subject.items():
            for predicate, things in values.items():
                for thing in things:
                    found[predicate].setdefault(thing, []).append(subject)
        return found

    @cached_property
    def _tree(self) -> bool:
        return any(RDFS.subClassOf in values for values in self._by_subject.values())

    def _above(self, kind: Node) -> set[Node]:
        return _closure(kind, lambda item: self.values(item, RDFS.subClassOf)) if self._tree else set()

    def _below(self, kind: Node) -> set[Node]:
        return _closure(kind, lambda item: self.subjects(RDFS.subClassOf, item)) if self._tree else {kind}


def _closure(start: Node, step: Callable[[Node], Collection[Node]]) -> set[Node]:
    """Return *start* and all that the steps lead to."""
    found, waiting = {start}, [start]
    while waiting:
        fresh = set(step(waiting.pop())) - found
        found |= fresh
        waiting.extend(fresh)
    return found
