"""A country on one host: 49 agencies as path prefixes, each with a menu, sections and items, and a foot that all share."""

from __future__ import annotations

from typing import Any

HOST = "crowd.lab"
AGENCIES = 49
MENU = ("about", "news", "acts", "staff", "contacts")
ITEMS = 8  # per news and acts
SHARED = "/terms"


def root(number: int) -> str:
    """Return the path of an agency's scope."""
    return f"/memleket/entities/agency{number:02}"


def pages() -> dict[str, str]:
    """Return every page by its path."""
    return {SHARED: _page("terms", (), "")} | {
        path: page for number in range(AGENCIES) for path, page in _agency(root(number)).items()
    }


def agencies(port: int) -> list[dict[str, Any]]:
    """Return the agencies as a config names them; the shared page belongs to all."""
    return [
        {
            "id": f"agency{number:02}",
            "names": {"en": f"Agency {number}"},
            "sites": [{"url": f"http://{HOST}:{port}{root(number)}", "include": [SHARED]}],
        }
        for number in range(AGENCIES)
    ]


def _agency(base: str) -> dict[str, str]:
    menu = tuple(f"{base}/{name}" for name in MENU)
    found = {base: _page(base, menu, "")} | {path: _page(path, menu, "") for path in menu}
    for name in ("news", "acts"):
        items = [f"{base}/{name}/item-{chr(97 + number)}" for number in range(ITEMS)]
        found[f"{base}/{name}"] = _page(name, menu, "".join(f"<li><a href='{item}'>item</a>" for item in items))
        found |= {item: _page(item, menu, "<p>said and done</p>") for item in items}
    return found


def _page(title: str, menu: tuple[str, ...], main: str) -> str:
    links = "".join(f"<a href='{path}'>{path}</a>" for path in menu)
    return (
        f"<!doctype html><html><head><title>{title}</title></head><body><nav>{links}</nav><main><h1>{title}</h1>{main}"
        f"</main><footer><a href='{SHARED}'>terms</a></footer></body></html>"
    )
