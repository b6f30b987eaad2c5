"""Of which classes the members of well-known vocabularies are: what a catalogue refers to and need not describe.

DCAT-AP's shapes ask that a theme be a `skos:Concept`, a language a `dct:LinguisticSystem`. The catalogue only gives the
address of the concept; the vocabulary says what it is. The table is config/vendor/vocabularies/vocabularies.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from rdflib import URIRef
from rdflib.term import Node

from checks.facts.metadata import vendored
from config.yamltext import parse_yaml

NONE: frozenset[Node] = frozenset()


class Vocabularies:
    """The table, as look-ups. *table* is the parsed YAML."""

    def __init__(self, table: dict[str, Any]) -> None:
        self._spaces: dict[str, str] = table["namespaces"]
        self._members = [
            (f"{table['authority']}{item['name']}/", self._classes(item["classes"]), frozenset(item.get("codes", ())))
            for item in table["members"]
        ]
        self._members += [(item["prefix"], self._classes(item["classes"]), frozenset()) for item in table["elsewhere"]]
        self._kinds: dict[Node, frozenset[Node]] = {
            self._name(kind): self._classes(above) for kind, above in table["kinds"].items()
        }

    def classes(self, item: Node) -> frozenset[Node] | None:
        """Return the classes of a vocabulary's member, none for a code that does not exist; None: not known here."""
        for prefix, classes, codes in self._members:
            if isinstance(item, URIRef) and item.startswith(prefix):
                return classes if not codes or item.removeprefix(prefix) in codes else NONE
        return None

    def above(self, kind: Node) -> frozenset[Node]:
        """Return the classes that *kind* is a kind of, as its vocabulary says."""
        return self._kinds.get(kind, NONE)

    def _classes(self, names: Iterable[str]) -> frozenset[Node]:
        return frozenset(self._name(name) for name in names)

    def _name(self, short: str) -> URIRef:
        prefix, _, local = short.partition(":")
        return URIRef(self._spaces[prefix] + local)


@cache
def vocabularies() -> Vocabularies:
    """Return the vendored table."""
    return Vocabularies(parse_yaml(vendored.read("vocabularies/vocabularies.yaml")))
