from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

from checks.facts.model import FactKind
from checks.findings import Outcome, Result, SubjectKind
from checks.formats import format_readers
from checks.registry import Rule, all_rules, enabled_rules, fetch_policy, rule, trial_rules
from config import packload
from config.errors import ConfigError
from config.indicators import indicators
from config.loader import load_pack
from config.pack import Pack, RuleLine
from crawler.capture import Purpose
from crawler.platforms import platform_readers
from crawler.portals import portal_adapters
from tests.checks.lab import NIGHT, SITE, Lab
from tests.checks.plugins import distribution, put_on_path
from tests.checks.texts import RU, page, paragraphs

Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a distribution with these entry points; `code` are modules by name."""
    number = 0

    def make(groups: dict[str, dict[str, str]], code: dict[str, str] | None = None, name: str = "broken") -> None:
        nonlocal number
        number += 1
        folder = tmp_path / f"site-{number}"
        folder.mkdir()
        distribution(folder, f"odrc-plugin-{name}", groups)
        for path, text in (code or {}).items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        put_on_path(monkeypatch, folder)

    yield make
    packload._installed.cache_clear()


# Plugins that do not work.

RULE = '''"""A rule.

What it asks
    Nothing.
"""
from checks.findings import SubjectKind
from checks.registry import rule

@rule(id={id!r}, version={version}, indicators={indicators}, subject=SubjectKind.PAGE, needs=frozenset())
def ask(subject, context):
    return None
'''


def module(rule_id: str = "XX-01", version: int = 1, indicators: tuple[str, ...] = ("lang_coverage",)) -> str:
    return RULE.format(id=rule_id, version=version, indicators=indicators)


@pytest.mark.parametrize(
    ("value", "code", "message"),
    [
        ("odrc_plugin_broken", {}, r"'mine' of odrc.rules \(odrc_plugin_broken from odrc-plugin-broken\) does not load: ModuleNotFoundError"),
        ("odrc_plugin_broken", {"odrc_plugin_broken.py": "import nothing_of_the_kind"}, "'mine' of odrc.rules .*nothing_of_the_kind"),
        ("odrc_plugin_broken", {"odrc_plugin_broken.py": "1/0"}, "'mine' .* ZeroDivisionError"),
        ("odrc_plugin_broken", {"odrc_plugin_broken.py": "def f(:"}, "'mine' .* SyntaxError"),
        ("odrc_plugin_broken:gone", {"odrc_plugin_broken.py": ""}, "'mine' .* AttributeError"),
        ("odrc_plugin_broken:x", {"odrc_plugin_broken.py": "x = 3"}, "'mine' of odrc.rules is int; accepted: a rule, module or package"),
        ("odrc_plugin_broken", {"odrc_plugin_broken.py": ""}, "'mine' of odrc.rules: odrc_plugin_broken declares no rule"),
        ("odrc_plugin_broken", {"odrc_plugin_broken/__init__.py": "", "odrc_plugin_broken/a.py": "1/0"},
         r"'mine' of odrc.rules: odrc_plugin_broken.a does not load: ZeroDivisionError"),
        ("odrc_plugin_broken", {"odrc_plugin_broken.py": module("lang-1")}, "'mine' .* 'lang-1' .* wants FAMILY-NN"),
        ("odrc_plugin_broken", {"odrc_plugin_broken.py": module(version=0)}, "'mine' .* wants FAMILY-NN"),
        ("odrc_plugin_broken", {"odrc_plugin_broken.py": module().split('"""')[2]}, "'mine' .* a module docstring"),
        ("odrc_plugin_broken", {"odrc_plugin_broken.py": module("LANG-01")}, "rule LANG-01 is declared twice: plugin 'mine'"),
    ],
)  # fmt: skip
def test_a_rule_plugin_that_does_not_work_is_named(
    install: Install, value: str, code: dict[str, str], message: str
) -> None:
    install({"odrc.rules": {"mine": value}}, code)
    with pytest.raises(ConfigError, match=message):
        all_rules()


