"""Information is not offered as pictures of text only.

What it asks
    Of every PDF, Word document or large picture that a page links to: is there text in it, or only the picture of a
    page; and if so, does the text stand beside it?

Why
    A scan cannot be searched, read aloud or computed with. "No text layer" alone is no scan: pages must be pictures.

Outcomes
    pass: text is in it; or a file of the same name with text or data is linked from the same page.
    unclear: the only scan of a page, or one of the same title, beside the text of the page itself (a signed order); the
    only scan among other files with text; pictures with a few letters; a large picture (JPG was an allowed form once);
    neither text nor picture; the linking page unseen.
    fail: pages are pictures without text, and nothing stands beside them; one of several scans on a page, where prose
    about other things is no alternative.
    not_observed: the file was not answered, is encrypted, or could not be read.

Traps
    Drawings have no text and are no scans. Photos, seals and decoration: small pictures, banners, what news show and
    what lies on its side outside sections of data are left out. The official text of an act may stand elsewhere.

Law
    Criterion of the assessment of 2014; the share decides, never one scan.
"""

from __future__ import annotations

import re

from checks.context import RuleContext
from checks.facts.model import FactKind, FileFacts
from checks.findings import Measure, Outcome, Result, SubjectKind
from checks.formats import judge
from checks.reasons import reason_of
from checks.registry import rule
from checks.rules.fmt_evidence import data_section, is_kind, stem, tell, twins
from checks.subjects import FileSubject
from config.formats import Family, formats

LEAST_PIXELS = 700
_PAPERS = ("pdf", "doc", "docx", "odt")
_SHEET = (1.2, 1.7)
"""Height to width of a sheet of paper, as scanners and telephones take it: A4 is 1.41, letter 1.29, 3:2 is 1.5."""
_BANNER = 2.2
LEAST_LETTERS = 40
PAGE_LETTERS = 600


@rule(
    id="FMT-03", version=2, indicators=("image_only",), subject=SubjectKind.FILE,
    needs=frozenset({FactKind.FILE, FactKind.PAGE, FactKind.BODY}), none_found="no_documents",
)  # fmt: skip
def no_picture_of_text(subject: FileSubject, context: RuleContext) -> Result | None:
    """Judge one document or picture; other files say nothing."""
    facts = subject.facts
    if facts is None:
        paper = subject.capture.url.lower().endswith((".pdf", ".doc", ".docx"))
        return Result(Outcome.NOT_OBSERVED, reason_of(subject.capture)) if paper else None
    if is_kind(facts, *_PAPERS):
        outcome, reason = _document(subject, facts, context)
    elif _is_large_picture(facts) and _may_be_text(subject, facts, context):
        outcome, reason = _only_form(subject, "picture_form", context)
    else:
        return None
    found: dict[str, Measure] = {"type": facts.sniffed_type, "pages": facts.pages, "image_pages": facts.image_pages}
    return Result(outcome, reason, found | {"letters": facts.letters}, (subject.cite("text:type", tell(facts)),))


def _document(subject: FileSubject, facts: FileFacts, context: RuleContext) -> tuple[Outcome, str]:
    if not facts.parses:
        return Outcome.NOT_OBSERVED, judge(facts).reason
    pages, pictures, letters = facts.pages or 1, facts.image_pages or 0, facts.letters or 0
    if letters >= int(context.params.get("least_letters", LEAST_LETTERS)) * (pages if pictures else 1):
        return Outcome.PASS, "text_layer"
    if _is_scan(facts):
        return _only_form(subject, "image_only", context)
    return (Outcome.UNCLEAR, "mostly_pictures") if pictures else (Outcome.PASS, "text_layer") if letters else (
        Outcome.UNCLEAR, "no_text"
    )  # fmt: skip


def _is_scan(facts: FileFacts) -> bool:
    return is_kind(facts, *_PAPERS) and bool(facts.parses and facts.image_pages and not facts.letters)


def _is_large_picture(facts: FileFacts) -> bool:
    known = formats().get(facts.sniffed_type or "")
    size = min(facts.width or 0, facts.height or 0)
    return known is not None and known.family is Family.IMAGE and size >= LEAST_PIXELS


def _may_be_text(subject: FileSubject, facts: FileFacts, context: RuleContext) -> bool:
    """Tell a picture that may show a page or a table from photos and decoration: by its shape, and by where it stands.

    News and galleries show photos. Elsewhere an upright sheet, or any page of a TIFF, is taken for a scan; a picture
    that lies on its side counts in a section of data only, and never as wide as a banner.
    """
    page = subject.page
    if page is not None and page.facts.section_kinds:
        return False
    width, height = facts.width or 1, facts.height or 1
    if facts.sniffed_type == "tif" or _SHEET[0] <= height / width <= _SHEET[1]:
        return True
    return max(width, height) / min(width, height) <= _BANNER and data_section(page, context) is not False


def _only_form(subject: FileSubject, reason: str, context: RuleContext) -> tuple[Outcome, str]:
    """Look for the text beside a picture: a file of the same name, the page itself, other files.

    A page can hold the text of one scan, in as many languages as the country has, not of more: prose about other things
    is no alternative to any of them.
    """
    if any(_has_text(item) for item in twins(subject)):
        return Outcome.PASS, "text_beside"
    if subject.page is None:
        return Outcome.UNCLEAR, "page_unseen"
    look_alike = _is_scan if reason == "image_only" else _is_large_picture
    others = [(item, capture.sha256) for capture in subject.beside if (item := subject.view.file(capture))]
    alike = {digest for item, digest in others if look_alike(item)} | {subject.capture.sha256}
    alone = len(alike) <= len(context.pack.languages)
    long = subject.page.facts.main_letters >= int(context.params.get("page_letters", PAGE_LETTERS))
    if long and (alone or _words(stem(subject.capture.url)) == _words(subject.page.facts.heading)):
        return Outcome.UNCLEAR, "signed_scan"
    texts = sum(_has_text(item) for item, _digest in others)
    if alone and texts > len(others) - texts:
        return Outcome.UNCLEAR, "other_files_beside"
    return (Outcome.FAIL if reason == "image_only" else Outcome.UNCLEAR), reason


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def _has_text(facts: FileFacts) -> bool:
    known = formats().get(facts.sniffed_type or "")
    paper = known is None or known.family in (Family.IMAGE, Family.ARCHIVE, Family.MEDIA, Family.SERVICE)
    return bool(facts.parses) and not paper and facts.text_layer is not False
