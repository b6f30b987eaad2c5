"""The real software that other tests crawl starts, answers and stops."""

from __future__ import annotations

import http.client
import socket
import urllib.parse
from datetime import timedelta
from pathlib import Path

import pytest

from tests.lab.country import NIGHT
from tests.lab.words import KAZAKH_LETTERS, written
from tests.servers import mediawiki, replay

pytestmark = pytest.mark.full


def get(port: int, target: str, host: str) -> tuple[int, dict[str, str], str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", target, headers={"Host": host})
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
    finally:
        connection.close()


def refused(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.skipif(mediawiki.missing() is not None, reason=str(mediawiki.missing()))
def test_mediawiki_serves_kazakh_articles_and_stops(tmp_path: Path) -> None:
    with mediawiki.wiki(tmp_path, NIGHT) as wiki:
        host = f"{wiki.host}:{wiki.port}"
        status, headers, _body = get(wiki.port, "/", host)
        assert status == 301
        assert headers["location"].startswith(f"{wiki.url}index.php/")
        for title in wiki.pages:
            target = "/index.php/" + urllib.parse.quote(title.replace(" ", "_"))
            status, _headers, body = get(wiki.port, target, host)
            assert status == 200, title
            assert '<html class="client-nojs" lang="kk"' in body
            assert KAZAKH_LETTERS & set(body)
            assert "redlink=1" not in body[body.index("mw-parser-output") : body.index("catlinks")]
        assert get(wiki.port, "/index.php/" + urllib.parse.quote("Жоқ_бет"), host)[0] == 404
        assert "Disallow" in get(wiki.port, "/robots.txt", host)[2]
        listed = get(wiki.port, "/index.php/" + urllib.parse.quote("Жаңалықтар"), host)[2]
        assert mediawiki.LICENCE in listed
        assert all(written(NIGHT - timedelta(days=days), "kk") in listed for days in mediawiki.NEWS_DAYS)
    assert refused(wiki.port)


@pytest.mark.skipif(replay.missing() is not None, reason=str(replay.missing()))
def test_recorded_site_is_replayed_under_its_own_name_and_stops(tmp_path: Path) -> None:
    with replay.replay(tmp_path) as site:
        for target in ("/", "/about", "/domains/root/db", "/time-zones"):
            status, headers, body = get(site.port, site.site.rstrip("/") + target, "www.iana.org")
            assert status == 200
            assert headers["content-type"].startswith("text/html")
            assert "/_css/2013.1/screen.css" in body
            assert "wombat" not in body
        assert get(site.port, f"{site.site}no-such-page", "www.iana.org")[0] == 404
    assert refused(site.port)
