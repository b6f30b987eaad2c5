"""The rules: what one is, how a module declares one, and which of them a country uses.

A rule is a file of its own: a pure function under `@rule`, the module's docstring being the rule's page. Rules are
found through the entry point group `odrc.rules`; each entry names a module, or a package whose modules are searched.
"""

from __future__ import annotations

import pkgutil
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from types import ModuleType
from typing import Any

from checks.assessment import RuleInfo, Visibility
from checks.facts.model import FactKind
from checks.findings import Result, SubjectKind
from checks.versions import choose
from config import plugins
from config.errors import ConfigError
from config.loader import Loaded
from config.model import Settings
from config.pack import Pack
from config.places import Loc
from crawler.capture import Purpose
from crawler.policy import FetchPolicy

Answer = Result | Iterable[Result] | None
_ID = re.compile(r"^[A-Z]{2,8}-\d{2,3}$")
_PURPOSES: dict[FactKind, frozenset[Purpose]] = {
    FactKind.PAGE: frozenset({Purpose.PAGE}),
    FactKind.FILE: frozenset({Purpose.DOCUMENT, Purpose.DISTRIBUTION}),
    FactKind.RECORD: frozenset({Purpose.PORTAL}),
    FactKind.PROBE: frozenset({Purpose.PROBE}),
}


@dataclass(frozen=True)
class Rule:
    """A rule: a pure function of a subject and a `RuleContext`, with what the engine must know about it.

    `none_found` is the reason code for a scope that was seen and holds no subject the rule speaks of. What a rule of
    visibility `owner` finds is told to the owner and the operator and never published; no mark may rest on it.
    """

    id: str
    version: int
    indicators: tuple[str, ...]
    subject: SubjectKind
    needs: frozenset[FactKind]
    none_found: str
    function: Callable[[Any, Any], Answer]
    doc: str
    visibility: Visibility = Visibility.PUBLIC

    def __call__(self, subject: Any, context: Any) -> Answer:
        """Ask the rule about one subject."""
        return self.function(subject, context)

    @property
    def title(self) -> str:
        """The first line of the rule's page."""
        return self.doc.strip().splitlines()[0].rstrip(".")

    @property
    def info(self) -> RuleInfo:
        """The rule as `odrc rules` lists it."""
        needs = tuple(sorted(self.needs))
        return RuleInfo(
            self.id, self.version, self.indicators, self.subject.value, needs, self.title, self.visibility
        )  # fmt: skip


def rule(
    *,
    id: str,  # noqa: A002 - the field's own word
    version: int,
    indicators: tuple[str, ...],
    subject: SubjectKind,
    needs: frozenset[FactKind],
    none_found: str = "not_observed",
    visibility: Visibility = Visibility.PUBLIC,
) -> Callable[[Callable[[Any, Any], Answer]], Rule]:
    """Declare the decorated function to be a rule. Its module's docstring is the rule's page."""

    def declare(function: Callable[[Any, Any], Answer]) -> Rule:
        doc = sys.modules[function.__module__].__doc__ or ""
        if not _ID.match(id) or version < 1 or not doc.strip():
            raise ConfigError(
                f"rule {id!r} in {function.__module__}: wants FAMILY-NN, a version and a module docstring"
            )
        if visibility is not Visibility.PUBLIC and indicators:
            raise ConfigError(f"rule {id!r}: what is not published cannot serve an indicator")
        return Rule(id, version, indicators, subject, needs, none_found, function, doc, visibility)

    return declare


def all_rules() -> dict[str, Rule]:
    """Return every installed rule by id, in its newest version. Raises ConfigError as `installed_rules` does."""
    return {name: versions[max(versions)] for name, versions in installed_rules().items()}


def installed_rules() -> dict[str, dict[int, Rule]]:
    """Return every installed rule by id and version: a new version may stand beside the one that counts.

    Raises ConfigError for a plugin that does not load, or a version that is there twice.
    """
    found: dict[str, dict[int, Rule]] = {}
    for name, plugin in plugins.load("odrc.rules").items():
        for item in _rules_in(name, plugin):
            versions = found.setdefault(item.id, {})
            if item.version in versions:
                raise ConfigError(f"rule {item.id} is declared twice: plugin {name!r} and an earlier one")
            versions[item.version] = item
    return dict(sorted(found.items()))


def _rules_in(name: str, plugin: Any) -> list[Rule]:
    if isinstance(plugin, Rule):
        return [plugin]
    if not isinstance(plugin, ModuleType):
        raise ConfigError(
            f"plugin {name!r} of odrc.rules is {type(plugin).__name__}; accepted: a rule, module or package"
        )
    modules = [plugin]
    if hasattr(plugin, "__path__"):
        modules += [
            _submodule(name, f"{plugin.__name__}.{item.name}") for item in pkgutil.iter_modules(plugin.__path__)
        ]
    own = [(module, value) for module in modules for value in vars(module).values()]
    found = [value for module, value in own if isinstance(value, Rule) and value.function.__module__ == module.__name__]
    if not found:
        raise ConfigError(f"plugin {name!r} of odrc.rules: {plugin.__name__} declares no rule")
    return found


def _submodule(name: str, path: str) -> ModuleType:
    try:
        return import_module(path)
    except Exception as error:
        raise ConfigError(
            f"plugin {name!r} of odrc.rules: {path} does not load: {type(error).__name__}: {error}"
        ) from error


def rules_of(loaded: Loaded, night: date | None = None) -> tuple[Rule, ...]:
    """Return the rules that count on *night*; an unknown rule id of the settings is told with file, line and key."""
    known = all_rules()
    choice = loaded.settings.rules
    named: list[tuple[Loc, str]] = [
        (("rules", "disable", index), rule_id) for index, rule_id in enumerate(choice.disable)
    ]
    named += [(("rules", "params", rule_id), rule_id) for rule_id in choice.params]
    named += [(("rules", "shadow", index), text.partition("@")[0]) for index, text in enumerate(choice.shadow)]
    named += [
        (("rules", "periods", index, "versions", rule_id), rule_id)
        for index, period in enumerate(choice.periods)
        for rule_id in period.versions
    ]
    for loc, rule_id in named:
        if rule_id not in known:
            raise loaded.problem(loc, f"unknown rule {rule_id!r}", ", ".join(known))
    return enabled_rules(loaded.settings, loaded.pack, night)


def enabled_rules(settings: Settings, pack: Pack, night: date | None = None) -> tuple[Rule, ...]:
    """Return the rules that count on *night*: those the pack lists and the settings neither disable nor try out.

    Of a rule in several versions the newest counts that is not on trial, or the one that the night's period pins.
    Raises ConfigError for a rule, version or indicator that does not exist, naming those that do.
    """
    return choose(installed_rules(), settings, pack, night).counting


def trial_rules(settings: Settings, pack: Pack, night: date | None = None) -> tuple[Rule, ...]:
    """Return the rules on trial: those in `rules.shadow`, and newer versions than the night's period pins."""
    return choose(installed_rules(), settings, pack, night).trial


def fetch_policy(rules: Iterable[Rule]) -> FetchPolicy:
    """Return what the crawl must bring for *rules*; it learns purposes, never indicators."""
    needs = {need for item in rules for need in item.needs}
    wanted = {purpose for need in needs for purpose in _PURPOSES.get(need, ())} | {Purpose.PAGE}
    full = wanted if FactKind.BODY in needs else {Purpose.PAGE, Purpose.PORTAL}
    return FetchPolicy(frozenset(wanted), frozenset(full & wanted))
