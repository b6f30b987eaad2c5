"""DCAT catalogues: is it RDF, is it DCAT (W3C DCAT 3, section 6), which profile, and does it hold to DCAT-AP's shapes.

A document in a form that cannot be read here (broken, or JSON-LD whose context lies elsewhere) has a `problem` and no
verdict. Shapes and specification must be of one version: the vendored ones are DCAT-AP 3.0.0's.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec
from rdflib import DCAT, DCTERMS, RDF, Graph, URIRef

from checks.facts.metadata import rdf, shacl
from checks.facts.metadata.shacl import Group, Violation
from checks.facts.metadata.vocabularies import vocabularies
from crawler.safexml import UnreadableError

EXTRACTOR_VERSION = 2
_MOST_GROUPS = 40


class Profile(StrEnum):
    """An application profile of DCAT."""

    DCAT = "dcat"
    DCAT_AP = "dcat-ap"
    DCAT_AP_HVD = "dcat-ap-hvd"
    DCAT_AP_NATIONAL = "dcat-ap-national"
    GEODCAT_AP = "geodcat-ap"
    HEALTHDCAT_AP = "healthdcat-ap"
    DCAT_US = "dcat-us"


_OF_AP = frozenset(Profile) - {Profile.DCAT, Profile.DCAT_US}
# What a document says it conforms to (a part of the address), most special first; then namespaces that only one uses.
_CLAIMS = (
    ("hvd", Profile.DCAT_AP_HVD), ("geodcat", Profile.GEODCAT_AP), ("healthdcat", Profile.HEALTHDCAT_AP),
    ("dcat-us", Profile.DCAT_US), ("dcat-ap-", Profile.DCAT_AP_NATIONAL), ("dcat-ap.", Profile.DCAT_AP_NATIONAL),
    ("dcat_ap_", Profile.DCAT_AP_NATIONAL), ("dcat-ap", Profile.DCAT_AP), ("r5r/", Profile.DCAT_AP),
)  # fmt: skip
_SPACES = (
    ("http://healthdataportal.eu/ns/health#", Profile.HEALTHDCAT_AP),
    ("http://data.europa.eu/930/", Profile.GEODCAT_AP),
    ("http://resources.data.gov/ontology/dcat-us#", Profile.DCAT_US),
    ("http://dcat-ap.de/def/dcatde/", Profile.DCAT_AP_NATIONAL),
    ("http://data.europa.eu/r5r/", Profile.DCAT_AP),
)


class DcatFacts(msgspec.Struct, frozen=True):
    """One document. `valid`: no violation that can be held against it. `conforms`: SHACL's own word, without mercy.

    `set_apart` are results that only a vocabulary could decide; `warnings` are not of severity Violation; `of_focus`
    are the violations of each node that has an address.
    """

    valid: bool | None
    problem: str | None = None
    form: str | None = None
    lenient: bool = False
    profile: Profile | None = None
    catalogues: int = 0
    datasets: int = 0
    distributions: int = 0
    services: int = 0
    conforms: bool | None = None
    violations: int = 0
    warnings: int = 0
    set_apart: int = 0
    groups: tuple[Group, ...] = ()
    of_focus: dict[str, tuple[Violation, ...]] = {}

    @property
    def holds(self) -> bool | None:
        """Whether the document is what it claims: the application profile's shapes bind only who claims the profile.

        Plain DCAT (W3C) makes no property mandatory, so a readable catalogue with data sets in it is valid DCAT.
        """
        if self.problem:
            return self.valid
        return self.valid if self.profile in _OF_AP else True


def read(
    body: bytes,
    media_type: str | None = None,
    base: str | None = None,
    contexts: Mapping[str, bytes] | None = None,
    shapes: Graph | None = None,
) -> DcatFacts:
    """Return the facts of one document, judged by *shapes* (default: DCAT-AP 3.0.0). Never raises."""
    try:
        parsed = rdf.parse(body, media_type, base, contexts)
    except UnreadableError as error:
        return DcatFacts(None, error.reason, rdf.form_of(body, media_type))
    facts = _count(parsed)
    if not facts.catalogues + facts.datasets + facts.services:
        return msgspec.structs.replace(facts, problem="no_dcat")
    if not facts.datasets + facts.services:
        return msgspec.structs.replace(facts, valid=False, problem="empty_catalogue")
    try:
        found = shacl.validate(parsed.graph, shapes or shacl.dcat_ap(), vocabularies())
    except Exception:  # noqa: BLE001 - rdflib and pySHACL raise whatever strange literals make them; it is no verdict
        return msgspec.structs.replace(facts, problem="shacl_failed")
    return _judged(facts, found)


def _count(parsed: rdf.Parsed) -> DcatFacts:
    def number(kind: URIRef) -> int:
        return len(set(parsed.graph.subjects(RDF.type, kind)))

    return DcatFacts(
        None, None, parsed.form, parsed.lenient, _profile(parsed.graph), number(DCAT.Catalog), number(DCAT.Dataset),
        number(DCAT.Distribution), number(DCAT.DataService),
    )  # fmt: skip


def _judged(facts: DcatFacts, found: tuple[Violation, ...]) -> DcatFacts:
    apart = [item for item in found if item.needs_vocabulary]
    counted = [item for item in found if not item.needs_vocabulary]
    grave = [item for item in counted if item.severity == "Violation"]
    return msgspec.structs.replace(
        facts, valid=not grave, conforms=not found, violations=len(grave), warnings=len(counted) - len(grave),
        set_apart=len(apart), groups=shacl.grouped(found)[:_MOST_GROUPS], of_focus=_by_focus(grave),
    )  # fmt: skip


def _by_focus(grave: list[Violation]) -> dict[str, tuple[Violation, ...]]:
    found: dict[str, list[Violation]] = {}
    for item in grave:
        found.setdefault(item.focus, []).append(item)
    return {focus: tuple(items) for focus, items in found.items()}


def _profile(graph: Graph) -> Profile | None:
    """Return the profile that the document claims, else the one whose own terms it uses, else plain DCAT."""
    holders = {*graph.subjects(RDF.type, DCAT.Catalog), *graph.subjects(RDF.type, DCAT.CatalogRecord)}
    claims = [str(item).lower() for holder in holders for item in graph.objects(holder, DCTERMS.conformsTo)]
    for sign, profile in _CLAIMS:
        if any(sign in claim for claim in claims):
            return profile
    used = {str(item) for item in graph.predicates() if isinstance(item, URIRef)}
    for space, profile in _SPACES:
        if any(item.startswith(space) for item in used):
            return profile
    return Profile.DCAT if any(item.startswith(str(DCAT)) for item in used) else None
