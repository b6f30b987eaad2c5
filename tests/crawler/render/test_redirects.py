"""Where an answer sends a request, as the DevTools protocol tells it."""

from __future__ import annotations

from typing import Any

import pytest

from crawler.render.redirects import Step, step_of

URL = "https://good.lab/a"


def paused(status: int | None, location: str | None, method: str = "GET", **more: Any) -> dict[str, Any]:
    headers = [{"name": "Location", "value": location}] if location is not None else []
    told = {"request": {"url": URL, "method": method}, "resourceType": "Document", "frameId": "main", "requestId": "1"}
    return {**told, "responseStatusCode": status, "responseHeaders": headers, **more}


@pytest.mark.parametrize(
    ("event", "step"),
    [
        (paused(302, "/b"), Step("GET", "https://good.lab/b", "document", navigation=True)),
        (paused(301, "//other.lab/b"), Step("GET", "https://other.lab/b", "document", navigation=True)),
        (paused(303, "/b", "POST"), Step("GET", "https://good.lab/b", "document", navigation=True)),
        (paused(307, "/b", "POST"), Step("POST", "https://good.lab/b", "document", navigation=True)),
        (paused(302, "/b", frameId="x"), Step("GET", "https://good.lab/b", "document", navigation=False)),
        (paused(302, "/b", resourceType="XHR"), Step("GET", "https://good.lab/b", "xhr", navigation=False)),
        (paused(302, "javascript:x"), Step("GET", "javascript:x", "document", navigation=True)),
        (paused(200, "/b"), None),
        (paused(304, None), None),
        (paused(302, None), None),
        (paused(None, None, responseErrorReason="Failed"), None),
        ({name: value for name, value in paused(200, None).items() if name != "responseHeaders"}, None),
    ],
)
def test_where_an_answer_sends_a_request(event: dict[str, Any], step: Step | None) -> None:
    assert step_of(event, "main") == step
