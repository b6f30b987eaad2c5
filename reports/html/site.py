"""Writes the pages of a report. The same night gives the same bytes: no clock, fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader, StrictUndefined

from checks.marks import Mark
from config.errors import ConfigError
from config.model import Settings
from config.pack import Pack
from reports.analysts.effective import standing
from reports.documents import finding_document, mark_document
from reports.freeze.redactions import redacted
from reports.html import lens as looks
from reports.html.lens import Lens
from reports.html.story import Story, agency_file, mark_file, profile_file
from reports.ledger import Ledger
from reports.messages import fallback_language, languages
from reports.views.explain import Proofs
from reports.views.fixes import fixes
from reports.views.matrix import NO_RULE, matrix, profiles
from reports.views.unseen import hosts, of_scopes, scopes

_FINDINGS_SHOWN = 30


def write_report(settings: Settings, pack: Pack, ledger: Ledger, night: date, folder: Path | None = None) -> Path:
    """Write the report of *night* (into the workspace unless a *folder* is named) and return its first page."""
    told, run = ledger.assessment(night), ledger.run_of(night)
    if told is None or run is None:
        raise ConfigError(f"no finished record of night {night}")
    target = folder or settings.workspace / "reports" / night.isoformat()
    counting = standing(told.marks, ledger, night, settings, pack)
    write_site(
        target, Story(settings, pack, told, run, ledger.runs(night), counting, frozenset(redacted(settings.workspace)))
    )
    return target / "index.html"


def write_site(folder: Path, story: Story) -> int:
    """Write the report into *folder* and return the number of files."""
    total = 0
    try:
        for name, text in pages(story):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "replace"))
            total += 1
    except OSError as error:
        raise ConfigError(f"the report cannot be written to {folder}: {error.strerror}") from None
    return total


def pages(story: Story) -> Iterator[tuple[str, str]]:
    """Yield path and text of every file. Findings for owner and operator alone are left out, whoever asks."""
    story = story.public()
    chosen = report_languages(story)
    environment = _environment()
    yield "style.css", resources.files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    yield from _data(story)
    site = _Site(environment, story, chosen)
    front = fallback_language() if fallback_language() in chosen else chosen[0]
    yield "index.html", site.render("choose.html", Lens(story, front), "index.html", root="", lenses=site.lenses)
    yield from site.pages()


def report_languages(story: Story) -> tuple[str, ...]:
    """Return the languages of the report: those the settings name, or all catalogues."""
    wanted = story.settings.publish.languages
    missing = sorted(set(wanted or ()) - set(languages()))
    if missing:
        raise ConfigError(f"publish.languages: no texts in {', '.join(missing)}; accepted: {', '.join(languages())}")
    return wanted or languages()


def _data(story: Story) -> Iterator[tuple[str, str]]:
    run, night, told = story.run.id, story.night, story.assessment
    marks = [mark_document(run, night, item) for item in told.marks]
    yield "marks.json", msgspec.json.format(msgspec.json.encode(marks)).decode() + "\n"
    lines = (finding_document(item, run, night, excerpts=story.excerpts, gone=story.gone) for item in told.findings)
    yield "findings.jsonl", "".join(msgspec.json.encode(item).decode() + "\n" for item in lines)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        kind=looks.kind, glyph=looks.glyph, sign=looks.glyph_of, measure=looks.measure, web=looks.web_address
    )
    environment.globals.update(
        mark_file=mark_file, agency_file=agency_file, profile_file=profile_file, seen_share=looks.seen_share
    )
    return environment


class _Site:
    """The pages of one story in the chosen languages."""

    def __init__(self, environment: Environment, story: Story, chosen: tuple[str, ...]) -> None:
        self.environment = environment
        self.story = story
        self.proofs = Proofs(story.assessment)
        self.lenses = tuple(Lens(story, language) for language in chosen)

    def render(self, template: str, lens: Lens, path: str, *, root: str, **values: Any) -> str:
        """Return a page. *path* is its place below the language's folder, the same in every language."""
        page = self.environment.get_template(template)
        return page.render(lens=lens, t=lens.t, story=self.story, site=self, path=path, root=root, **values)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield every page in every language."""
        for path, template, values in self._plan():
            root = "../" * (path.count("/") + 1)
            for lens in self.lenses:
                yield f"{lens.language}/{path}", self.render(template, lens, path, root=root, **values)

    def _plan(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        story, told = self.story, self.story.assessment
        ids = tuple(item.id for item in story.agencies)
        all_profiles = profiles(story.marks, story.profile)
        for profile in all_profiles:
            table = matrix(story.marks, profile, ids)
            values = {
                "table": table,
                "profiles": all_profiles,
                "scopes": scopes(told.coverage),
                "hosts": hosts(told.coverage),
            }
            yield profile_file(profile, story.profile), "index.html", values
        yield "rules.html", "rules.html", {"rules": told.rules}
        bodies = sorted({*ids, *(item.agency for item in story.marks if item.agency)})
        for agency in bodies:
            yield f"agency/{agency_file(agency)}", "agency.html", self._agency(agency)
        for mark in story.marks:
            if mark.reason != NO_RULE:
                yield f"mark/{mark_file(mark)}", "mark.html", self._mark(mark)

    def _agency(self, agency: str) -> dict[str, Any]:
        story, told, known = self.story, self.story.assessment, self.story.settings.agency(agency)
        own = [item.id for item in known.scopes_on(self.story.night)] if known else []
        marks = [item for item in story.marks if item.agency == agency and item.reason != NO_RULE]
        return {
            "agency": agency,
            "marks": marks,
            "fixes": fixes(told.findings, agency),
            "scopes": of_scopes(told.coverage, own),
            "limit": _FINDINGS_SHOWN,
        }

    def _mark(self, mark: Mark) -> dict[str, Any]:
        deciding, others = self.proofs.behind(mark)
        return {
            "mark": mark,
            "said": self.story.said(mark),
            "deciding": looks.by_weight(deciding),
            "others": looks.by_weight(others),
            "limit": _FINDINGS_SHOWN,
            "bodies": [
                item
                for item in self.story.marks
                if mark.agency is None
                and item.agency
                and (item.indicator, item.profile) == (mark.indicator, mark.profile)
            ],
        }
