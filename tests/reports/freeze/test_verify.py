from __future__ import annotations

import base64
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from frozen_country import KAZAKH, RUSSIAN, SITE, Country
from typer.testing import CliRunner

import odrc
from config.errors import ConfigError
from crawler.archive.members import Member, members
from reports.freeze import wacz
from reports.freeze.documents import TakenOut
from reports.freeze.files import Zip, bundle, pack
from reports.freeze.freeze import read_manifest
from reports.freeze.keys import key_id
from reports.freeze.supplement import findings, forget, settle, supplements, take_out
from reports.freeze.verify import verify


@pytest.fixture(scope="module")
def frozen_once(made: Country, tmp_path_factory: pytest.TempPathFactory) -> Country:
    here = made.copy(tmp_path_factory.mktemp("frozen") / "copy")
    here.adopt()
    here.freeze()
    here.bench.ledger.close()
    return here


@pytest.fixture
def frozen(frozen_once: Country, tmp_path: Path) -> Country:
    return frozen_once.copy(tmp_path / "frozen")


def place_of(here: Country) -> Path:
    return here.workspace / "freezes" / "2026Q4"


def digest_of(here: Country, url: str) -> str:
    found = {one.sha256 for item in findings(place_of(here)) for one in item.evidence if one.url == url}
    (digest,) = found
    assert digest
    return digest


def everything(place: Path) -> str:
    """All that a bundle holds, WARC records inflated."""
    told = []
    for path in sorted(item for item in place.rglob("*") if item.is_file()):
        if path.suffix != ".wacz":
            told.append(path.read_text(encoding="utf-8"))
            continue
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                if name.endswith(".warc.gz"):
                    inflated = place.parent / "data.warc.gz"
                    inflated.write_bytes(packed.read(name))
                    told += [
                        item.record.block.decode("utf-8", "replace")
                        for item in members(inflated)
                        if isinstance(item, Member)
                    ]
    return "\n".join(told)


def test_a_bundle_holds_as_folder_and_as_file(frozen: Country, tmp_path: Path) -> None:
    place = place_of(frozen)
    told = frozen.verify(place)
    assert told.problems == ()
    marks = [item for item in frozen.told.marks if item.profile == "assessment_2014"]
    assert (told.marks, told.findings) == (len(marks), len(frozen.told.public().findings))
    assert (told.bodies, told.left_out) == (4, {})
    assert told.quoted > 10
    pack(place, tmp_path / "a.zip")
    pack(place, tmp_path / "b.zip")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    again = frozen.verify(tmp_path / "a.zip")
    assert (again.problems, again.quoted, again.bodies) == ((), told.quoted, told.bodies)
    with pytest.raises(ConfigError, match="there is nothing; accepted: a folder or a ZIP file"):
        bundle(tmp_path / "none")
    (tmp_path / "c.zip").write_text("no", encoding="utf-8")
    with pytest.raises(ConfigError, match="no bundle"):
        Zip(tmp_path / "c.zip")


FILES = (
    "README.txt", "captures.jsonl", "captures.wacz", "contests.jsonl", "excerpts.jsonl", "findings.jsonl", "marks.jsonl",
    "pack.json", "rules.json", "runs.jsonl", "statements.jsonl",
)  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_no_file_can_be_changed_taken_out_or_added(frozen: Country, name: str) -> None:
    place = place_of(frozen)
    assert {item.name for item in place.iterdir()} == {*FILES, "manifest.json", "manifest.sig"}
    original = (place / name).read_bytes()
    (place / name).write_bytes(original + b" ")
    assert frozen.verify(place).problems == (f"{name}: is not the file that was signed",)
    (place / name).unlink()
    assert frozen.verify(place).problems == (f"{name}: is missing",)
    (place / name).write_bytes(original)
    (place / f"more-{name}").write_bytes(original)
    assert frozen.verify(place).problems == (f"more-{name}: was not signed",)


