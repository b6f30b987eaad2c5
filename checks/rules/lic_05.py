"""Information of public bodies is given free of charge.

What it asks
    Of every page that names an information product of the pack's list (statistics, maps, weather, cadastre): does it
    ask money for it, or say that it is free?

Why
    Data that must be paid for is read by those who can pay. Enterprises under a ministry often sell what the ministry
    was paid to collect.

Outcomes
    pass: the page says that the product is free.
    fail: it bears a price, and the pack holds the product verified.
    unclear: it bears a price, but nobody verified the product; the price is one of copies or certificates.
    not_observed: no page named a product with a price or as free.

Traps
    Tariffs of utilities, customs and kindergartens are no prices of information: only listed products count. A price
    stands beside its product, in one paragraph or one row. Paid content is never tested.

Law
    Criterion of the assessment of 2014. No duty of law is stated here.
"""

from __future__ import annotations

from checks.context import RuleContext
from checks.facts.model import FactKind, PricedProduct
from checks.findings import Outcome, Result, SubjectKind
from checks.registry import rule
from checks.view import Page


@rule(
    id="LIC-05", version=1, indicators=("paid_information",), subject=SubjectKind.PAGE,
    needs=frozenset({FactKind.PAGE}), none_found="no_price_seen",
)  # fmt: skip
def information_is_free(page: Page, _context: RuleContext) -> Result | None:
    """Judge one page; one that names no product with a price or as free says nothing."""
    found = page.facts.prices
    data = [item for item in found if not item.free and item.kind == "data"]
    lines: tuple[tuple[Outcome, str, list[PricedProduct]], ...] = (
        (Outcome.FAIL, "information_priced", [item for item in data if item.verified]),
        (Outcome.UNCLEAR, "price_unverified", data),
        (Outcome.UNCLEAR, "price_of_copies", [item for item in found if not item.free]),
        (Outcome.PASS, "information_free", list(found)),
    )
    decided = next((line for line in lines if line[2]), None)
    if decided is None:
        return None
    outcome, reason, deciding = decided
    evidence = tuple(page.cite(item.locator, item.excerpt) for item in deciding)
    return Result(outcome, reason, {"products": sorted({item.product for item in deciding})}, evidence)
