"""Every exported contest under `contested` (and under ODRC_CASES) is judged again: the wrong answers stay away."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checks.contested import CAPTURES, CASE, read_case, replay
from config.errors import ConfigError
from config.loader import load_pack

HERE = Path(__file__).parent / "contested"
FOLDERS = [HERE, *(Path(item) for item in [os.environ.get("ODRC_CASES")] if item)]
CASES = sorted(path.parent for folder in FOLDERS for path in folder.glob(f"*/{CASE}"))


@pytest.mark.skipif(not CASES, reason="no contested mark was exported to tests/checks/contested or ODRC_CASES yet")
@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_a_contested_answer_is_not_given_again(folder: Path) -> None:
    case = read_case(folder)
    again = replay(case, folder / CAPTURES, load_pack(case.pack))
    assert [(item.rule, item.subject.id, item.outcome.value) for item in again] == []


def test_what_is_no_case_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"case\.json: cannot be read"):
        read_case(tmp_path)
    (tmp_path / CASE).write_text("{}", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"case\.json: no case"):
        read_case(tmp_path)
