"""Asking the lab as a browser would."""

from __future__ import annotations

import http.client
import json
import re
from typing import Any

from tests.lab.server import Server


def fetch(
    lab: Server, host: str, target: str, method: str = "GET", cookie: str = ""
) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", lab.port, timeout=5)
    try:
        sent = {"Host": f"{host}:{lab.port}"} | ({"Cookie": cookie} if cookie else {})
        connection.request(method, target, headers=sent)
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
    finally:
        connection.close()


def ask(lab: Server, target: str) -> Any:
    """Return what the national portal answers as JSON."""
    status, headers, body = fetch(lab, "data.lab", target)
    assert (status, headers["content-type"].split(";")[0]) == (200, "application/json")
    return json.loads(body)


def main_text(body: str) -> str:
    found = re.search(r"<main>(.*?)</main>", body, re.DOTALL)
    assert found
    return re.sub(r"<[^>]+>", " ", found[1])


def footer(body: str) -> str:
    return body[body.index("<footer>") : body.index("</footer>")]
