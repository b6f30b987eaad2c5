"""JSON-LD without the network: remote contexts are put in from those at hand, or named as missing.

JSON-LD 1.1, 4.1 and 9.15: a context may be an address. Fetching it is the crawl's business, never a check's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crawler.safexml import UnreadableError

_DEEPEST = 200
_MOST_CONTEXTS = 20


def localise(body: bytes, contexts: Mapping[str, bytes]) -> str:
    """Return the document with every remote context put in.

    Raises UnreadableError: not_json, remote_context, too_deep.
    """
    document = load(body)
    if not isinstance(document, dict | list):
        raise UnreadableError("not_json", "neither object nor list")
    return json.dumps(_replace(document, contexts, 0), ensure_ascii=False)


def load(body: bytes) -> Any:
    """Return any JSON document. Raises UnreadableError: not_json or too_deep."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_no_constant)
    except RecursionError as error:
        raise UnreadableError("too_deep") from error
    except ValueError as error:
        raise UnreadableError("not_json", str(error)[:200]) from error


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _replace(item: Any, contexts: Mapping[str, bytes], depth: int) -> Any:
    if depth > _DEEPEST:
        raise UnreadableError("too_deep")
    if isinstance(item, list):
        return [_replace(part, contexts, depth + 1) for part in item]
    if not isinstance(item, dict):
        return item
    return {
        key: _context(part, contexts, 0) if key == "@context" else _replace(part, contexts, depth + 1)
        for key, part in item.items()
    }


def _context(item: Any, contexts: Mapping[str, bytes], depth: int) -> Any:
    """Return a context with its remote parts put in, also those within (scoped contexts, `@import`)."""
    if depth > _MOST_CONTEXTS:
        raise UnreadableError("too_deep", "contexts that lead to contexts")
    if isinstance(item, str):
        if item not in contexts:
            raise UnreadableError("remote_context", item[:300])
        found = load(contexts[item])
        return _context(found.get("@context", {}) if isinstance(found, dict) else {}, contexts, depth + 1)
    if isinstance(item, list):
        parts = [_context(part, contexts, depth + 1) for part in item]
        return [one for part in parts for one in (part if isinstance(part, list) else [part])]
    if not isinstance(item, dict):
        return item
    base = _context(item["@import"], contexts, depth + 1) if "@import" in item else {}
    own = {key: _term(part, contexts, depth + 1) for key, part in item.items() if key != "@import"}
    return {**base, **own} if isinstance(base, dict) else own


def _term(item: Any, contexts: Mapping[str, bytes], depth: int) -> Any:
    if isinstance(item, dict) and "@context" in item:
        return {**item, "@context": _context(item["@context"], contexts, depth)}
    return item
