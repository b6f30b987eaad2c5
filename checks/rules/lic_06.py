"""Acts that a body refers to can be read free of charge, in the official text.

What it asks
    Of every page whose text links to a collection of legal texts: does it lead to the free official one, or only to a
    private one that sells access?

Why
    Who must know a law must be able to read it. Links to a paid collection send citizens to a counter.

Outcomes
    pass: the page links to a host of free official texts.
    unclear: it links to hosts of private collections only, or to both.
    not_observed: no page links to a collection of legal texts.

Traps
    Whether a private text is paid cannot be seen without paying: such links are never a fail. Links in menus and
    footers say nothing of an act. Hosts come from the pack (`free_hosts`, `private_hosts`) with all below them.

Law
    Criterion of the assessment of 2014. No duty of law is stated here.
"""

from __future__ import annotations

from collections.abc import Iterable

from checks.context import RuleContext
from checks.facts.model import FactKind, OutsideHost
from checks.findings import Outcome, Result, SubjectKind
from checks.registry import rule
from checks.view import Page


@rule(
    id="LIC-06", version=1, indicators=("legal_acts_free",), subject=SubjectKind.PAGE,
    needs=frozenset({FactKind.PAGE}), none_found="no_act_link_seen",
)  # fmt: skip
def acts_in_free_text(page: Page, context: RuleContext) -> Result | None:
    """Judge one page; one that links to no collection says nothing."""
    free = _below(page.facts.outside, context.params.get("free_hosts", ()))
    private = _below(page.facts.outside, context.params.get("private_hosts", ()))
    if not free and not private:
        return None
    evidence = tuple(page.cite("text:link", f"{item.text} {item.url}".strip()) for item in (*free, *private))
    measures = {"hosts": {item.host: item.links for item in (*free, *private)}}
    if not private:
        return Result(Outcome.PASS, "act_text_free", {**measures}, evidence)
    return Result(Outcome.UNCLEAR, "act_text_both" if free else "act_text_private", {**measures}, evidence)


def _below(outside: Iterable[OutsideHost], hosts: Iterable[str]) -> list[OutsideHost]:
    """Return the linked hosts that are one of *hosts* or lie below it."""
    known = tuple(hosts)
    return [item for item in outside if any(item.host == host or item.host.endswith(f".{host}") for host in known)]
