"""What the LANG rules share: how much of a page is in a language and what it declares and promises.

No rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from checks.facts.declared import is_code
from checks.facts.language import dominant
from checks.facts.versions import reader_for
from checks.findings import Evidence
from checks.sections import Presence, Section, Version
from checks.view import Page
from config.pack import Pack

LEAST_LETTERS = 120
"""Letters of main text from which on a page is said to be in a language, where the pack names no other number."""
SHARE = 0.7
"""Share of the letters of known languages from which on a text is clearly in one."""


def letters_in(page: Page, code: str) -> int:
    """Return the letters of main text in a language."""
    return sum(item.letters for item in page.facts.main if item.language == code)


def size(version: Version) -> int:
    """Return the letters of main text of a version, none for one that is not there."""
    return version.page.facts.main_letters if version.page else 0


def is_own(version: Version) -> bool:
    """Tell whether a version is in its language."""
    return bool(version.page and dominant(version.page.facts.main) == version.language)


def is_other(version: Version, least: int) -> bool:
    """Tell whether a version is clearly in another language, of which enough was seen."""
    found = dominant(version.page.facts.main, SHARE) if version.page else None
    return bool(version.page and found and found != version.language and letters_in(version.page, found) >= least)


def is_absent(version: Version, least: int) -> bool:
    """Tell whether a version is known not to be there, or holds another language."""
    return version.presence is Presence.MISSING or is_other(version, least)


def unseen(versions: Iterable[Version]) -> str:
    """Return why the first version that was not seen was not; empty when all were."""
    return next((item.reason or "unseen" for item in versions if item.presence is Presence.UNSEEN), "")


def state(version: Version) -> str:
    """Return presence and reason of a version, or the language that its page was found to be in."""
    if version.page is None:
        return f"{version.presence.value}:{version.reason}"
    return f"detected:{dominant(version.page.facts.main) or 'mixed'}"


def cite_versions(section: Section) -> tuple[Evidence, ...]:
    """Return an excerpt of every version of a section."""
    cited = [(code, item.page) for code, item in section.versions.items() if item.page]
    return tuple(
        page.cite(f"text:main {code}", page.facts.main_excerpt)
        for code, page in cited or [("und", page) for page in section.pages]
    )


def promised(page: Page, pack: Pack) -> set[str]:
    """Return the languages that the page's address and the hreflang links to itself name."""
    sign = reader_for(pack).neutral(page.facts.url, page.scope.url).language
    own = {
        item.language for item in page.facts.language_links if item.method == "hreflang" and item.url == page.facts.url
    }
    return ({sign} if sign else set()) | (own if len(own) == 1 else set())


def declared(page: Page, pack: Pack) -> dict[str, str | None]:
    """Return the language that each declaration means, by method; None for one that stands for no language."""
    return {item.method: pack.language(item.text) for item in page.facts.declarations}


def malformed(page: Page, pack: Pack) -> list[str]:
    """Return the declarations that are no codes (ru_RU, javascript) or name a language by an alias, as written."""
    # Open Graph has a spelling of its own (ru_RU): there it is right.
    return sorted(
        f"{item.method}={item.text}"
        for item in page.facts.declarations
        if not is_code(item.text.replace("_", "-") if item.method == "og_locale" else item.text, aliases(pack))
    )


def aliases(pack: Pack) -> frozenset[str]:
    """Return the aliases of the pack's languages that look like codes and are none of theirs."""
    return _short_aliases(tuple((item.code, tuple(item.aliases)) for item in pack.languages))


@cache
def _short_aliases(languages: tuple[tuple[str, tuple[str, ...]], ...]) -> frozenset[str]:
    """Return the aliases that look like codes of two letters and are another language's, or nobody's (kz)."""
    return frozenset(alias for code, aliases in languages for alias in aliases if len(alias) == len(code))
