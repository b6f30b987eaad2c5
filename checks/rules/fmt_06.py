"""Data stand open: not behind a log-in, a form or a script.

What it asks
    Of every page of open data, statistics or budget: do its data show without registration, without filling in a form,
    and without running a script?

Why
    What a visitor must log in for, or must ask for piece by piece, no program can fetch and nobody can count. It is
    stated, never worked around: no account is made, no form sent.

Outcomes
    unclear: a page that asks for choices in a form and shows neither a table nor a file.
    not_observed: a page behind a log-in, or one that is empty until a script has run.

Traps
    A search field, a log-in box beside open data and a feedback form hide nothing. Whether data wait behind a form is
    not known without sending it.

Law
    Criterion of the assessment of 2014 (open access without registration); no duty is stated.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.context import RuleContext
from checks.facts.model import FactKind
from checks.findings import Evidence, Outcome, Result, SubjectKind
from checks.registry import rule
from checks.rules.fmt_evidence import data_section, names_data
from checks.view import Page, ScopeView, Unseen

_BEHIND = {"access_control": "behind_login", "js_shell": "behind_script"}
_CITED = 5


@rule(
    id="FMT-06", version=1, indicators=("machine_readable",), subject=SubjectKind.SCOPE,
    needs=frozenset({FactKind.PAGE}), none_found="nothing_behind",
)  # fmt: skip
def data_stand_open(scope: ScopeView, context: RuleContext) -> Iterator[Result]:
    """Answer once for each way in which pages of data are closed; nothing where none is."""
    forms = [page for page in scope.pages if _asks(page) and data_section(page, context) is not False]
    if forms:
        evidence = tuple(item.cite("css:form", f"forms {item.facts.forms}, tables 0") for item in forms[:_CITED])
        yield Result(Outcome.UNCLEAR, "behind_form", {"pages": len(forms)}, evidence)
    for reason, told in _BEHIND.items():
        closed = [item for item in scope.unseen if item.reason == reason and names_data(item.capture.url, context)]
        if closed:
            yield Result(Outcome.NOT_OBSERVED, told, {"pages": len(closed)}, tuple(map(_cite, closed[:_CITED])))


def _asks(page: Page) -> bool:
    return bool(page.facts.forms) and not page.facts.tables and not page.facts.items


def _cite(item: Unseen) -> Evidence:
    capture = item.capture
    return Evidence(capture.sha256, capture.url, "header:status", f"{item.reason}", capture.id, capture.finished)
