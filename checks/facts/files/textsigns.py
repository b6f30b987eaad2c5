"""Texts that their beginning or a few of their lines give away: exchange formats, settings, scripts, subtitles."""

from __future__ import annotations

import re
import tomllib

from checks.facts.files.guess import CERTAIN, LIKELY, STRONG, Guess, guess

_STARTS: tuple[tuple[str, str], ...] = (
    ("{\\rtf", "rtf"),
    ("BEGIN:VCALENDAR", "ics"),
    ("BEGIN:VCARD", "vcf"),
    ("%!PS", "ps"),
    ("CHARSET=", "px"),
    ("AXIS-VERSION=", "px"),
    ("ISO-10303-21", "step"),
    ("!table", "mitab"),
    ("ID;P", "slk"),
    ("WEBVTT", "subtitles"),
    ("TY  - ", "bib"),
    ("-----BEGIN ", "pem"),
    ("ASCII SPSS PORT FILE", "por"),
    ("<?php", "php"),
    ("WARC/", "warc"),
    ("#!/", "txt"),
)
_COMMENTS = r"(?:[%#][^\n]*\n|\s)*"
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, flags), kind)
    for pattern, flags, kind in (
        (r"(?:999\r?\n[^\n]*\n)?\s*0\r?\nSECTION\r?\n", 0, "dxf"),
        (r"version\s+\d+\s+charset\s", re.IGNORECASE, "mif"),
        (r"ncols\s+\d+\s+nrows\s+\d+\s+[xy]ll", re.IGNORECASE, "asciigrid"),
        (r"(?:GEOGCS|PROJCS|GEOCCS|COMPD_CS|VERT_CS|LOCAL_CS|GEOGCRS|PROJCRS|GEODCRS|BOUNDCRS)\s*\[", 0, "prj"),
        (r"TABLE\r?\n0,1\r?\n", 0, "dif"),
        (r"\d+\r?\n\d\d:\d\d:\d\d[,.]\d{3} --> \d\d:", 0, "subtitles"),
        (r"(?:strict\s+)?(?:di)?graph\b\s*(?:\"[^\"\n]{0,80}\"|\w{0,80})\s*\{", 0, "dot"),
        (_COMMENTS + r"\\(?:documentclass|documentstyle|usepackage|begin\{|input\{|chapter\b|section\b)", 0, "tex"),
        (_COMMENTS + r"@(?:article|book|in(?:proceedings|collection)|misc|techreport)\s*\{", re.IGNORECASE, "bib"),
        (r"(?:#[^\n]*\n|\s)*msgid \"[^\n]*\r?\nmsgstr ", 0, "po"),
        (r"solid\b[^\n]*\n\s*facet normal", 0, "model3d"),
        (r"(?:[A-Z-]+(?:\[\w+\])?(?:\([^)]*\))?=(?:\"[^\"]*\"|[\w\",. ]+)+;\s*){3,}", 0, "px"),
    )
)  # fmt: skip
_PAIR = re.compile(r"[\w.\-/\\ \"'\[\]]{1,80}\s*=(?!=)")
_SECTION = re.compile(r"\[[^\[\]\n]{1,80}\]\s*$")
_TOML = 1 << 16


def by_start(text: str) -> Guess | None:
    """Return what the first characters of a text tell."""
    for start, found in _STARTS:
        if text.startswith(start):
            return guess(found, CERTAIN, f"text:begins {start.strip()}")
    head = text[:4096]
    for pattern, found in _PATTERNS:
        if pattern.match(head):
            return guess(found, LIKELY if found in ("dot", "tex") else STRONG, f"text:begins as {found}")
    return None


def settings(text: str) -> Guess | None:
    """Tell TOML and INI: lines of a name, an equals sign and a value, under names in brackets or none."""
    lines = [line.strip() for line in text[:20_000].splitlines()]
    lines = [line for line in lines if line and line[0] not in "#;!"]
    pairs = sum(bool(_PAIR.match(line)) for line in lines)
    sections = sum(bool(_SECTION.match(line)) for line in lines)
    if pairs < 1 or pairs + sections < 0.6 * len(lines):
        return None
    if len(text) <= _TOML and _is_toml(text):
        return guess("toml", 0.87, "toml:parses")
    if (sections and pairs + sections >= 0.8 * len(lines)) or (pairs > 3 and pairs == len(lines)):  # noqa: PLR2004
        return guess("ini", 0.8, f"ini:pairs {pairs}", f"ini:sections {sections}")
    return None


def _is_toml(text: str) -> bool:
    try:
        return bool(tomllib.loads(text.replace("\r\n", "\n")))
    except (tomllib.TOMLDecodeError, RecursionError):
        return False
