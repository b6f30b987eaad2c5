from __future__ import annotations

from pathlib import Path

import pytest

from config.errors import ConfigError
from config.loader import load

BASE = """\
pack: kz
workspace: ./workspace
operator: {name: O, contact: o@example.org, about_url: https://example.org/}
agencies:
  - {id: one, names: {en: One}, sites: [https://one.example.org]}
"""
OFFICE = """\
people:
  - {id: a, name: First, role: analyst}
  - {id: b, name: Second, role: reviewer, valid_to: 2026-12-31}
contests: {acknowledge_days: 3, decide_days: 15, basis: an order}
periods:
  - {id: 2026Q4, first: 2026-10-01, last: 2026-12-31, profile: assessment_2014}
signing: {key: ../keys/odrc.pem}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "odrc.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_office_does_not_shape_a_night(tmp_path: Path) -> None:
    without, with_office = load(written(tmp_path, BASE)), load(written(tmp_path, BASE + OFFICE))
    assert [item.id for item in with_office.settings.people] == ["a", "b"]
    assert without.digest == with_office.digest


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("id: b", "id: a"), "odrc.yaml:8: people[1].id: a is already the id of people[0]"),
        (("role: reviewer", "role: owner"), "odrc.yaml:8: people[1].role"),
        (("last: 2026-12-31", "last: 2026-09-30"), "periods[0].last: last 2026-09-30 lies before first 2026-10-01"),
        (("profile: assessment_2014", "profile: other"), "periods[0].profile: unknown profile other"),
        (("decide_days: 15", "decide_days: 0"), "contests.decide_days"),
        (("pem}", "pem, key_env: K}"), "signing.key_env: the key has two places; accepted: either key or key_env"),
    ],
)
def test_wrong_settings_of_the_office_are_named(tmp_path: Path, change: tuple[str, str], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, BASE + OFFICE.replace(*change)))
    assert message in str(caught.value)
