"""Prices of information: an information product of the pack's list beside an amount of money, or said to be free.

Only what the list names counts: tariffs of utilities, customs or kindergartens are no prices of information. Product
and price stand together: in one block of text, or in one row of a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checks.facts.html import Element
from checks.facts.layout import Block
from checks.facts.letters import lowered
from checks.facts.model import PricedProduct
from checks.redact import Redactor
from config.pack import Extraction, Phrase

_MOST = 20
_LONGEST = 2000
_DEEPEST = 6
_NUMBER = re.compile(r"\d")
_AMOUNT = r"(?<![\d.,])\d[\d\s.,]{0,14}"


class PriceReader:
    """Finds prices with one pack's words: `information_products`, `currency` and `free_of_charge`."""

    def __init__(self, extraction: Extraction, redactor: Redactor) -> None:
        self._redactor = redactor
        self._products = _phrases(extraction, "information_products")
        money = "|".join(re.escape(item.p) for item in _phrases(extraction, "currency")) or "(?!)"
        self._price = re.compile(rf"{_AMOUNT}\s?(?:{money})(?!\w)|(?:{money})\s?{_AMOUNT}", re.IGNORECASE)
        self._money = re.compile(rf"(?<!\w)(?:{money})(?!\w)", re.IGNORECASE)
        self._signs = [item.p for name in ("currency", "free_of_charge") for item in _phrases(extraction, name)]
        self._free = [item.p for item in _phrases(extraction, "free_of_charge")]

    def read(self, main: list[Block]) -> tuple[PricedProduct, ...]:
        """Return the products of main text that bear a price or are said to be free, each once."""
        whole = lowered("\n".join([block.text for block in main]))
        signs = self._signs if any(digit in whole for digit in "0123456789") else self._free
        if not any(sign in whole for sign in signs) or not any(item.p in whole for item in self._products):
            return ()
        found: dict[tuple[str, bool], PricedProduct] = {}
        for text, block, tabled in _together(main):
            for item in self._named(text.lower()):
                free = self._is_free(text, tabled=tabled)
                if free is not None:
                    excerpt = self._redactor.excerpt(text)
                    product = PricedProduct(item.p, item.kind or "data", item.verified, free, excerpt, block.path)
                    found.setdefault((item.p, free), product)
        return tuple(found.values())[:_MOST]

    def _named(self, lower: str) -> Iterator[Phrase]:
        yield from (item for item in self._products if item.p in lower)

    def _is_free(self, text: str, *, tabled: str) -> bool | None:
        """Return whether a text says that it is free, or bears a price; None when it says neither."""
        lower = text.lower()
        if any(item in lower for item in self._free):
            return True
        priced = self._price.search(text) or (tabled and _NUMBER.search(text) and self._money.search(tabled))
        return False if priced else None


def _together(main: list[Block]) -> Iterator[tuple[str, Block, str]]:
    """Yield the texts that stand together: a table's row with the table's first row, or a block by itself."""
    rows: dict[Element, list[Block]] = {}
    for block in main:
        row = next((item for item in _around(block.element) if item.tag == "tr"), None)
        rows.setdefault(block.element if row is None else row, []).append(block)
    heads: dict[Element, str] = {}
    for element, blocks in rows.items():
        text = " ".join(block.text for block in blocks)[:_LONGEST]
        table = next((item for item in element.iterancestors("table")), None) if element.tag == "tr" else None
        yield text, blocks[0], "" if table is None else heads.setdefault(table, text)


def _around(element: Element) -> list[Element]:
    found = [element]
    while len(found) < _DEEPEST and (parent := found[-1].getparent()) is not None:
        found.append(parent)
    return found


def _phrases(extraction: Extraction, meaning: str) -> list[Phrase]:
    return [item for phrases in extraction.phrases(meaning).values() for item in phrases]
