"""A real night tells a real server what it brought; one that cannot be reached does not fail it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.e2e.conftest import watching
from tests.lab import country
from tests.lab.country import NIGHT

pytestmark = pytest.mark.full
SECRET = "hush-hush"


def test_a_night_sends_what_it_brought(lab: country.Server, httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/chief").respond_with_data("ok")
    place = f"json://user:{SECRET}@{httpserver.host}:{httpserver.port}"
    settings = country.config(NIGHT, lab.port, tmp_path / "workspace", only=("bad",))
    people = [{"id": "chief", "to": f"{place}/chief", "language": "ru"}, {"id": "gone", "to": f"{place}/gone"}]
    odrc = watching(tmp_path, {**settings, "alerts": {"recipients": people, "expiry_days": 366}})

    done = odrc.run(NIGHT)

    told = {request.path: json.loads(request.data) for request, _ in httpserver.log}
    assert "КАЛЕНДАРЬ ВЫХОДНЫХ ДНЕЙ" in told["/chief"]["message"]
    assert "alerts: gone#1: the service did not take it; tried again next time" in done.stderr
    kept = (odrc.workspace / "alerts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [(item["recipient"], item["sent"]) for item in map(json.loads, kept)] == [
        ("chief#1", True),
        ("gone#1", False),
    ]
    written = [path.read_bytes() for path in odrc.workspace.rglob("*") if path.is_file()]
    assert not any(SECRET.encode() in body for body in (*written, done.stdout.encode(), done.stderr.encode()))
