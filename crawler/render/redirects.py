"""Redirects of a page that is being drawn: each is held to the rules before the browser follows it.

Playwright routes the first request of a chain only. So a session of the DevTools protocol of our own stops every answer
(Fetch.requestPaused at the stage Response); one that redirects goes on when the address it names may be asked, else the
request ends there. That works inside TLS too, where the proxy sees nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from config.urls import absolute

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, Page

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True)
class Step:
    """Where a request is sent on to. `navigation`: it is the drawn page itself that goes there."""

    method: str
    url: str
    kind: str
    navigation: bool


Judge = Callable[[Step], Awaitable[str | None]]
"""Returns why a step may not be made, or None; it notes what it refuses, and waits for the host's turn."""


async def watch(context: BrowserContext, page: Page, judge: Judge, later: Callable[[Awaitable[None]], None]) -> None:
    """Judge every redirect of *page* from now on; *later* starts what has to go on beside."""
    session = await context.new_cdp_session(page)
    tree = await session.send("Page.getFrameTree")
    main = str(tree["frameTree"]["frame"]["id"])
    session.on("Fetch.requestPaused", lambda event: later(_passed(session, event, main, judge)))
    await session.send("Fetch.enable", {"patterns": [{"urlPattern": "*", "requestStage": "Response"}]})


async def _passed(session: CDPSession, event: dict[str, Any], main: str, judge: Judge) -> None:
    """Let one answer through, or end its request."""
    step = step_of(event, main)
    reason = None
    try:
        reason = await judge(step) if step else None
    except BaseException:
        reason = "failed"  # what could not be judged is not followed
        raise
    finally:
        with suppress(Exception):  # the page may be gone
            await _answered(session, event["requestId"], step if reason else None)


async def _answered(session: CDPSession, request: str, refused: Step | None) -> None:
    if refused is None:
        await session.send("Fetch.continueRequest", {"requestId": request})
        return
    # A page that may not go elsewhere stays where it is; else the browser's own error page would be shown.
    reason = "Aborted" if refused.navigation else "BlockedByClient"
    await session.send("Fetch.failRequest", {"requestId": request, "errorReason": reason})


def step_of(event: dict[str, Any], main: str) -> Step | None:
    """Return where an answer sends its request; None when it sends it nowhere."""
    if event.get("responseStatusCode") not in _REDIRECTS:
        return None
    headers = {item["name"].lower(): item["value"] for item in event.get("responseHeaders", ())}
    asked, kind = event["request"], str(event["resourceType"]).lower()
    location = headers.get("location")
    if location is None:
        return None
    # Where our own reading of an address fails, the browser's might not: judged as it stands, it is refused.
    url = absolute(asked["url"], location) or location
    kept = event["responseStatusCode"] in (307, 308) or asked["method"] in ("GET", "HEAD")
    return Step(asked["method"] if kept else "GET", url, kind, kind == "document" and event.get("frameId") == main)