def test_the_signature_is_that_of_the_key(frozen: Country) -> None:
    place, other = place_of(frozen), Ed25519PrivateKey.generate()
    told = verify("x", bundle(place), {})
    assert (told.marks, told.period) == (0, None)
    assert "which is none of those given" in told.problems[0]
    signature = (place / "manifest.sig").read_bytes()
    manifest = (place / "manifest.json").read_bytes()
    for forged in (base64.b64encode(other.sign(manifest)), b"", b"!!", signature[:-10]):
        (place / "manifest.sig").write_bytes(forged)
        assert frozen.verify(place, other).problems == ("manifest.sig: is no signature of manifest.json by that key",)
    (place / "manifest.sig").write_bytes(signature)
    (place / "manifest.json").write_bytes(manifest.replace(b'"final"', b'"draft"'))
    assert frozen.verify(place).problems == ("manifest.sig: is no signature of manifest.json by that key",)
    (place / "manifest.json").write_bytes(b"{}")
    assert frozen.verify(place).problems[0].startswith("manifest.json: cannot be read")


def edit(name: str, change: Callable[[str], str]) -> Callable[[Path], None]:
    def apply(place: Path) -> None:
        before = (place / name).read_text(encoding="utf-8")
        after = change(before)
        assert after != before
        (place / name).write_text(after, encoding="utf-8")

    return apply


def no_bodies(place: Path) -> None:
    held = {one.sha256 or "" for item in findings(place) for one in item.evidence}
    wacz.without(place / "captures.wacz", place / "new.wacz", held)
    (place / "new.wacz").replace(place / "captures.wacz")


def no_wacz(place: Path) -> None:
    (place / "captures.wacz").write_bytes(b"no ZIP")


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        (
            edit("findings.jsonl", lambda text: text.replace('"outcome":"fail"', '"outcome":"pass"')),
            "its id does not follow",
        ),
        (edit("findings.jsonl", lambda text: "\n".join(text.splitlines()[1:]) + "\n"), "no finding"),
        (
            edit("findings.jsonl", lambda text: re.sub(r'("capture":"urn:uuid:)\w', r"\1#", text)),
            "the WACZ has no body where",
        ),
        (edit("excerpts.jsonl", lambda text: text.replace("открытых", "закрытых")), "is not the text that was signed"),
        (edit("excerpts.jsonl", lambda text: "\n".join(text.splitlines()[1:]) + "\n"), "its excerpt is missing"),
        (
            edit("findings.jsonl", lambda text: text.replace('"quoted":false', '"quoted":true')),
            "does not stand in the body",
        ),
        (no_bodies, "the WACZ has no body where evidence cites"),
        (no_wacz, "captures.wacz: cannot be read"),
    ],
)
def test_a_signed_falsehood_is_found_in_the_bytes(
    frozen: Country, tamper: Callable[[Path], None], problem: str
) -> None:
    place = place_of(frozen)
    tamper(place)
    frozen.reseal(place)
    told = frozen.verify(place)
    assert any(problem in item for item in told.problems), told.problems


def test_a_redaction_is_a_dated_supplement(frozen: Country) -> None:
    place, url = place_of(frozen), f"{SITE}ru/news"
    digest, before = digest_of(frozen, url), frozen.verify(place)
    manifest = (place / "manifest.json").read_bytes()
    assert "Новости &amp; события" in everything(place)
    take_out(frozen.bench, "2026Q4", (TakenOut(digest, "a person asked for it", "p4"),), "p4", frozen.key)
    assert "Новости &amp; события" not in everything(place)
    assert KAZAKH in everything(place)
    assert (place / "manifest.json").read_bytes() == manifest
    told = frozen.verify(place)
    assert told.problems == ()
    assert [(item.sha256, item.reason, item.by) for item in told.taken_out] == [(digest, "a person asked for it", "p4")]
    assert (told.bodies, told.findings) == (before.bodies - 1, before.findings)
    lost = before.quoted + before.measured - told.quoted - told.measured
    assert told.left_out == {"taken_out": lost}
    assert lost > 0
    with pytest.raises(ConfigError, match="holds no body"):
        take_out(frozen.bench, "2026Q4", (TakenOut(digest, "again", "p4"),), "p4", frozen.key)
    second = digest_of(frozen, f"{SITE}ru/")
    take_out(frozen.bench, "2026Q4", (TakenOut(second, "another", "p4"),), "p4", frozen.key)
    assert [item.number for item in supplements(place)] == [1, 2]
    assert RUSSIAN not in everything(place)
    told = frozen.verify(place)
    assert (told.problems, [item.reason for item in told.taken_out]) == ((), ["a person asked for it", "another"])
    kinds = [item.kind for item in frozen.bench.journal.entries()]
    assert kinds[-3:] == ["froze", "froze", "froze"]


