"""What a text is: markup, JSON, RDF, mail, a table, Markdown, YAML, or plain words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from itertools import islice

from checks.facts.files.cells import TooLongError
from checks.facts.files.dialect import Reading, dialect_of, told_of
from checks.facts.files.guess import FAINT, LIKELY, STRONG, WEAK, Guess, guess
from checks.facts.files.jsonkinds import json_kind
from checks.facts.files.markup import html_fragment, markup_kind
from checks.facts.files.textsigns import by_start, settings

_HEADER = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,40}):(?!//)")
_MAIL = frozenset(
    {
        "from", "to", "subject", "date", "received", "mime-version", "message-id", "return-path", "delivered-to",
        "content-type", "reply-to", "cc", "sender", "dkim-signature", "x-mailer", "in-reply-to", "references",
        "x-mozilla-status", "x-gmail-labels", "x-priority",
    }
)  # fmt: skip
_IRI = r"<[^<>\"{}|^`\\\s]*>"
_NT = re.compile(rf"(?:{_IRI}|_:\S+)[ \t]+{_IRI}[ \t]+(?:{_IRI}|_:\S+|\"(?:[^\"\\]|\\.)*\"(?:\^\^{_IRI}|@[\w-]+)?)"
                 rf"(?:[ \t]+({_IRI}|_:\S+))?[ \t]*\.\s*(?:#.*)?$")  # fmt: skip
_TURTLE = re.compile(
    rf"^[ \t]*(?:@prefix\s+[\w.-]*:\s*{_IRI}\s*\.|@base\s+{_IRI}\s*\.|PREFIX\s+[\w.-]*:\s*{_IRI}[ \t]*$)",
    re.MULTILINE | re.IGNORECASE,
)
_SQL = re.compile(
    r"^[ \t]*(?:CREATE\s+(?:TABLE|DATABASE|USER|SCHEMA|INDEX|EXTENSION|OR\s+REPLACE)|INSERT\s+INTO|"
    r"DROP\s+TABLE|ALTER\s+(?:TABLE|SESSION|USER)|GRANT\s+\w+)\b",
    re.MULTILINE | re.IGNORECASE,
)
_YAML_LINE = re.compile(r"\s*(?:- )*(?:[\w$./@\"'-][\w $./@\"'()-]{0,60}:(?:\s|$)|- \S|-$|#|[\]}\[{])")
_YAML_KEY = re.compile(r"\s*(?:- )*[\w$./@\"'-][\w$./@\"'-]{0,60}:(?:\s|$)")
_TABLE_LINES = 40
_MANY = 12
_EVEN = 0.95
_HEAD = 20_000
_FEW = 12
_FEW_FIT = 0.8
_MD_SIGNS = (
    ("# ", re.compile(r"^#{1,6} \S", re.MULTILINE)),
    ("```", re.compile(r"^```", re.MULTILINE)),
    ("](", re.compile(r"\[[^\[\]\n]{1,200}\]\([^()\s]{1,300}\)")),
    ("--", re.compile(r"^\|?(?:[ \t]*:?-{2,}:?[ \t]*\|)+[ \t]*(?::?-{2,}:?)?[ \t]*$", re.MULTILINE)),
    (" ", re.compile(r"^ {0,3}[*+-] \S", re.MULTILINE)),
    ("**", re.compile(r"(?<!\*)\*\*[^*\n]{1,200}\*\*(?!\*)")),
    ("`", re.compile(r"(?<!`)`[^`\n]{1,200}`(?!`)")),
    ("\n", re.compile(r"^(?:=|-){4,}[ \t]*$", re.MULTILINE)),
)
"""Signs of Markdown, each with a part that must be there and is quick to look for."""


def text_kind(text: str, *, whole: bool) -> Guess:
    """Return what a decoded text is; plain text when nothing else fits. *whole*: nothing was cut off."""
    stripped = text.lstrip("\ufeff \t\r\n")
    if not stripped:
        return guess("txt", FAINT, "text:blank")
    looks: list[Callable[[str], Guess | None]] = [by_start, _mail, _rdf, _frame, _structured]
    if stripped[0] == "<":
        looks[:0] = [_rdf, by_start, markup_kind]
    elif stripped[0] in "{[":
        looks[1:1] = [partial(json_kind, whole=whole)]
    return next((found for look in looks if (found := look(stripped))), None) or guess("txt", WEAK, "text:plain")


def _frame(text: str) -> Guess | None:
    found = html_fragment(text) if "<" in text else None
    return found if found and found.confidence > WEAK else None


def _mail(text: str) -> Guess | None:
    """Tell a mail by its header block; one with related parts is a web archive."""
    block = re.split(r"\r?\n\r?\n", text[:_HEAD], maxsplit=1)[0]
    lines = block.splitlines()
    if lines and lines[0].startswith("From ") and len(lines) > 1 and _HEADER.match(lines[1]):
        several = re.search(r"\n\r?\nFrom \S+[^\n]*\d{4}", text) is not None
        return guess("mbox" if several else "eml", STRONG, "mail:from_line")
    names = {found[1].lower() for line in lines if (found := _HEADER.match(line))}
    known = names & _MAIL
    if not lines or not _HEADER.match(lines[0]) or len(known) < 2 or len(known) < min(0.2 * len(names), 3):  # noqa: PLR2004
        return None
    if re.search(r"content-type:\s*multipart/related", block, re.IGNORECASE) and not names & {"to", "received"}:
        return guess("mhtml", STRONG, "mail:multipart_related")
    return guess("eml", STRONG, f"mail:headers {' '.join(sorted(known)[:4])}")


def _rdf(text: str) -> Guess | None:
    lines = list(islice((line.strip() for line in text[:_HEAD].splitlines() if line.strip(" \t")[:1] != "#"), 20))
    statements = lines if lines and lines[0][:1] in "<_" else []
    hits = [found for line in statements if (found := _NT.match(line))]
    if hits and len(hits) >= len(lines) - 1:
        quads = sum(bool(found[1]) for found in hits) > len(hits) / 2
        return guess("nquads" if quads else "ntriples", STRONG, "rdf:statement_per_line")
    lowered = text[:_HEAD].lower()
    if ("prefix" in lowered or "@base" in lowered) and _TURTLE.search(text[:_HEAD]):
        graph = re.search(rf"^\s*(?:GRAPH\s+)?(?:{_IRI}|[\w.-]+:[\w.-]*)\s*\{{", text[:65_536], re.MULTILINE)
        return guess("trig" if graph else "turtle", STRONG, "rdf:prefix")
    return None


def _structured(text: str) -> Guess | None:
    """Tell table, YAML, Markdown and SQL from each other and from words, the likeliest first."""
    try:
        reading = dialect_of(text, _TABLE_LINES)
    except (TooLongError, ValueError):
        reading = None
    table = _table(reading, text)
    if table and reading and reading.rows >= _MANY and reading.even >= _EVEN and table.confidence >= LIKELY:
        return table  # no other kind has so many lines that fall into the same cells
    head = text[:_HEAD]
    found = [item for item in (table, _yaml(head), _markdown(head), _sql(text), settings(text)) if item]
    return max(found, key=lambda item: item.confidence, default=None)


def _table(reading: Reading | None, text: str) -> Guess | None:
    if reading is None or reading.score <= 0 or reading.dialect.delimiter in ":~^ ":
        return None
    found = "tsv" if reading.dialect.delimiter == "\t" else "csv"
    signs = (f"table:delimiter {reading.dialect.delimiter!r}", f"table:even {reading.even:.2f}")
    if told_of(text):
        return guess(found, LIKELY, "table:sep=", *signs)
    bare = f"{reading.dialect.delimiter} " not in text[:4096]
    few = reading.rows == 2 and not bare and not reading.dialect.quote  # noqa: PLR2004 - as likely two sentences
    if reading.rows > 1 and not few and reading.even >= 0.9 and reading.typed >= 0.6:  # noqa: PLR2004
        return guess(found, LIKELY if reading.rows > 2 else 0.8, *signs)  # noqa: PLR2004
    if reading.even >= 0.6 and reading.typed >= 0.55 and (reading.rows > 4 or (reading.rows > 1 and bare)):  # noqa: PLR2004
        return guess(found, 0.7, *signs)
    one_line = reading.rows == 1 and reading.width > 2 and (bare or reading.dialect.quote)  # noqa: PLR2004
    return guess(found, 0.65, *signs) if one_line and reading.typed >= 0.6 else None  # noqa: PLR2004


def _yaml(head: str) -> Guess | None:
    lines = [line for line in head.splitlines() if line.strip()]
    marked = head.startswith(("---\n", "---\r\n", "%YAML"))
    if not marked and _fitting(lines[:_FEW]) < _FEW_FIT * len(lines[:_FEW]):
        return None
    keys = sum(bool(_YAML_KEY.match(line)) for line in lines)
    if keys and _fitting(lines) >= 0.95 * len(lines) and (keys >= 2 or marked) and keys >= 0.3 * len(lines):  # noqa: PLR2004
        return guess("yaml", STRONG if marked else 0.88, f"yaml:keys {keys} of {len(lines)} lines")
    return None


def _fitting(lines: list[str]) -> int:
    return sum(bool(_YAML_LINE.match(line)) or line.startswith(("  ", "\t")) for line in lines)


def _markdown(head: str) -> Guess | None:
    signs = [number for number, (part, sign) in enumerate(_MD_SIGNS) if part in head and sign.search(head)]
    heading = _MD_SIGNS[0][1].match(head) is not None
    if (heading and len(signs) > 1) or (len(signs) > 2 and {0, 1, 2, 3} & set(signs)):  # noqa: PLR2004
        return guess("md", 0.9, f"markdown:signs {len(signs)}")
    return guess("md", 0.65, "markdown:heading") if heading or {0, 2} <= set(signs) else None


def _sql(text: str) -> Guess | None:
    hits = len(_SQL.findall(text[:_HEAD])) if ";" in text else 0
    return guess("sql", LIKELY, "sql:statements") if hits else None
