"""Reads an operator's settings file: everything is checked before anything is started.

Every problem is one line, `file:line: key.path[0].key: what is wrong; accepted: what would be`, and all problems of
the file are reported at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from config.crossrefs import settings_issues
from config.discoveries import Discovery, read_learned
from config.errors import ConfigError
from config.model import Settings
from config.pack import Pack
from config.packload import load_pack, pack_ids
from config.places import Loc, Source, read_yaml
from config.problems import check, lines
from config.profiles import profiles_digest

__all__ = ["Loaded", "load", "load_pack", "pack_ids"]

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_OFFICE = ("people", "contests", "periods", "signing", "alerts")
_WHEN_AND_WHERE = ("workspace", "schedule", "ledger")
NOT_OF_A_NIGHT: dict[str, Any] = {"crawl": {"proxy", "usual"}, **dict.fromkeys((*_WHEN_AND_WHERE, *_OFFICE), True)}
_MAY_HOLD_SECRETS: frozenset[Loc] = frozenset({("crawl", "proxy"), ("ledger",), ("alerts", "recipients", "to")})


@dataclass(frozen=True)
class Loaded:
    """Settings and pack, ready for use, with the digests that a run keeps as its snapshot.

    `source` tells later rooms the place of a key, for what only they can check (the ids of rules, for one). `learned`
    are the lines of the file beside the settings; they stand among the settings' discoveries too.
    """

    settings: Settings
    pack: Pack
    digest: str
    pack_digest: str
    extraction_digest: str
    path: Path
    source: Source = field(repr=False, compare=False)
    learned: tuple[Discovery, ...] = ()

    def problem(self, loc: Loc, text: str, accepted: str = "") -> ConfigError:
        """Return an error about the key at *loc*, such as `("rules", "disable", 0)`, worded like the loader's own."""
        return ConfigError(self.source.problem(loc, text, accepted))


def load(path: Path) -> Loaded:
    """Read the settings file at *path* and its pack. Raises ConfigError with every problem and its place."""
    source = read_yaml(str(path), _text(path))
    problems: list[str] = []
    data = _expand(source, source.data, (), problems)
    pack = _pack(source, path.parent, problems)
    settings, errors = check(Settings, data)
    problems += lines(Settings, source, errors)
    if settings is not None:
        problems += [source.problem(item.loc, item.text, item.accepted) for item in settings_issues(settings, pack)]
    if settings is None or pack is None or problems:
        raise ConfigError("\n".join(problems))
    learned = read_learned(path.absolute().parent, [item.id for item in (*settings.agencies, *pack.agencies)])
    settings = settings.model_copy(update={"discoveries": (*settings.discoveries, *learned)})
    return Loaded(
        settings=settings.model_copy(update={"workspace": _absolute(path, settings.workspace)}),
        pack=pack,
        digest=settings_digest(settings),
        pack_digest=digest_of(pack.model_dump(mode="json")),
        extraction_digest=extraction_digest(pack),
        path=path.absolute(),
        source=source,
        learned=learned,
    )


def settings_digest(settings: Settings) -> str:
    """Return the SHA-256 of what shapes a night: neither the workspace's place nor the proxy nor the office does."""
    return digest_of(settings.model_dump(mode="json", exclude=NOT_OF_A_NIGHT))


def extraction_digest(pack: Pack) -> str:
    """Return the SHA-256 of all that changes what is read from bytes: words and months, and how languages are told."""
    telling = {"code", "names", "aliases", "letters", "script", "profiles", "neighbours"}
    languages = [item.model_dump(mode="json", include=telling) for item in pack.languages]
    extraction = pack.extraction.model_dump(mode="json")
    return digest_of({"extraction": extraction, "languages": languages, "profiles": profiles_digest()})


def digest_of(plain: Any) -> str:
    """Return the SHA-256 of *plain* data as canonical JSON."""
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _text(path: Path) -> str:
    hint = "accepted: the path of a settings file; `odrc init` writes one"
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ConfigError(f"{path}: no such file; {hint}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 text (byte {error.start}); {hint}") from None
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}; {hint}") from None


def _expand(source: Source, value: Any, loc: Loc, problems: list[str]) -> Any:
    """Return *value* with `${NAME}` read from the environment where a secret may stand; elsewhere it is an error."""
    if isinstance(value, dict):
        return {key: _expand(source, item, (*loc, str(key)), problems) for key, item in value.items()}
    if isinstance(value, list):
        return [_expand(source, item, (*loc, index), problems) for index, item in enumerate(value)]
    names = _VARIABLE.findall(value) if isinstance(value, str) else []
    if names and tuple(step for step in loc if isinstance(step, str)) not in _MAY_HOLD_SECRETS:
        allowed = ", ".join(".".join(map(str, item)) for item in sorted(_MAY_HOLD_SECRETS))
        problems.append(
            source.problem(loc, "environment variables are not read here", f"plain text; ${{NAME}} in {allowed}")
        )
        return value
    missing = [name for name in names if name not in os.environ]
    problems += [
        source.problem(loc, f"environment variable {name} is not set", f"a value for {name} in the environment")
        for name in missing
    ]
    return value if missing or not names else _VARIABLE.sub(lambda match: os.environ[match[1]], value)


def _pack(source: Source, folder: Path, problems: list[str]) -> Pack | None:
    """Return the pack that the settings name, or None (a missing or odd `pack` is told by the model)."""
    name = source.data.get("pack") if isinstance(source.data, dict) else None
    if not isinstance(name, str):
        return None
    try:
        return load_pack(name, folder)
    except ConfigError as error:
        problems += [f"{source.place(('pack',))}: {line}" for line in str(error).splitlines()]
        return None


def _absolute(path: Path, workspace: Path) -> Path:
    """Return *workspace* as seen from the folder of the settings file."""
    return (path.absolute().parent / workspace.expanduser()).resolve()