@pytest.mark.parametrize(
    ("group", "load", "message"),
    [
        ("odrc.portals", portal_adapters, "'mine' of odrc.portals is no PortalAdapter; wanted: first_requests, next_requests, records"),
        ("odrc.platforms", platform_readers, "'mine' of odrc.platforms is no PlatformReader; wanted: claims, first_requests, next_requests, page, version"),
        ("odrc.formats", format_readers, "'mine' of odrc.formats is no FormatReader; wanted: read, sniff"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["class X: pass", "X = 3", "X = None"])
def test_a_wrong_type_is_named(
    install: Install, group: str, load: Callable[[], object], message: str, kind: str
) -> None:
    install({group: {"mine": "odrc_plugin_broken:X"}}, {"odrc_plugin_broken.py": kind})
    with pytest.raises(ConfigError, match=message):
        load()


def test_two_plugins_of_one_name_are_named(install: Install) -> None:
    install({"odrc.rules": {"mine": "odrc_plugin_broken.a"}}, {"odrc_plugin_broken/a.py": module()})
    install({"odrc.rules": {"mine": "odrc_plugin_broken.b"}}, name="second")
    with pytest.raises(
        ConfigError, match=r"two plugins are named 'mine' in odrc.rules: .*\.[ab] from odrc-plugin-.* and "
    ):
        all_rules()


def test_a_pack_that_cannot_be_imported_is_named(install: Install) -> None:
    install({"odrc.packs": {"mine": "odrc_plugin_broken"}})
    with pytest.raises(ConfigError, match=r"pack mine: odrc_plugin_broken cannot be imported"):
        load_pack("mine")


def test_a_pack_that_is_wrong_is_named(install: Install) -> None:
    install(
        {"odrc.packs": {"mine": "odrc_plugin_broken"}},
        {"odrc_plugin_broken/__init__.py": "", "odrc_plugin_broken/pack.yaml": "id: 3\n"},
    )
    with pytest.raises(ConfigError, match=r"pack mine: .*pack\.yaml:1"):
        load_pack("mine")


def test_a_package_may_hold_several_rules(install: Install) -> None:
    code = {"odrc_plugin_broken/__init__.py": "", **{f"odrc_plugin_broken/r{n}.py": module(f"XX-0{n}") for n in (1, 2)}}
    code["odrc_plugin_broken/r2.py"] += (
        "\nfrom odrc_plugin_broken.r1 import ask as other\n"  # a rule used is not a rule declared
    )
    install({"odrc.rules": {"mine": "odrc_plugin_broken", "one": "odrc_plugin_broken.single:ask"}},
            code | {"odrc_plugin_broken/single.py": module("XX-09")})  # fmt: skip
    with pytest.raises(ConfigError, match="XX-09 is declared twice"):
        all_rules()


# The registry itself.


def test_rules_come_in_order_of_their_ids(install: Install) -> None:
    install({"odrc.rules": {"mine": "odrc_plugin_broken"}}, {"odrc_plugin_broken.py": module("AA-01")})
    assert list(all_rules()) == sorted(all_rules())
    assert next(iter(all_rules())) == "AA-01"


def test_the_pack_chooses_and_the_settings_leave_out(lab: Lab, pack: Pack) -> None:
    assert [item.id for item in enabled_rules(lab.settings, pack)] == sorted(item.id for item in pack.rules)
    lab.rules = {"disable": ["LIC-01"]}
    assert "LIC-01" not in {item.id for item in enabled_rules(lab.settings, pack)}


@pytest.mark.parametrize("rules", [{"disable": ["NO-99"]}, {"params": {"NO-99": {}}}])
def test_an_unknown_rule_of_the_settings_is_named(lab: Lab, pack: Pack, rules: dict[str, object]) -> None:
    lab.rules = rules
    with pytest.raises(ConfigError, match=r"unknown rule 'NO-99'; accepted: .*LANG-01"):
        enabled_rules(lab.settings, pack)


def test_an_unknown_rule_of_the_pack_is_named(lab: Lab, pack: Pack) -> None:
    with pytest.raises(ConfigError, match="unknown rule 'NO-99'"):
        enabled_rules(lab.settings, pack.model_copy(update={"rules": (RuleLine(id="NO-99"),)}))


def test_a_rule_of_an_unknown_indicator_is_named(install: Install, lab: Lab, pack: Pack) -> None:
    install({"odrc.rules": {"mine": "odrc_plugin_broken"}}, {"odrc_plugin_broken.py": module(indicators=("no_such",))})
    with pytest.raises(ConfigError, match=r"rule XX-01 names unknown indicators: no_such"):
        enabled_rules(lab.settings, pack.model_copy(update={"rules": (RuleLine(id="XX-01"),)}))


def test_the_decorator_keeps_what_it_was_given() -> None:
    here = ModuleType("odrc_test_rule", "The page.\n\nWhat it asks\n    Nothing.")
    sys.modules["odrc_test_rule"] = here
    try:

        def ask(subject: object, _context: object) -> Result:
            return Result(Outcome.PASS, str(subject))

        ask.__module__ = "odrc_test_rule"
        made = rule(
            id="WEB-001", version=3, indicators=("web_presence",), subject=SubjectKind.SCOPE,
            needs=frozenset({FactKind.PAGE, FactKind.HOST}),
        )(ask)  # fmt: skip
    finally:
        del sys.modules["odrc_test_rule"]
    assert made("x", None) == Result(Outcome.PASS, "x")
    assert made.title == "The page"
    assert made.info.needs == ("host_facts", "page_facts")
    assert (made.info.subject, made.none_found) == ("scope", "not_observed")


@pytest.mark.parametrize(
    ("needs", "purposes", "full"),
    [
        ([], {Purpose.PAGE}, {Purpose.PAGE}),
        ([FactKind.PAGE, FactKind.HISTORY], {Purpose.PAGE}, {Purpose.PAGE}),
        ([FactKind.RECORD], {Purpose.PAGE, Purpose.PORTAL}, {Purpose.PAGE, Purpose.PORTAL}),
        ([FactKind.PROBE], {Purpose.PAGE, Purpose.PROBE}, {Purpose.PAGE}),
        ([FactKind.FILE], {Purpose.PAGE, Purpose.DOCUMENT, Purpose.DISTRIBUTION}, {Purpose.PAGE}),
        ([FactKind.FILE, FactKind.BODY], {Purpose.PAGE, Purpose.DOCUMENT, Purpose.DISTRIBUTION},
         {Purpose.PAGE, Purpose.DOCUMENT, Purpose.DISTRIBUTION}),
    ],
)  # fmt: skip
def test_what_the_crawl_is_asked_for(needs: list[FactKind], purposes: set[Purpose], full: set[Purpose]) -> None:
    one = Rule("A-01", 1, (), SubjectKind.PAGE, frozenset(needs), "x", lambda *_: None, "x")
    policy = fetch_policy([one])
    assert (set(policy.purposes), set(policy.full_bodies)) == (purposes, full)
    assert not any(name in repr(policy) for name in indicators())


def test_a_night_is_given_to_every_rule(lab: Lab) -> None:
    nights: list[object] = []
    lab.crawl({SITE: page(paragraphs(RU))})
    lab.findings(
        Rule("A-01", 1, (), SubjectKind.PAGE, frozenset(), "x", lambda _s, context: nights.append(context.night), "x")
    )
    assert nights == [NIGHT]


# Versions: which counts, which is on trial.

TWO = {"odrc_plugin_broken/one.py": module("XX-01"), "odrc_plugin_broken/two.py": module("XX-01", version=2)}
IN_2026 = date(2026, 11, 16)


@pytest.fixture
def both(install: Install, pack: Pack) -> Pack:
    """A pack whose only rule is installed in two versions."""
    install({"odrc.rules": {"mine": "odrc_plugin_broken"}}, {**TWO, "odrc_plugin_broken/__init__.py": ""})
    return pack.model_copy(update={"rules": (RuleLine(id="XX-01"),)})


def chosen(lab: Lab, pack: Pack, night: date | None = IN_2026) -> tuple[list[str], list[str]]:
    counting, trial = enabled_rules(lab.settings, pack, night), trial_rules(lab.settings, pack, night)
    return [f"{one.id}@{one.version}" for one in counting], [f"{one.id}@{one.version}" for one in trial]


PINNED = {"periods": [{"id": "2026Q4", "valid_from": "2026-10-01", "valid_to": "2026-12-31", "versions": {"XX-01": 1}}]}


@pytest.mark.parametrize(
    ("rules", "night", "counting", "trial"),
    [
        ({}, IN_2026, ["XX-01@2"], []),
        ({"shadow": ["XX-01"]}, IN_2026, ["XX-01@1"], ["XX-01@2"]),
        ({"shadow": ["XX-01@2"]}, IN_2026, ["XX-01@1"], ["XX-01@2"]),
        ({"shadow": ["XX-01@1"]}, IN_2026, ["XX-01@2"], ["XX-01@1"]),
        ({"shadow": ["XX-01@1", "XX-01@2"]}, IN_2026, [], ["XX-01@2"]),
        ({"shadow": ["XX-01"], "disable": ["XX-01"]}, IN_2026, [], []),
        (PINNED, IN_2026, ["XX-01@1"], ["XX-01@2"]),
        (PINNED, date(2027, 1, 1), ["XX-01@2"], []),
        (PINNED, None, ["XX-01@2"], []),
    ],
)
def test_which_version_counts(
    lab: Lab, both: Pack, rules: dict[str, object], night: date | None, counting: list[str], trial: list[str]
) -> None:
    lab.rules = rules
    assert chosen(lab, both, night) == (counting, trial)
    assert all_rules()["XX-01"].version == 2


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"shadow": ["XX-01@7"]}, r"rules.shadow: XX-01@7 is not installed; accepted: XX-01@1, XX-01@2"),
        ({"shadow": ["NO-99"]}, "unknown rule 'NO-99'"),
        ({"periods": [{"id": "q", "versions": {"XX-01": 3}}]}, r"q pins XX-01@3, which is not installed; installed: XX-01@1"),
        ({"periods": [{"id": "q", "versions": {"NO-99": 3}}]}, "unknown rule 'NO-99'"),
    ],
)  # fmt: skip
def test_a_version_that_is_not_there_is_named(lab: Lab, both: Pack, rules: dict[str, object], message: str) -> None:
    lab.rules = rules
    with pytest.raises(ConfigError, match=message):
        enabled_rules(lab.settings, both, IN_2026)
