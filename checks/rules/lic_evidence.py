"""What the LIC rules share: notices by kind, which of them decide, and what words of a record mean.

No rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

from checks.facts.model import Notice, NoticeKind
from checks.findings import Outcome, Responsible
from checks.view import Page
from config.pack import Pack
from crawler.records import Licence

Told: TypeAlias = tuple[Page, Notice]
Decided: TypeAlias = tuple[Outcome, str, list[Told]]
_MEANINGS = (
    ("own_purposes", Outcome.UNCLEAR, "own_purposes"),
    ("copyright_restrictive", Outcome.FAIL, "restricted_licence"),
    ("unchanged_only", Outcome.FAIL, "restricted_licence"),
    ("registration_required", Outcome.UNCLEAR, "registration_condition"),
    ("copyright_attribution", Outcome.UNCLEAR, "attribution_condition"),
    ("free_use", Outcome.PASS, "open_terms"),
)
"""What phrases of a pack say of a record without a known licence, the strongest first."""


def told_by(pages: Iterable[Page]) -> list[Told]:
    """Return the notices of pages, each once, from the first page that bears it."""
    told = {(item.kind, item.phrase): (page, item) for page in reversed(tuple(pages)) for item in page.facts.notices}
    return [told[key] for key in sorted(told)]


def of_kind(told: Iterable[Told], kind: NoticeKind, *, verified: bool = False) -> list[Told]:
    """Return the notices of one kind, those of verified phrases only where asked."""
    return [pair for pair in told if pair[1].kind is kind and (pair[1].verified or not verified)]


def decide_restriction(told: list[Told]) -> list[Decided]:
    """Return the lines that go first wherever notices are read: a contradiction, then a restriction."""
    restricted, opened = of_kind(told, NoticeKind.RESTRICTED), of_kind(told, NoticeKind.OPEN)
    return [
        (Outcome.UNCLEAR, "contradicting_notices", [*restricted, *opened] if restricted and opened else []),
        (Outcome.FAIL, "restricted_notice", of_kind(restricted, NoticeKind.RESTRICTED, verified=True)),
        (Outcome.UNCLEAR, "restricted_unverified", restricted),
    ]


def owner_of(deciding: list[Told], *, shared: bool) -> Responsible:
    """Return who can mend notices: what the frame of a shared platform says is its owner's."""
    frame = shared and all(item.in_footer for _, item in deciding)
    return Responsible.PLATFORM_OWNER if frame else Responsible.AGENCY


def worded(stated: Licence, pack: Pack) -> tuple[Outcome, str] | None:
    """Read words that name no licence with the phrases of the pack; an unverified one decides nothing."""
    text = " ".join(filter(None, (stated.id, stated.title, stated.text))).lower()
    for meaning, outcome, reason in _MEANINGS:
        phrases = [item for found in pack.extraction.phrases(meaning).values() for item in found if item.p in text]
        if phrases:
            sure = outcome is Outcome.UNCLEAR or any(item.verified for item in phrases)
            return (outcome, reason) if sure else None
    return None
