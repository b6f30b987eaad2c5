from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from config.cli import mount
from config.errors import ConfigError
from config.loader import load


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    mount(app)
    app.command("other")(lambda: None)  # with one command alone Typer would drop its name
    return app


def test_the_written_file_loads(app: typer.Typer, tmp_path: Path) -> None:
    path = tmp_path / "new" / "odrc.yaml"
    result = CliRunner().invoke(app, ["init", "-c", str(path)])

    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    assert "Next:" in result.stderr
    loaded = load(path)
    assert [agency.id for agency in loaded.settings.agencies] == [
        "ministry-economy",
        "ministry-finance",
        "ministry-foreign",
    ]
    assert loaded.settings.workspace == path.parent / "workspace"
    assert loaded.settings.agencies == loaded.pack.agencies[:3]


def test_nothing_is_overwritten_unasked(app: typer.Typer, tmp_path: Path) -> None:
    path = tmp_path / "odrc.yaml"
    path.write_text("mine", encoding="utf-8")

    refused = CliRunner().invoke(app, ["init", "-c", str(path)])
    assert isinstance(refused.exception, ConfigError)
    assert "exists already; accepted: another name with -c, or --force" in str(refused.exception)
    assert path.read_text(encoding="utf-8") == "mine"

    assert CliRunner().invoke(app, ["init", "-c", str(path), "--force"]).exit_code == 0
    assert load(path).settings.pack == "kz"


def test_an_unknown_pack_writes_nothing(app: typer.Typer, tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["init", "-c", str(tmp_path / "odrc.yaml"), "--pack", "zz"])
    assert isinstance(result.exception, ConfigError)
    assert list(tmp_path.iterdir()) == []


def test_a_pack_of_ones_own_is_seen_from_the_file(
    app: typer.Typer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_pack: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["init", "-c", "deep/odrc.yaml", "--pack", f"./{small_pack.name}"])

    assert result.exception is None
    assert load(tmp_path / "deep" / "odrc.yaml").settings.pack == f"../{small_pack.name}"