def test_the_lighter_wacz_is_whole(frozen: Country, tmp_path: Path) -> None:
    digest = digest_of(frozen, f"{SITE}ru/news")
    source = place_of(frozen) / "captures.wacz"
    wacz.without(source, tmp_path / "new.wacz", {digest})
    with zipfile.ZipFile(tmp_path / "new.wacz") as packed, zipfile.ZipFile(source) as old:
        assert sorted(packed.namelist()) == sorted(old.namelist())
        package = json.loads(packed.read("datapackage.json"))
        for item in package["resources"]:
            assert item["bytes"] == len(packed.read(item["path"]))
        assert {item["path"] for item in package["resources"]} == {
            item["path"] for item in json.loads(old.read("datapackage.json"))["resources"]
        }
    contents = wacz.Contents()
    with (tmp_path / "new.wacz").open("rb") as file:
        kept = {item.sha256 for item in wacz.read(file, contents)}
    assert digest not in kept
    assert len(kept) == 3
    assert contents.damage == []
    with pytest.raises(zipfile.BadZipFile):
        list(wacz.read(io.BytesIO(b"no"), contents))


def test_what_was_taken_out_cannot_come_back(frozen: Country, tmp_path: Path) -> None:
    place = place_of(frozen)
    shutil.copy(place / "captures.wacz", tmp_path / "old.wacz")
    take_out(frozen.bench, "2026Q4", (TakenOut(digest_of(frozen, f"{SITE}ru/news"), "why", "p4"),), "p4", frozen.key)
    shutil.copy(tmp_path / "old.wacz", place / "captures.wacz")
    assert frozen.verify(place).problems == ("captures.wacz: was not signed",)
    forget(place)  # as after a process that was killed between the supplement and the deletion
    assert frozen.verify(place).problems == ()
    shutil.copy(tmp_path / "old.wacz", place / "supplements" / "001" / "captures.wacz")
    assert frozen.verify(place).problems == ("supplements/001/captures.wacz: is not the file that was signed",)


def test_a_supplement_is_signed_and_follows(frozen: Country) -> None:
    place = place_of(frozen)
    for url in (f"{SITE}ru/news", f"{SITE}ru/"):
        take_out(frozen.bench, "2026Q4", (TakenOut(digest_of(frozen, url), "why", "p4"),), "p4", frozen.key)
    first = place / "supplements" / "001"
    text = (first / "supplement.json").read_text(encoding="utf-8")
    (first / "supplement.json").write_text(text.replace("why", "how"), encoding="utf-8")
    assert "supplement.sig: is no signature of" in frozen.verify(place).problems[0]
    (first / "supplement.json").write_text(text, encoding="utf-8")
    shutil.rmtree(first)
    assert "does not follow from what came before it" in frozen.verify(place).problems[0]


