from __future__ import annotations

import hashlib
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.licences import read_licence, read_text
from config.licences import FOLDER, OpenStatus, licence_table, spdx_licences
from crawler.records import Licence

OPEN, CLOSED, OTHER = OpenStatus.APPROVED, OpenStatus.REJECTED, OpenStatus.NOT_REVIEWED
TEXTS = {
    "CC-BY-4.0": ("CC-BY-4.0", OPEN),
    "cc-by": ("CC-BY", OPEN),
    "CC BY-SA 3.0": ("CC-BY-SA-3.0", OPEN),
    "CC_BYNC_4_0": ("CC-BY-NC-4.0", CLOSED),
    "cc-zero": ("CC0-1.0", OPEN),
    "CC0 1.0 Universal": ("CC0-1.0", OPEN),
    "Creative Commons Attribution-NoDerivatives 4.0 International": ("CC-BY-ND-4.0", CLOSED),
    "Creative Commons Attribution 3.0 Netherlands": ("CC-BY-3.0-NL", OPEN),
    "Creative Commons Namensnennung - Nicht kommerziell 3.0": ("CC-BY-NC-3.0", CLOSED),
    "https://creativecommons.org/licenses/by-nc-sa/2.0/fr/": ("CC-BY-NC-SA-2.0-FR", CLOSED),
    "http://creativecommons.org/licenses/by/4.0/deed.ru": ("CC-BY-4.0", OPEN),
    "https://creativecommons.org/publicdomain/mark/1.0/": ("CC-PDM-1.0", OPEN),
    "https://opendatacommons.org/licenses/odbl/1-0/": ("ODbL-1.0", OPEN),
    "Open Data Commons Open Database License (ODbL)": ("ODbL-1.0", OPEN),
    "uk-ogl": ("OGL-UK-3.0", OPEN),
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/2/": ("OGL-UK-2.0", OPEN),
    "MIT": ("MIT", OTHER),
    "GNU General Public License 2.0": ("GPL-2.0", OTHER),
    "https://opensource.org/licenses/Apache-2.0": ("Apache-2.0", OTHER),
    "Data are published under CC BY 4.0, see below": ("CC-BY-4.0", OPEN),
    "Other (Not Open)": ("other-closed", CLOSED),
    "Лицензия не указана": ("notspecified", OpenStatus.NONE),
}


@pytest.mark.parametrize("text", TEXTS)
def test_known_texts(text: str) -> None:
    found = read_text(text)
    assert found is not None
    assert (found.id, found.status) == TEXTS[text]


@pytest.mark.parametrize(
    "text",
    [
        "", "Open", "лицензия", "https://example.org/licence", "https://creativecommons.org/", "Creative Commons",
        "https://creativecommons.org.evil.example/", "by", "cc", "Licence agreement no. 4", "ссылка обязательна", "attribution",
    ],
)  # fmt: skip
def test_unknown_stays_unknown(text: str) -> None:
    assert read_text(text) is None


def test_fields_are_read_together() -> None:
    both = Licence(id="cc-by", url="https://creativecommons.org/licenses/by/4.0/")
    assert read_licence(both).id == "CC-BY-4.0"
    assert read_licence(Licence(id="cc-by", title="Other (Not Open)")).contradiction
    assert read_licence(Licence(id="notspecified", url="https://creativecommons.org/licenses/by/4.0/")).status is OPEN
    assert read_licence(Licence()).status is OpenStatus.NONE
    assert read_licence(Licence(title="own rules")).status is None


@given(st.text(max_size=300))
def test_no_text_is_too_odd(text: str) -> None:
    found = read_licence(Licence(text, text, text, text))
    assert found.id is None or found.status is not None


@pytest.mark.parametrize(
    "text", ["cc-by-" * 50_000, "(" * 100_000, "http://" * 30_000, "cc " * 100_000, "a" * 1_000_000, "1.0 " * 100_000]
)
def test_long_texts_take_bounded_time(text: str) -> None:
    begun = time.process_time()
    read_text(text)
    assert time.process_time() - begun < 2


def test_the_manifest_names_the_files_that_lie_here() -> None:
    entries = {item["file"]: item for item in yaml.safe_load((FOLDER / "MANIFEST.yaml").read_text(encoding="utf-8"))}
    assert set(entries) == {path.name for path in FOLDER.iterdir() if path.name != "MANIFEST.yaml"}
    vendored = entries["spdx.json"]
    assert vendored["sha256"] == hashlib.sha256((FOLDER / "spdx.json").read_bytes()).hexdigest()


def test_spellings_of_listed_licences_name_listed_ones() -> None:
    assert [key for key in licence_table().spdx_ids if key not in spdx_licences()] == []
