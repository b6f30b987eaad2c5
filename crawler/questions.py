"""What a scope's exhaustion is asked for: which addresses a question needs, and whether all of them could be seen."""

from __future__ import annotations

from dataclasses import dataclass, field

MENU, SECTIONS, SITEMAP = "menu", "sections", "sitemap"


@dataclass
class _Needs:
    """The addresses that one question needs: those not answered yet, and those that failed."""

    open: set[int] = field(default_factory=set)
    lost: set[int] = field(default_factory=set)

    @property
    def met(self) -> bool:
        return not self.open and not self.lost


class Questions:
    """The questions of one scope. Nothing is met before a start page was seen."""

    def __init__(self) -> None:
        self.starts: set[int] = set()
        self.started = False
        self.unread = False
        """Whether a page that was answered could not be read: what it names is not known."""
        self._needs = {name: _Needs() for name in (MENU, SECTIONS, SITEMAP)}
        self._documents = self._seen_documents = 0

    def want(self, question: str, mark: int, *, lost: bool = False) -> None:
        """Note that *question* needs an address that was not answered yet, or was asked and is *lost*."""
        needs = self._needs[question]
        (needs.lost if lost else needs.open).add(mark)

    def document(self) -> None:
        """Note a document that is known, asked for or not."""
        self._documents += 1

    def settled(self, mark: int, *, seen: bool, document: bool) -> None:
        """Note how an address ended: seen (a page that is gone is seen too), or not."""
        self._seen_documents += seen and document
        self.started = self.started or (seen and mark in self.starts)
        for needs in self._needs.values():
            if mark in needs.open:
                needs.open.discard(mark)
                if not seen:
                    needs.lost.add(mark)

    def leave_unread(self, mark: int) -> None:
        """Note that a page was answered and could not be read."""
        self.unread = True
        self._needs[MENU if mark in self.starts else SECTIONS].lost.add(mark)

    def exhausted(self) -> dict[str, bool]:
        """Return per question whether all it needs was seen."""
        menu = self.started and self._needs[MENU].met
        sections = menu and self._needs[SECTIONS].met
        data = sections and self._seen_documents >= self._documents
        return {MENU: menu, SECTIONS: sections, SITEMAP: self._needs[SITEMAP].met, "data": data}
