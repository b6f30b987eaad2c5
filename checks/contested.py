"""Contested marks as test cases: archived captures, what a rule said of them, and that it was wrong.

A case is a folder with `case.json` and `captures.wacz`. `replay` judges the captures again, with today's rules and the
pack, and tells which of the wrong answers are given again.
"""

from __future__ import annotations

import shutil
import zipfile
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import msgspec

from checks.findings import Outcome, SubjectRef
from checks.night import assess
from config.errors import ConfigError
from config.model import Settings
from config.pack import Pack
from crawler.archive.layout import Layout
from crawler.archive.recovery import rebuild

CASE, CAPTURES = "case.json", "captures.wacz"
_RUN = "contested"


class Cited(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A capture that the answer rested on: its id, its address, the SHA-256 of the decoded body."""

    capture: str
    url: str
    sha256: str | None


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule said of a subject, which was wrong."""

    finding: str
    rule: str
    version: int
    subject: SubjectRef
    outcome: Outcome
    reason: str
    captures: tuple[Cited, ...]


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A contested mark. `said` is what it was, `mark` what stands there now (None: no mark); `text` says why.

    `agency` is the entry of the settings that the captures belong to; `replayed` tells whether the wrong answers were
    given again when the case was made: else the captures alone do not show the error.
    """

    format: Literal[1]
    contest: str
    decided: date
    text: str
    pack: str
    night: date
    agency: dict[str, Any]
    indicator: str
    profile: str
    said: Literal["+", "-", "0"] | None
    mark: Literal["+", "-", "0"] | None
    wrong: tuple[Answer, ...]
    replayed: bool


def read_case(folder: Path) -> Case:
    """Return the case in *folder*. Raises ConfigError when it cannot be read."""
    try:
        return msgspec.json.decode((folder / CASE).read_bytes(), type=Case)
    except OSError as error:
        raise ConfigError(f"{folder / CASE}: cannot be read: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise ConfigError(f"{folder / CASE}: no case: {error}") from None


def replay(case: Case, captures: Path, pack: Pack) -> tuple[Answer, ...]:
    """Judge the *captures* (a WACZ) of a case again and return the wrong answers that are given again.

    An answer is the same when a rule of that id gives that outcome about that subject, whatever its version.
    """
    with TemporaryDirectory() as folder:
        workspace = Path(folder)
        _unpack(captures, workspace, case.night)
        settings = _settings(case, workspace)
        found = assess(settings, pack, case.night, write_history=False).findings
    given = {(item.rule, item.subject.kind, item.subject.id, item.outcome) for item in found}
    return tuple(item for item in case.wrong if (item.rule, item.subject.kind, item.subject.id, item.outcome) in given)


def _unpack(captures: Path, workspace: Path, night: date) -> None:
    layout = Layout(workspace)
    with zipfile.ZipFile(captures) as packed:
        names = [name for name in packed.namelist() if name.startswith("archive/")]
        for number, name in enumerate(names, 1):
            path = layout.path(layout.name(night, _RUN, number))
            path.parent.mkdir(parents=True, exist_ok=True)
            with packed.open(name) as source, path.open("wb") as target:
                shutil.copyfileobj(source, target)
    layout.root.mkdir(parents=True, exist_ok=True)
    rebuild(workspace)


def _settings(case: Case, workspace: Path) -> Settings:
    operator = {"name": "test case", "contact": "test@example.org", "about_url": "https://example.org/"}
    return Settings.model_validate(
        {"pack": case.pack, "workspace": workspace, "operator": operator, "agencies": [case.agency]}
    )
