"""Reads JSON answers of catalogues (RFC 8259), and what is whole of one that was cut off in the middle."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import msgspec

from crawler.capture import Capture
from crawler.portals.base import UnreadableError

_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_PEEK = 4096
_DECODER = json.JSONDecoder()


class Listing(msgspec.Struct, frozen=True):
    """A list of objects in an answer, with the object around it and what was wrong with the answer, if anything."""

    entries: list[Any]
    around: dict[str, Any]
    trouble: str | None = None

    def objects(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield the entries that are objects, with their places. Raises UnreadableError at the end on trouble."""
        odd = False
        for number, entry in enumerate(self.entries):
            if isinstance(entry, dict):
                yield number, entry
            else:
                odd = True
        if self.trouble or odd:
            raise UnreadableError(self.trouble or "odd_entries")


def decoded(body: bytes, content_type: str | None) -> str:
    """Return the body as text: by its marks or as UTF-8, else by the declared character set, else with losses."""
    found = _CHARSET.search(content_type or "")
    candidates = [json.detect_encoding(body), "utf-8-sig", *([found[1]] if found else [])]
    for encoding in candidates:
        try:
            return body.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return body.decode("utf-8", "replace")


def is_markup(body: bytes) -> bool:
    """Tell whether an answer is an HTML page."""
    return bool(_HTML.match(body[:_PEEK].decode("utf-8-sig", "replace")))


@lru_cache(maxsize=4)  # an answer is asked for its records, its total and its next pages one after the other
def read_json(body: bytes, content_type: str | None) -> Any:
    """Return the value that the body holds. Raises UnreadableError."""
    if not body.strip():
        raise UnreadableError("empty")
    if is_markup(body):
        raise UnreadableError("html")
    try:
        return json.loads(decoded(body, content_type))
    except RecursionError as error:
        raise UnreadableError("nested_too_deep") from error
    except ValueError as error:
        raise UnreadableError("not_json", str(error)) from error


def read_listing(capture: Capture, body: bytes, *path: str) -> Listing:
    """Return the list that *path* leads to; when the body is cut off, the entries that came whole.

    Raises UnreadableError when there is no such list.
    """
    content_type = capture.header("content-type")
    try:
        data = read_json(body, content_type)
    except UnreadableError as error:
        if error.reason != "not_json":
            raise
        entries = _whole_entries(decoded(body, content_type), path[-1])
        if not entries:
            raise
        return Listing(entries, {}, "cut_off")
    around, found = {}, data
    for name in path:
        around = found if isinstance(found, dict) else {}
        found = around.get(name)
    if not isinstance(found, list):
        raise UnreadableError("error_body" if _is_error(data) else "no_list", ".".join(path))
    return Listing(found, around)


def _is_error(data: object) -> bool:
    """Tell whether the answer says of itself that it is an error."""
    if not isinstance(data, dict):
        return False
    return data.get("success") is False or bool(data.get("error") or data.get("errors"))


def _whole_entries(written: str, name: str) -> list[Any]:
    """Return the entries of the list called *name* that can be read before the text breaks off."""
    start = re.search(rf'"{re.escape(name)}"\s*:\s*\[', written)
    entries: list[Any] = []
    at = start.end() if start else len(written)
    while at < len(written):
        while at < len(written) and written[at] in " \t\r\n,":
            at += 1
        try:
            entry, at = _DECODER.raw_decode(written, at)
        except (ValueError, RecursionError):
            break
        entries.append(entry)
    return entries
