from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from config.errors import ConfigError
from config.loader import load
from config.model import Settings

Problems = Callable[..., list[str]]
Write = Callable[..., Path]

AGENCIES = """\
agencies:
  - id: one
    names: {en: One}
    sites: [https://one.example.org/]
"""


def test_a_right_file_is_loaded_with_its_pack_and_digests(settings_file: Write) -> None:
    loaded = load(settings_file(AGENCIES))

    assert loaded.settings.agencies[0].name("en", date(2026, 1, 1)) == "One"
    assert loaded.settings.workspace == loaded.path.parent / "workspace"
    assert loaded.pack.id == "kz"
    digests = {loaded.digest, loaded.pack_digest, loaded.extraction_digest}
    assert len(digests) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", item) for item in digests)


def test_the_digest_follows_what_is_asked_and_not_where_it_lies(settings_file: Write) -> None:
    first = load(settings_file(AGENCIES)).digest
    moved = load(settings_file(AGENCIES, _head("workspace: ./workspace", "workspace: ./elsewhere"))).digest
    slower = load(settings_file(AGENCIES + "crawl: {delay: 5}\n")).digest

    assert first == moved
    assert first != slower


def test_an_absolute_workspace_stays(settings_file: Write, tmp_path: Path) -> None:
    head = _head("workspace: ./workspace", f"workspace: {tmp_path / 'far'}")
    assert load(settings_file(AGENCIES, head)).settings.workspace == tmp_path / "far"


def test_later_rooms_can_name_places_too(settings_file: Write) -> None:
    loaded = load(settings_file(AGENCIES + "rules:\n  disable: [LANG-01, LANG-99]\n"))
    error = loaded.problem(("rules", "disable", 1), "unknown rule LANG-99", "LANG-01")
    assert str(error).endswith("odrc.yaml:12: rules.disable[1]: unknown rule LANG-99; accepted: LANG-01")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml: no such file; accepted: .*odrc init"):
        load(tmp_path / "nowhere.yaml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: Is a directory"):
        load(tmp_path)


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "odrc.yaml"
    path.write_bytes(b"pack: \xff\xfe")
    with pytest.raises(ConfigError, match=r"odrc\.yaml: not UTF-8 text \(byte 6\)"):
        load(path)


