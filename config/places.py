"""YAML with places: plain data, and the line on which each key and item stands.

Scalars are read as in YAML 1.2, because two habits of YAML 1.1 bite in settings: `22:00` is not a number in base 60,
and `no` is a language code, not `false`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from config.errors import ConfigError
from config.yamltext import SafeLoader

Loc = tuple[str | int, ...]


@dataclass(frozen=True)
class Source:
    """One YAML text: its data, and a line number for each path of keys and item numbers."""

    name: str
    data: Any
    lines: dict[Loc, int] = field(repr=False)

    def place(self, loc: Loc, *, new_key: bool = False) -> str:
        """Return `file:line: key.path[0].key` of *loc*.

        Steps that the file does not spell out (a shorthand that was expanded) are skipped; with *new_key* the last
        step is shown all the same, at its parent's line, because it names a key that is missing.
        """
        found: Loc = ()
        for step in loc:
            if (*found, step) in self.lines:
                found = (*found, step)
        shown = (*found, loc[-1]) if new_key and found[-1:] != loc[-1:] else found
        return f"{self.name}:{self.lines[found]}: {key_path(shown)}"

    def problem(self, loc: Loc, text: str, accepted: str = "", *, new_key: bool = False) -> str:
        """Return one line that says what is wrong at *loc* and what would be accepted there."""
        line = f"{self.place(loc, new_key=new_key)}: {text}"
        return f"{line}; accepted: {accepted}" if accepted else line


def key_path(loc: Loc) -> str:
    """Return *loc* as people write it: `agencies[3].sites[0].url`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)
    return text.removeprefix(".") or "(whole file)"


def read_yaml(name: str, text: str) -> Source:
    """Read one YAML document. Broken YAML, duplicate keys and an empty file are errors with their line."""
    try:
        return _read(name, text, _Loader)
    except yaml.YAMLError:
        pass
    try:  # read again by PyYAML itself: libyaml says less of what is wrong
        return _read(name, text, _WordyLoader)
    except yaml.YAMLError as error:
        raise ConfigError(_broken(name, error)) from error


def _read(name: str, text: str, kind: type[_Loader | _WordyLoader]) -> Source:
    loader = kind(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise ConfigError(f"{name}:1: the file is empty; accepted: a mapping of keys to values")
        duplicates = [f"{name}:{line}: {path}: the key stands twice" for line, path in _duplicates(node, (), ())]
        if duplicates:
            raise ConfigError("\n".join(f"{line}; accepted: each key once" for line in duplicates))
        data = loader.construct_document(node)
    finally:
        loader.dispose()
    lines: dict[Loc, int] = {(): 1}
    lines.update(_lines(node, ()))
    return Source(name, data, lines)


class _Loader(SafeLoader):
    """The safe loader with the scalars of YAML 1.2 (dates are kept)."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rsplit(":", 1)[-1] not in {"bool", "int", "float"}]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF")
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9_]*)$"), "-+0123456789")
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"^[-+]?(?:[0-9][0-9_]*)?\.[0-9_]+(?:[eE][-+]?[0-9]+)?$|^[-+]?[0-9]+[eE][-+]?[0-9]+$"),
    "-+.0123456789",
)


class _WordyLoader(yaml.SafeLoader):
    """The same without libyaml."""

    yaml_implicit_resolvers = _Loader.yaml_implicit_resolvers


def _duplicates(node: yaml.Node, loc: Loc, above: tuple[int, ...]) -> Iterator[tuple[int, str]]:
    if id(node) in above:
        raise yaml.MarkedYAMLError(problem="an alias inside its own anchor", problem_mark=node.start_mark)
    seen: set[str] = set()
    for step, line, child in _children(node):
        merge = isinstance(node, yaml.MappingNode) and step == "<<"
        if isinstance(node, yaml.MappingNode) and not merge and str(step) in seen:
            yield line, key_path((*loc, step))
        seen.add(str(step))
        yield from _duplicates(child, (*loc, step), (*above, id(node)))


def _lines(node: yaml.Node, loc: Loc) -> Iterator[tuple[Loc, int]]:
    for step, line, child in _children(node):
        yield (*loc, step), line
        yield from _lines(child, (*loc, step))


def _children(node: yaml.Node) -> Iterator[tuple[str | int, int, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield index, item.start_mark.line + 1, item


def _broken(name: str, error: yaml.YAMLError) -> str:
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return f"{name}:1: not YAML: {' '.join(str(error).split())}"
    text = " ".join(part for part in (error.context, error.problem) if part)
    mark = error.problem_mark
    return f"{name}:{mark.line + 1}: not YAML (column {mark.column + 1}): {text}"
