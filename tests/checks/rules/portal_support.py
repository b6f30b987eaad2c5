"""A small DCAT portal for the tables of rules that look at a whole catalogue: sets in Turtle, and what links answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from checks.findings import Finding, Outcome
from checks.night import assess
from checks.registry import Rule
from config.pack import Pack
from crawler.capture import Purpose
from tests.checks.lab import NIGHT, Lab, Reply, agency

SITE = "https://data.kz"
HEAD = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix adms: <http://www.w3.org/ns/adms#> .
<https://data.kz/> a dcat:Catalog ; dct:title "Catalogue"@en ; dct:description "All"@en .
"""


@dataclass(frozen=True)
class Sample:
    """Data sets as Turtle, what addresses answer, and the outcome and reason of the one finding.

    `other` holds what addresses answer on some of the nights instead.
    """

    name: str
    outcome: Outcome
    reason: str
    sets: str = ""
    answers: Mapping[str, Reply] = field(default_factory=dict)
    nights: tuple[date, ...] = (NIGHT,)
    other: Mapping[date, Mapping[str, Reply]] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def dataset(name: str, links: str = "", title: str = "Lakes", more: str = "") -> str:
    """Return one data set in Turtle; *links* are distributions as `<address> "FORMAT"` pairs by `|`."""
    offers = "".join(
        f" dcat:distribution [ a dcat:Distribution ; dcat:downloadURL {address} ; dct:format {form} ] ;"
        for address, _, form in (item.strip().partition(" ") for item in links.split("|") if item.strip())
    )
    return f"""<{SITE}/set/{name}> a dcat:Dataset ; dct:identifier "{name}" ; dct:title "{title} {name}"@en ;
  dct:description "What {name} holds"@en ; dct:publisher <{SITE}/org/1> ; {more}{offers} dct:language "en" .
<{SITE}/org/1> a foaf:Agent ; foaf:name "Good ministry"@en .
"""


def ask(sample: Sample, rule: Rule, folder: Path, pack: Pack) -> list[Finding]:
    """Archive the catalogue and the answers on each night, judge each, and return the findings of the last."""
    publisher = {"portal": "cat", "name": "Good ministry"}
    lab = Lab(folder / "workspace", pack, agencies=[agency("good", "https://good.kz/", publishers=[publisher])])
    lab.portals = [{"id": "cat", "kind": "dcat", "url": f"{SITE}/catalog.ttl", "owner": "good"}]
    listed = Reply(HEAD + sample.sets, content_type="text/turtle", purpose=Purpose.PORTAL)
    for number, night in enumerate(sample.nights):
        lab.crawl(
            {f"{SITE}/catalog.ttl": listed, **sample.answers, **sample.other.get(night, {})}, night, run=f"n{number}"
        )
        assess(lab.settings, pack, night)
    return lab.findings(rule, sample.nights[-1])


def assert_one(sample: Sample, rule: Rule, folder: Path, pack: Pack) -> Finding:
    (found,) = ask(sample, rule, folder, pack)
    assert (found.outcome, found.reason) == (sample.outcome, sample.reason), found.measures
    assert found.evidence or found.outcome in (Outcome.NOT_OBSERVED, Outcome.NOT_APPLICABLE)
    return found


def file(body: str | bytes, content_type: str = "text/csv") -> Reply:
    return Reply(body, content_type=content_type, purpose=Purpose.DISTRIBUTION)
