"""What a person said of the machine's discoveries: dated lines, confirmed or corrected, one file beside the settings.

A scope's language switch, news list, page of terms, page of open data and a body's name in a catalogue are found
without configuration. Whether something is late or missing rests on them, so a `-` from staleness or absence needs a
line here, in the settings or in the pack.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

import yaml
from pydantic import Field, model_validator

from config.base import HttpUrl, Identifier, Model, Period
from config.errors import ConfigError, FieldError
from config.places import read_yaml
from config.problems import check, lines

LEARNED_FILE = "learned.yaml"
NONE_FOUND = "none"
"""The value of a discovery that there is none: as good as any other, once a person confirms it."""
_HEAD = (
    "# Written by `odrc learn`: what people confirmed or corrected. Lines are dated; a night reads those that hold.\n"
)


class DiscoveryKind(StrEnum):
    """What is found without configuration."""

    LANGUAGE_SWITCH = "language_switch"
    NEWS_LIST = "news_list"
    TERMS_PAGE = "terms_page"
    OPEN_DATA_PAGE = "open_data_page"
    PUBLISHER = "publisher"


class Discovery(Period):
    """One line: what is so on a scope (None: on all scopes of the agency) from `valid_from` on, and who said it.

    `value` is an address, `none`, or for a publisher `portal:id`. `corrected` marks what the machine had not found.
    """

    agency: Identifier
    kind: DiscoveryKind
    value: str = Field(min_length=1)
    by: str = Field(min_length=1)
    scope: HttpUrl | None = None
    corrected: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _fits(self) -> Discovery:
        if self.kind is DiscoveryKind.PUBLISHER:
            fits, accepted = all(self.value.partition(":")[::2]), "portal:id, such as national:105"
        else:
            fits = self.value == NONE_FOUND or self.value.startswith(("http://", "https://"))
            accepted = "an address such as https://www.example.org/news, or none"
        if not fits:
            raise FieldError(f"{self.value!r} does not fit {self.kind}", at=("value",), accepted=accepted)
        return self


class Learned(Model):
    """The file's content."""

    discoveries: tuple[Discovery, ...] = ()


def read_learned(folder: Path, known_agencies: Iterable[str]) -> tuple[Discovery, ...]:
    """Return the lines of the file in *folder*, none when there is no file. Raises ConfigError naming line and key."""
    path = folder / LEARNED_FILE
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}; accepted: a file that `odrc learn` wrote") from error
    source = read_yaml(str(path), text)
    learned, errors = check(Learned, source.data)
    problems = list(lines(Learned, source, errors))
    known = sorted(set(known_agencies))
    for number, item in enumerate(learned.discoveries if learned else ()):
        if item.agency not in known:
            loc = ("discoveries", number, "agency")
            problems.append(source.problem(loc, f"unknown agency {item.agency}", ", ".join(known[:12])))
    if learned is None or problems:
        raise ConfigError("\n".join(problems))
    return learned.discoveries


def with_line(held: Iterable[Discovery], line: Discovery) -> tuple[Discovery, ...]:
    """Return the lines with a new one. A correction ends what held of the same kind and place on the day before.

    A line that says the same and holds already is not written twice.
    """
    start = line.valid_from or date.min
    found: list[Discovery] = []
    for item in held:
        same = (item.agency, item.kind, item.scope) == (line.agency, line.kind, line.scope) and item.holds(start)
        if same and item.value == line.value:
            return tuple(held)
        if same and line.corrected:
            if (item.valid_from or date.min) < start:
                found.append(item.model_copy(update={"valid_to": start - timedelta(days=1)}))
            continue  # a line of the same day never held on an earlier night
        found.append(item)
    return (*found, line)


def write_learned(folder: Path, held: Iterable[Discovery]) -> Path:
    """Put the file in place, whole or not at all. Raises ConfigError when it cannot be written."""
    path = folder / LEARNED_FILE
    plain = [item.model_dump(mode="json", exclude_defaults=True) for item in held]
    text = _HEAD + yaml.safe_dump({"discoveries": plain}, allow_unicode=True, sort_keys=False, width=100)
    draft = path.with_suffix(".yaml.new")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise ConfigError(f"{path}: cannot be written: {error.strerror}") from error
    return path
