from __future__ import annotations

import hashlib
import re

import pytest
import yaml

from checks.facts.metadata import vendored
from checks.facts.metadata.isoschema import Edition, schema

MANIFEST = yaml.safe_load(vendored.read("MANIFEST.yaml"))
SETS = {item["id"]: item for item in MANIFEST["sets"]}
FOLDERS = ("iso", "dcat", "datajson", "vocabularies")


@pytest.mark.parametrize("name", sorted(SETS))
def test_every_file_is_as_the_manifest_says(name: str) -> None:
    for path, digest in SETS[name]["files"].items():
        assert hashlib.sha256(vendored.read(path)).hexdigest() == digest, path


@pytest.mark.parametrize("name", sorted(SETS))
def test_every_set_names_source_licence_and_version(name: str) -> None:
    item = SETS[name]
    assert item["title"]
    assert item["licence"]
    assert item["standard_version"]
    source = item["source"]
    ours = source.get("written_for") == "odrc" and source["after"]
    assert ours or (source["version"] and source["path"] and re.fullmatch(r"[0-9a-f]{64}", source["archive_sha256"]))


def test_nothing_lies_here_unlisted() -> None:
    listed = {path for item in SETS.values() for path in item["files"]}
    here = {
        str(path.relative_to(vendored.ROOT))
        for folder in FOLDERS
        for path in (vendored.ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert here == {path for path in listed if path.startswith(FOLDERS)}


@pytest.mark.parametrize("edition", list(Edition))
def test_the_schemas_compile_without_a_network(edition: Edition) -> None:
    assert schema(edition) is not None
