"""A generated catalogue through the vendored DCAT-AP shapes: ours against pySHACL, each in a process of its own.

    python benchmarks/shacl.py [--sets 10000]

Each data set has a publisher, a contact, two distributions and a few slips, about 33 triples. Both read the same
Turtle; parsing, validation and the results are inside the figures. CPU seconds and peak memory come from the system.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

CLIENTS = ("ours", "pyshacl")
_HEAD = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://data.example/> a dcat:Catalog ; dct:title "Catalogue"@en ; dct:description "All sets"@en ;
  dct:publisher <https://data.example/org/1> ; dcat:dataset {sets} .
"""
_SET = """<https://data.example/set/{n}> a dcat:Dataset ; {title} dct:description "What set {n} holds"@en ;
  dct:publisher <https://data.example/org/{org}> ; dct:issued "{date}"^^xsd:date ; dcat:keyword "k{org}"@en, "q"@kk ;
  dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ECON> ; dct:identifier "set-{n}" ;
  dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/WEEKLY> ;
  dcat:contactPoint [ a vcard:Organization ; vcard:fn "Unit {org}" ; vcard:hasEmail <mailto:unit{org}@data.example> ] ;
  dcat:distribution <https://data.example/set/{n}/csv>, <https://data.example/set/{n}/json> .
<https://data.example/set/{n}/csv> a dcat:Distribution ; dcat:accessURL {url} ; dct:format "CSV" ;
  dcat:byteSize "{n}"^^xsd:decimal ; dct:license <https://creativecommons.org/licenses/by/4.0/> .
<https://data.example/set/{n}/json> a dcat:Distribution ; dcat:accessURL <https://data.example/set/{n}.json> ;
  dcat:mediaType <http://www.iana.org/assignments/media-types/application/json> ; dct:title "JSON"@en .
"""


def catalogue(sets: int) -> Iterator[str]:
    """Yield Turtle of *sets* data sets: every third lacks its title, every fifth a date that is one."""
    yield _HEAD.format(sets=", ".join(f"<https://data.example/set/{number}>" for number in range(sets)))
    for number in range(min(sets, 300)):
        yield f'<https://data.example/org/{number}> a foaf:Agent ; foaf:name "Body {number}" .\n'
    for number in range(sets):
        yield _SET.format(
            n=number,
            org=number % 300,
            title="" if number % 3 == 0 else f'dct:title "Set {number}"@en ;',
            date="2026-02-31" if number % 5 == 0 else "2026-02-28",
            url=f'"data/{number}.csv"' if number % 7 == 0 else f"<https://data.example/set/{number}.csv>",
        )


def run(client: str, path: Path) -> int:
    """Be one client and return the number of results."""
    from rdflib import SH, Graph

    from checks.facts.metadata import rdf, shacl

    if client == "ours":
        return len(shacl.validate(rdf.parse(path.read_bytes()).graph, shacl.dcat_ap()))
    import pyshacl

    _conforms, report, _text = pyshacl.validate(Graph().parse(path), shacl_graph=shacl.dcat_ap())
    assert isinstance(report, Graph)
    return len(list(report.objects(None, SH.result)))


def measure(client: str, path: Path) -> tuple[float, float, int]:
    """Run *client* in a process of its own: CPU seconds, MB, results."""
    out = path.with_suffix(f".{client}")
    arguments = [sys.executable, __file__, "--client", client, "--file", str(path), "--out", str(out)]
    child = os.spawnv(os.P_NOWAIT, sys.executable, arguments)
    _pid, status, used = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"{client} ended with status {status}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, int(out.read_text(encoding="utf-8"))


def main() -> None:
    """Run the benchmark, or one client of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=int, default=10_000)
    parser.add_argument("--client", choices=CLIENTS, help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.client:
        chosen.out.write_text(str(run(chosen.client, chosen.file)), encoding="utf-8")
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalogue.ttl"
        path.write_text("".join(catalogue(chosen.sets)), encoding="utf-8")
        print(f"{chosen.sets} data sets, {path.stat().st_size / 1e6:.1f} MB of Turtle, {time.strftime('%Y-%m-%d')}")
        found = {client: measure(client, path) for client in CLIENTS}
        for client, (cpu, memory, results) in found.items():
            print(f"{client:<10}{cpu:>8.1f} CPU s{memory:>8.0f} MB{results:>10} results")
        print(f"pyshacl / ours  {found['pyshacl'][0] / found['ours'][0]:.1f}")


if __name__ == "__main__":
    main()