def test_a_supplement_that_was_cut_short_is_finished_by_the_next(
    frozen: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = place_of(frozen)
    first, second = (TakenOut(digest_of(frozen, url), "why", "p4") for url in (f"{SITE}ru/news", f"{SITE}ru/"))

    def die(_: Path) -> None:
        if supplements(place):
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("reports.freeze.supplement.forget", die)
        with pytest.raises(KeyboardInterrupt):
            take_out(frozen.bench, "2026Q4", (first,), "p4", frozen.key)
    assert [item.number for item in supplements(place)] == [1]
    assert (place / "captures.wacz").exists()
    assert [act.number for _, act in frozen.bench.state().frozen["2026Q4"]] == [0]
    with pytest.raises(ConfigError, match="or no more"):
        take_out(frozen.bench, "2026Q4", (first,), "p4", frozen.key)
    assert not (place / "captures.wacz").exists()
    take_out(frozen.bench, "2026Q4", (second,), "p4", frozen.key)
    settle(frozen.bench, "2026Q4", "p4")
    assert [act.number for _, act in frozen.bench.state().frozen["2026Q4"]] == [0, 1, 2]
    assert frozen.verify(place).problems == ()


@pytest.mark.parametrize("name", ["findings.jsonl", "excerpts.jsonl", "manifest.json"])
def test_nothing_is_taken_out_of_what_was_altered(frozen: Country, name: str) -> None:
    place, digest = place_of(frozen), digest_of(frozen, f"{SITE}ru/news")
    (place / name).write_bytes((place / name).read_bytes() + b" ")
    with pytest.raises(ConfigError, match="is not what was signed, nothing was taken out: "):
        take_out(frozen.bench, "2026Q4", (TakenOut(digest, "why", "p4"),), "p4", frozen.key)
    assert supplements(place) == ()


@pytest.mark.parametrize("name", ["more.part", "x.partial/more", ".001.0123abcd.part/more", "supplements/.part/more"])
def test_no_name_hides_a_file(frozen: Country, name: str) -> None:
    place = place_of(frozen)
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / name).write_text("more", encoding="utf-8")
    assert any(name.rpartition("/")[0] in problem for problem in frozen.verify(place).problems)


def test_a_supplement_still_being_written_does_not_count(frozen: Country) -> None:
    left = place_of(frozen) / "supplements" / ".001.0123abcd.part" / "captures.wacz"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"half")
    assert frozen.verify(place_of(frozen)).problems == ()


@pytest.mark.parametrize("name", ["marks.jsonl", "manifest.json"])
def test_a_file_that_stands_twice_is_not_sound(frozen: Country, tmp_path: Path, name: str) -> None:
    """Even when both are the very same: what one reader checks, another may not show."""
    bundle = tmp_path / "a.zip"
    pack(place_of(frozen), bundle)
    with zipfile.ZipFile(bundle, "a") as packed, pytest.warns(UserWarning, match="Duplicate name"):
        packed.writestr(name, packed.read(name))
    assert frozen.verify(bundle).problems == (f"{name}: stands in the bundle twice",)
    pem = frozen.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    (tmp_path / "public.pem").write_bytes(pem)
    told = CliRunner().invoke(odrc.app, ["verify", str(bundle), "--key", str(tmp_path / "public.pem")])
    assert told.exit_code == 1
    assert f"{name}: stands in the bundle twice" in told.output


@pytest.mark.parametrize(
    ("period", "digests", "reason", "by", "message"),
    [
        ("2026Q3", {"a" * 64}, "why", "p4", "2026Q3 is not frozen; frozen are: 2026Q4"),
        ("2026Q4", {"a" * 64}, "why", "p4", "holds no body aaaa"),
        ("2026Q4", set(), "why", "p4", "holds no body of that digest"),
        ("2026Q4", {"a" * 64}, " ", "p4", "needs a reason in words"),
        ("2026Q4", {"a" * 64}, "why", "p1", "p1 is analyst; accepted: somebody whose role is lead"),
    ],
)
def test_what_cannot_be_taken_out_is_told(
    frozen: Country, period: str, digests: set[str], reason: str, by: str, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        take_out(frozen.bench, period, tuple(TakenOut(one, reason, by) for one in digests), by, frozen.key)
    assert supplements(place_of(frozen)) == ()


def test_what_is_of_a_time_after_its_key_was_retired_is_told(frozen: Country) -> None:
    place, name = place_of(frozen), key_id(frozen.key.public_key())
    at = read_manifest(place).frozen_at
    public = {name: frozen.key.public_key()}
    assert verify("2026Q4", bundle(place), public, {name: at}).problems == ()
    (problem,) = verify("2026Q4", bundle(place), public, {name: at - timedelta(seconds=1)}).problems
    assert problem.startswith("manifest.json: is of ")
    assert f"after key {name} was retired" in problem