CASES = [
    pytest.param(
        AGENCIES + "crawl:\n  delai: 3\n",
        "odrc.yaml:12: crawl.delai: unknown key (did you mean delay?); accepted: pages_per_site, records_per_portal",
        id="unknown key, with the nearest",
    ),
    pytest.param(
        AGENCIES + "sauce: 3\n",
        "odrc.yaml:11: sauce: unknown key; accepted: pack, workspace, operator, agencies, portals",
        id="unknown key at the top",
    ),
    pytest.param(
        AGENCIES.replace("    sites:", "    site:"),
        "odrc.yaml:10: agencies[0].site: unknown key (did you mean sites?); accepted: ",
        id="unknown key of an agency",
    ),
    pytest.param(
        AGENCIES + "crawl:\n  delay: soon\n",
        "odrc.yaml:12: crawl.delay: 'soon' does not fit; accepted: a number",
        id="wrong type: number",
    ),
    pytest.param(
        AGENCIES + "crawl:\n  retries: 9\n",
        "odrc.yaml:12: crawl.retries: 9 does not fit; accepted: less than or equal to 5",
        id="out of range",
    ),
    pytest.param(
        AGENCIES + "crawl: fast\n",
        "odrc.yaml:11: crawl: 'fast' is not a mapping; accepted: a mapping with pages_per_site, records_per_portal",
        id="wrong type: mapping",
    ),
    pytest.param(
        AGENCIES + "portals: data.egov.kz\n",
        "odrc.yaml:11: portals: 'data.egov.kz' does not fit; accepted: a list",
        id="wrong type: list",
    ),
    pytest.param(
        AGENCIES.replace("id: one", "id: 124"),
        "odrc.yaml:8: agencies[0].id: 124 does not fit; accepted: text; put quotes around",
        id="wrong type: number for text",
    ),
    pytest.param(
        AGENCIES.replace("id: one", "id: One!"),
        "odrc.yaml:8: agencies[0].id: 'One!' does not fit; accepted: 1 to 64 of a-z",
        id="odd id",
    ),
    pytest.param(
        AGENCIES.replace(
            "[https://one.example.org/]", "\n      - url: https://one.example.org/\n        valid_to: soon"
        ),
        "odrc.yaml:12: agencies[0].sites[0].valid_to: 'soon' does not fit; accepted: a date such as 2026-11-23",
        id="wrong type: date",
    ),
    pytest.param(
        AGENCIES.replace("https://one.example.org/", "one.example.org"),
        "odrc.yaml:10: agencies[0].sites[0]: not an absolute http(s) URL: 'one.example.org'; accepted: an address such",
        id="bad URL, shorthand",
    ),
    pytest.param(
        AGENCIES.replace("[https://one.example.org/]", "\n      - {url: 'ftp://one.example.org/'}"),
        "odrc.yaml:11: agencies[0].sites[0].url: not an absolute http(s) URL: 'ftp://one.example.org/'; accepted: ",
        id="bad URL, full",
    ),
    pytest.param(
        AGENCIES + "publish: {captures: all}\n",
        "odrc.yaml:11: publish.captures: 'all' is not known; accepted: 'none', 'excerpt' or 'full'",
        id="bad enum value",
    ),
    pytest.param(
        "portals: []\n",
        "odrc.yaml:1: agencies: required key is missing; accepted: a list",
        id="missing required key at the top",
    ),
    pytest.param(
        AGENCIES.replace("  - id: one\n    names", "  - names"),
        "odrc.yaml:8: agencies[0].id: required key is missing; accepted: text",
        id="missing required key below",
    ),
    pytest.param(
        "agencies: []\n",
        "odrc.yaml:7: agencies: [] does not fit; accepted: a list with at least one entry",
        id="empty agencies",
    ),
    pytest.param(
        """\
        agencies:
          - id: one
            names:
              - {names: {en: Old}, valid_to: 2020-06-01}
              - {names: {en: New}, valid_from: 2020-06-01}
            sites: [https://one.example.org/]
        """,
        "odrc.yaml:11: agencies[0].names[1]: the period of this name overlaps that of names[0]; accepted: one name a",
        id="overlapping name periods",
    ),
    pytest.param(
        AGENCIES.replace("    sites:", "    valid_from: 2020-01-02\n    valid_to: 2020-01-01\n    sites:"),
        "odrc.yaml:11: agencies[0].valid_to: valid_to 2020-01-01 lies before valid_from 2020-01-02; accepted: 2020-01",
        id="valid_to before valid_from",
    ),
    pytest.param(
        AGENCIES + "  - id: one\n    names: {en: Again}\n    sites: [https://two.example.org/]\n",
        "odrc.yaml:11: agencies[1].id: one is already the id of agencies[0]; accepted: an id of its own",
        id="duplicate agency ids",
    ),
    pytest.param(
        AGENCIES
        + "portals:\n  - {id: data, kind: ckan, url: https://d.example.org}\n"
        + "  - {id: data, kind: ckan, url: https://e.example.org}\n",
        "odrc.yaml:13: portals[1].id: data is already the id of portals[0]; accepted: an id of its own",
        id="duplicate portal ids",
    ),
    pytest.param(
        AGENCIES + "    successors: [onne]\n",
        "odrc.yaml:11: agencies[0].successors[0]: unknown agency onne (did you mean one?); accepted: ",
        id="unknown successor",
    ),
    pytest.param(
        AGENCIES + "    predecessors:\n      - one\n",
        "odrc.yaml:12: agencies[0].predecessors[0]: one names itself; accepted: the id of another agency",
        id="its own predecessor",
    ),
    pytest.param(
        AGENCIES + "    publishers:\n      - {portal: data-egof, id: '7'}\n",
        "odrc.yaml:12: agencies[0].publishers[0].portal: unknown portal data-egof (did you mean data-egov?); accepted",
        id="unknown publisher portal",
    ),
    pytest.param(
        AGENCIES + "    publishers:\n      - {portal: data-egov}\n",
        "odrc.yaml:12: agencies[0].publishers[0]: both or neither of id and name given; accepted: either id or name",
        id="publisher without a name",
    ),
    pytest.param(
        AGENCIES + "portals:\n  - {id: data, kind: ckan, url: https://d.example.org, owner: nobody}\n",
        "odrc.yaml:12: portals[0].owner: unknown agency nobody; accepted: ",
        id="unknown portal owner",
    ),
    pytest.param(
        "agencies:\n  - id: one\n    names: {en: One}\n",
        "odrc.yaml:8: agencies[0]: empty site list: there is nothing to look at for one; accepted: at least one",
        id="no sites",
    ),
    pytest.param(
        AGENCIES + "  - id: two\n    names: {en: Two}\n    sites: [http://www.one.example.org]\n",
        "odrc.yaml:13: agencies[1].sites[0]: http://www.one.example.org/ already belongs to one on the same days;",
        id="one scope of two agencies",
    ),
    pytest.param(
        AGENCIES + "profile: assessment_2041\n",
        "odrc.yaml:11: profile: unknown profile assessment_2041 (did you mean assessment_2014?); accepted: assessment",
        id="unknown profile",
    ),
    pytest.param(
        AGENCIES
        + "    duties:\n      - {id: d, law: L, article: A, verified: true, indicators: [open_licence, licence]}\n",
        "odrc.yaml:12: agencies[0].duties[0].indicators[1]: unknown indicator licence (did you mean open_licence?)",
        id="unknown indicator of a duty",
    ),
    pytest.param(
        AGENCIES + "    delegated_services:\n      - {indicator: feedback, url: https://f.example.org}\n",
        "odrc.yaml:12: agencies[0].delegated_services[0].indicator: unknown indicator feedback",
        id="unknown indicator of a delegated service",
    ),
    pytest.param(
        AGENCIES + "crawl: {control_probes: [https://www.one.example.org/robots.txt]}\n",
        "odrc.yaml:11: crawl.control_probes[0]: one.example.org is a host of one; accepted: a host of nobody assessed",
        id="control probe of an agency",
    ),
    pytest.param(
        AGENCIES + "portals: [{id: p, kind: ckan, url: https://p.example.org, expect: {pages: 3}}]\n",
        "odrc.yaml:11: portals[0].expect.pages: a portal is counted in records; accepted: records and drop",
        id="pages of a portal",
    ),
    pytest.param(
        AGENCIES + "    probes:\n      - {indicator: broadcast, url: https://f.example.org}\n",
        "odrc.yaml:12: agencies[0].probes[0].indicator: unknown indicator broadcast (did you mean broadcast_live?)",
        id="unknown indicator of a probe",
    ),
    pytest.param(
        AGENCIES.replace("{en: One}", "{kz: Бір}"),
        "odrc.yaml:9: agencies[0].names.kz: kz is an alias of kk; accepted: kk",
        id="a language by its alias",
    ),
    pytest.param(
        AGENCIES + "crawl:\n  vantage: ${HOME}\n",
        "odrc.yaml:12: crawl.vantage: environment variables are not read here; accepted: plain text; ${NAME} in alerts",
        id="a variable where none is read",
    ),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_a_problem_names_its_place_and_what_is_accepted(problems: Problems, text: str, expected: str) -> None:
    (line,) = problems(text)
    assert line.startswith(expected)


BROKEN = [
    pytest.param("", "odrc.yaml:1: the file is empty; accepted: a mapping", id="empty file"),
    pytest.param("# only a comment\n", "odrc.yaml:1: the file is empty; accepted: a mapping", id="only a comment"),
    pytest.param("pack: [kz\n", "odrc.yaml:2: not YAML (column 1): ", id="not YAML"),
    pytest.param("a:\n\tb: 1\n", "odrc.yaml:2: not YAML (column 1): ", id="a tabulator"),
    pytest.param(
        "a: 1\nb:\n  c: 2\n  c: 3\n", "odrc.yaml:4: b.c: the key stands twice; accepted: each key once", id="twice"
    ),
    pytest.param("- a\n- b\n", "odrc.yaml:1: (whole file): ['a', 'b'] is not a mapping; accepted: ", id="a list"),
    pytest.param("a: !!python/object:os.system x\n", "odrc.yaml:1: not YAML (column 4): could not", id="a tag"),
    pytest.param(
        "a: &x [*x]\n", "odrc.yaml:1: not YAML (column 4): an alias inside its own anchor", id="an endless alias"
    ),
]


@pytest.mark.parametrize(("text", "expected"), BROKEN)
def test_a_file_that_is_no_settings_file(problems: Problems, text: str, expected: str) -> None:
    assert problems(text, head="")[0].startswith(expected)


def test_all_problems_are_told_at_once(problems: Problems) -> None:
    head = "pack: qq\nworkspace: ./w\noperator: {name: X}\n"
    assert [line.split(": ")[1] for line in problems("agencies: []\ncolour: red\n", head)] == [
        "pack",
        "operator.contact",
        "operator.about_url",
        "agencies",
        "colour",
    ]


def test_an_unknown_pack_lists_the_known(problems: Problems) -> None:
    (line,) = problems(AGENCIES, _head("pack: kz", "pack: kk"))
    assert line == "odrc.yaml:1: pack: unknown pack kk; accepted: kz, or a folder such as ./mypack"


@pytest.mark.parametrize(
    "ground",
    [
        "publishers: [{portal: data-egov, id: '7'}]",
        "successors: [ministry-trade]",
        "valid_to: 2020-01-01",
    ],
)
def test_an_agency_may_lack_a_site_on_good_grounds(settings_file: Write, ground: str) -> None:
    loaded = load(settings_file(f"agencies:\n  - id: one\n    names: {{en: One}}\n    {ground}\n"))
    assert loaded.settings.agencies[0].sites == ()


def test_a_scope_may_change_hands(settings_file: Write) -> None:
    text = """\
    agencies:
      - id: one
        names: {en: One}
        sites: [{url: https://a.example.org, valid_to: 2020-12-31}]
      - id: two
        names: {en: Two}
        sites: [{url: https://a.example.org, valid_from: 2021-01-01}]
    """
    assert len(load(settings_file(text)).settings.agencies) == 2


def test_a_scope_of_a_body_that_is_gone_is_free(settings_file: Write) -> None:
    text = """\
    agencies:
      - id: one
        names: {en: One}
        valid_to: 2020-12-31
        sites: [https://a.example.org]
      - id: two
        names: {en: Two}
        valid_from: 2021-01-01
        sites: [https://a.example.org]
    """
    assert len(load(settings_file(text)).settings.agencies) == 2


def test_hours_are_hours_and_no_is_a_word(settings_file: Write) -> None:
    text = AGENCIES.replace("{en: One}", "{no: En, en: One}") + "crawl:\n  window: {start: 22:00, end: 06:00}\n"
    settings = load(settings_file(text)).settings

    assert settings.agencies[0].names[0].names == {"no": "En", "en": "One"}
    assert settings.crawl.window is not None
    assert settings.crawl.window.start.hour == 22


def test_anchors_and_merges_keep_their_places(problems: Problems) -> None:
    text = """\
    agencies:
      - &base
        id: one
        names: {en: One}
        sites: [https://one.example.org]
      - <<: *base
        id: two
        sites: [nowhere]
    """
    (line,) = problems(text)
    assert line.startswith("odrc.yaml:14: agencies[1].sites[0]: not an absolute")


def test_settings_survive_a_round_trip(settings_file: Write) -> None:
    settings = load(settings_file(AGENCIES)).settings
    assert Settings.model_validate(settings.model_dump(mode="json")) == settings


def _head(old: str, new: str) -> str:
    head = (
        "pack: kz\nworkspace: ./workspace\noperator:\n  name: Someone\n  contact: someone@example.org\n"
        "  about_url: https://example.org/crawl\n"
    )
    return head.replace(old, new)
