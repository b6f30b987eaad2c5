"""XML of strangers, read without entities, network or unbounded size."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

MOST_BYTES = 32 * 1024 * 1024


class UnreadableError(ValueError):
    """Bytes that are no document of the kind asked for; `reason` is a code."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


def parse(body: bytes) -> etree._Element:
    """Return the root element, without comments and instructions.

    Raises UnreadableError: too_large, not_xml, entities.
    """
    if len(body) > MOST_BYTES:
        raise UnreadableError("too_large", f"{len(body)} bytes")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise UnreadableError("not_xml", str(error)[:200]) from error
    if root is None:
        raise UnreadableError("not_xml", "empty")
    dtd: Any = root.getroottree().docinfo.internalDTD
    if dtd is not None and next(iter(dtd.iterentities()), None) is not None:
        raise UnreadableError("entities", "the document declares entities of its own")
    return root


def local(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def namespace(element: etree._Element) -> str:
    """Return the namespace of an element, empty when it has none."""
    return str(element.tag).rpartition("}")[0].removeprefix("{")


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the child elements of a local name."""
    return (item for item in element if local(item) == name)


def at(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield the descendants along a path of local names; `*` stands for any one element."""
    if not names:
        yield element
        return
    for item in element:
        if names[0] in ("*", local(item)):
            yield from at(item, *names[1:])


def named(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield all descendants with one of the local names, in document order."""
    return element.iter(*(f"{{*}}{name}" for name in names))


def attribute(element: etree._Element, name: str) -> str:
    """Return an attribute by its local name, stripped; empty when there is none."""
    for key, value in element.attrib.items():
        if str(key).rsplit("}", 1)[-1] == name:
            return str(value).strip()
    return ""


def text(element: etree._Element) -> str:
    """Return all text below an element with white space folded."""
    return " ".join("".join(str(part) for part in element.itertext()).split())


def line(element: etree._Element) -> int:
    """Return the line an element stands on; 0 when the parser did not keep it."""
    found: Any = element.sourceline
    return int(found or 0)
