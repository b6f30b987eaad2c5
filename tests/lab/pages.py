"""Builds every page of a site from its plan. All dates are planted relative to the night; nothing reads a clock."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

from tests.lab.files import all_files
from tests.lab.plans import LICENCE, LINK_KEY, PHONES, PLATFORM_FOOTER, SitePlan
from tests.lab.standing import said_of_age, standing
from tests.lab.words import LANGUAGES, LATIN_I, LATIN_LOOKALIKES, Text, file_title, frame, news, section, written

HTML = "text/html; charset=utf-8"
PLAIN = "text/plain; charset=utf-8"
PER_PAGE = 10
SWITCH = {"kk": "Қаз", "ru": "Рус", "en": "Eng"}
FUTURE = (5, 12, 20)
CALENDAR_MONTHS = 3


@dataclass(frozen=True)
class Answer:
    """What the server says to one address."""

    body: bytes
    status: int = 200
    content_type: str = HTML
    location: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Page:
    """One page before it is wrapped in the frame. `slug` is its address within a language; None: it has no language."""

    slug: str | None
    kind: str
    title: str
    main: str


class SiteBuilder:
    """All answers of one site, by address (path and query)."""

    def __init__(self, plan: SitePlan, night: date, port: int) -> None:
        self.plan, self.night, self.port = plan, night, port
        self.answers: dict[str, Answer] = {}

    def build(self) -> dict[str, Answer]:
        """Return the answers by path and query."""
        for language in self.plan.languages:
            for page in self._pages(language):
                self._add(language, page)
        self._extras()
        return self.answers

    def href(self, language: str, slug: str) -> str:
        """Return the address of a page in a language."""
        plan = self.plan
        path, _, query = slug.partition("?")
        tail = f"{path}/" if path else ""
        if plan.scheme == "prefix":
            return f"{plan.root}{language}/{tail}" + (f"?{query}" if query else "")
        if plan.scheme == "query":
            return f"{plan.root}{tail}?lang={language}" + (f"&{query}" if query else "")
        return f"{plan.root}{tail}" + (f"?{query}" if query else "")

    def text_language(self, language: str, kind: str) -> str:
        """Return the language that the main text really is in."""
        plan = self.plan
        wrong = kind in plan.untranslated and (plan.speaks is not None and language != plan.speaks)
        return plan.speaks or language if wrong else language

    def day(self, offset: int) -> date:
        """Return the date *offset* days before the night."""
        return self.night - timedelta(days=offset)

    def _pages(self, language: str) -> list[Page]:
        plan = self.plan
        pages = [self._home(language)]
        for name, slug in plan.sections.items():
            text = self._homoglyphs(section(self.text_language(language, name), name), language, name)
            pages.append(Page(slug, name, text.title, _article(text, self._section_extra(language, name))))
        for name, state in plan.standing.items():
            text = standing(language, name)
            pages.append(Page(name, name, text.title, _article(text, said_of_age(language, state, self.night))))
        starts = range(0, len(plan.news), PER_PAGE)
        pages += [self._news_list(language, start) for start in starts]
        if plan.news_pages:
            pages += [self._news_item(language, number) for number in range(len(plan.news))]
        return pages

    def _homoglyphs(self, text: Text, language: str, name: str) -> Text:
        if not self.plan.homoglyphs or language != "kk" or name not in ("services", "budget", "news"):
            return text
        table = LATIN_LOOKALIKES if name == "budget" else LATIN_I
        return Text(text.title, tuple(paragraph.translate(table) for paragraph in text.paragraphs))

    def _home(self, language: str) -> Page:
        own = self.text_language(language, "home")
        items = "".join(self._item(own, number, language) for number in self._told(language, 0, 5))
        main = (
            f"<h1>{escape(self.plan.names[own])}</h1><p>{frame(own, 'welcome')}</p><ul class='news-list'>{items}</ul>"
        )
        return Page("", "home", self.plan.names[own], main)

    def _item(self, own: str, number: int, language: str) -> str:
        day = self.day(self.plan.news[number])
        shown = escape(written(day, own, number + 1))
        dated = f'<span class="date">{shown}</span>'
        if number % 4 == 3:
            dated = f'<time class="date" datetime="{day.isoformat()}">{escape(written(day, own))}</time>'
        if self.plan.undated:
            dated = ""
        own_page = self.href(language, f"news/{number + 1}")
        link = own_page if self.plan.news_pages else f"{self.href(language, 'news')}#n{number + 1}"
        title = escape(news(own, number).title)
        return f'<li class="news-item">{dated} <a href="{escape(link)}">{title}</a></li>'

    def _told(self, language: str, start: int, most: int) -> list[int]:
        """Return the numbers of the news that a language's list shows from a place on."""
        numbers = range(start, min(start + most, len(self.plan.news)))
        return [number for number in numbers if number not in self.plan.untold.get(language, ())]

    def _pinned(self, own: str, language: str) -> str:
        shown = written(self.day(self.plan.pinned), own)
        link = escape(self.href(language, self.plan.sections["appeals"]))
        return (
            f'<li class="news-item pinned"><span class="date">{shown}</span> '
            f'<a href="{link}">{frame(own, "pinned")}</a></li>'
        )

    def _news_list(self, language: str, start: int) -> Page:
        own = self.text_language(language, "news")
        items = "".join(self._item(own, number, language) for number in self._told(language, start, PER_PAGE))
        pinned = self._pinned(own, language) if start == 0 else ""
        pages = range(1, -(-len(self.plan.news) // PER_PAGE) + 1)
        slugs = {page: "news" if page == 1 else f"news?page={page}" for page in pages}
        pager = " ".join(f'<a href="{escape(self.href(language, slug))}">{page}</a>' for page, slug in slugs.items())
        title = frame(own, "news")
        main = (
            f'<h1>{title}</h1><ul class="news-list">{pinned}{items}</ul><p class="pager">{pager}</p>{self._events(own)}'
        )
        return Page(slugs[start // PER_PAGE + 1], "news", title, main)

    def _events(self, own: str) -> str:
        """Return a box of events to come: dates after the night, which make nothing fresh."""
        rows = "".join(
            f'<li class="event"><b>{written(self.day(-offset), own)}</b> <a href="#event-{offset}">'
            f"{escape(news(own, offset).title)}</a></li>"
            for offset in FUTURE
        )
        return f'<section class="events"><h2>{frame(own, "events")}</h2><ul>{rows}</ul></section>'

    def _news_item(self, language: str, number: int) -> Page:
        own = self.text_language(language, "news")
        text = news(own, number)
        if number == 1:
            text = self._homoglyphs(text, language, "news")
        shown = f'<p class="date">{escape(written(self.day(self.plan.news[number]), own, number + 1))}</p>'
        credit = "<p>Фото: © Reuters. Все права защищены.</p>" if number == 2 else ""
        return Page(f"news/{number + 1}", "item", text.title, _article(text, shown + credit))

    def _section_extra(self, language: str, name: str) -> str:
        own = self.text_language(language, name)
        href = self.href(language, "about?print=1")
        extras = {
            "about": f'<p><a href="{escape(href)}">{frame(own, "print")}</a> '
            f'<a href="{self.plan.root}files/report.pdf">{frame(own, "report")}</a></p>',
            "opendata": self._offers(own),
            "documents": f'<p><a href="{escape(self.href(language, "old-page"))}">№ 598</a></p>',
            "services": f'<p><a href="{escape(self.href(language, "main"))}">{frame(own, "home")}</a></p>',
            "appeals": f'<p><a href="tel:+77172740011">{PHONES[0]}</a> <a href="{self.plan.root}logout">'
            f"{frame(own, 'logout')}</a></p>",
        }
        return extras.get(name, "")

    def _offers(self, own: str) -> str:
        """Return the links of the open data page: files, an interface, and a host that is nobody's."""
        plan = self.plan
        rows = "".join(
            f'<li><a href="{plan.root}files/{name}">{escape(file_title(own, name))} '
            f"({name.rpartition('.')[2].upper()})</a></li>"
            for name in (*plan.files, *plan.dead)
        )
        listed = f'<ul class="files">{rows}</ul>' if rows else ""
        api = f'<a href="{plan.root}api/v4/schools?apiKey={LINK_KEY}">API</a> ' if plan.api else ""
        return f'{listed}<p>{api}<a href="http://outside.lab:{self.port}/data/">outside.lab</a></p>'

    def _add(self, language: str, page: Page) -> None:
        answer = Answer(self._wrap(language, page).encode())
        self.answers[self.href(language, page.slug or "")] = answer
        if page.kind == "about":
            self.answers[self.href(language, "about?print=1")] = Answer(self._print(language, page).encode())

    def _print(self, language: str, page: Page) -> str:
        head = self._alternates("about")
        title = escape(page.title)
        return (
            f'<!DOCTYPE html><html lang="{language}"><head><title>{title}</title>{head}</head>'
            f"<body>{page.main}</body></html>"
        )

    def _alternates(self, slug: str | None) -> str:
        if slug is None or not self.plan.hreflang or len(self.plan.languages) == 1:
            return ""
        base = f"http://{self.plan.host}:{self.port}"
        return "".join(
            f'<link rel="alternate" hreflang="{language}" href="{base}{escape(self.href(language, slug))}">'
            for language in self.plan.languages
        )

    def _wrap(self, language: str, page: Page) -> str:
        plan = self.plan
        declared = plan.declared.get(page.kind, language)
        licence = f'<link rel="license" href="{LICENCE}">' if plan.licence else ""
        feed = f'<link rel="alternate" type="application/rss+xml" href="{plan.root}rss.xml">' if plan.feed else ""
        return (
            f'<!DOCTYPE html>\n<html lang="{declared}"><head><meta charset="utf-8">'
            f"<title>{escape(page.title)} | {escape(plan.names[language])}</title>"
            f"{self._alternates(page.slug)}{licence}{feed}"
            f'<script lang="javascript">var built = "{page.slug}";</script></head>\n<body>\n'
            f"<header>{self._header(language, page.slug)}</header>\n<nav>{self._menu(language)}</nav>\n"
            f"<main>{page.main}</main>\n<aside>{self._aside(language)}</aside>\n"
            f"<footer><p>{plan.footer[language]}</p></footer>\n</body></html>\n"
        )

    def _header(self, language: str, slug: str | None) -> str:
        plan = self.plan
        switch = ""
        places = plan.switch or {item: self.href(item, slug or "") for item in plan.languages}
        if slug is not None and len(places) > 1:
            links = (f'<a href="{escape(place)}">{SWITCH[item]}</a>' for item, place in places.items())
            switch = f'<div class="languages">{" | ".join(links)}</div>'
        today = f'<span class="today">{frame(language, "today")}: {written(self.night, language)}</span>'
        home = escape(self.href(language, ""))
        return f'<a class="logo" href="{home}">{escape(plan.names[language])}</a> {today} {switch}'

    def _menu(self, language: str) -> str:
        entries = [
            (self.href(language, ""), frame(language, "home")),
            (self.href(language, "news"), frame(language, "news")),
        ]
        entries += [
            (self.href(language, slug), section(language, name).title) for name, slug in self.plan.sections.items()
        ]
        entries += [(self.href(language, name), standing(language, name).title) for name in self.plan.standing]
        if self.plan.calendar:
            entries.append((f"/calendar/?month={self.night:%Y-%m}", frame(language, "calendar")))
        rows = "".join(f'<li><a href="{escape(href)}">{escape(title)}</a></li>' for href, title in entries)
        return f"<ul>{rows}</ul>"

    def _aside(self, language: str) -> str:
        rates = {"kk": "Валюта бағамы", "ru": "Курсы валют на", "en": "Exchange rates for"}[language]
        return f"<p>{rates} {self.day(1):%d.%m.%Y}: USD 512,40; EUR 590,15</p>"

    def _extras(self) -> None:
        plan = self.plan
        for name in ("report.pdf", *plan.files):
            offered = all_files()[name]
            self.answers[f"{plan.root}files/{name}"] = Answer(offered.body, content_type=offered.content_type)
        for language, place in plan.switch.items():
            kept = (("Set-Cookie", f"egovLang={language}; Path=/"),)
            self.answers[place] = Answer(b"", 302, location=plan.root, headers=kept)
        self.answers[f"{plan.root}logout"] = Answer(b"", 302, location=plan.root)
        api = b'{"totalCount": 2, "data": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]}'
        self.answers[f"{plan.root}api/v4/schools"] = Answer(api, content_type="application/json")
        for language in plan.languages:
            self.answers[self.href(language, "main")] = Answer(b"", 301, location=self.href(language, ""))
        if plan.home:
            self.answers[plan.root] = self.answers[self.href(plan.home, "")]
        elif plan.scheme == "prefix":
            self.answers[plan.root] = Answer(b"", 302, location=self.href(plan.languages[0], ""))
        if plan.calendar:
            self._calendar()

    def _calendar(self) -> None:
        """Add a calendar of numbers without words, from some months before the night to some months after it."""
        first = self.night.year * 12 + self.night.month - 1
        months = [
            f"{number // 12}-{number % 12 + 1:02}"
            for number in range(first - CALENDAR_MONTHS, first + CALENDAR_MONTHS + 1)
        ]
        for index, month in enumerate(months):
            near = [months[place] for place in (index - 1, index + 1) if 0 <= place < len(months)]
            links = " ".join(f'<a href="/calendar/?month={item}">{item}</a>' for item in near)
            days = "".join(f"<td>{number}</td>" for number in range(1, 29))
            main = f"<h1>{month}</h1><table><tr>{days}</tr></table><p>{links}</p>"
            page = Page(None, "calendar", month, main)
            self.answers[f"/calendar/?month={month}"] = Answer(self._wrap("kk", page).encode())


def _article(text: Text, extra: str) -> str:
    paragraphs = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in text.paragraphs)
    return f"<article><h1>{escape(text.title)}</h1>{paragraphs}{extra}</article>"


def missing(plan: SitePlan | None) -> Answer:
    """Return the answer to an address that does not exist: 404, or 200 on a site that hides it."""
    languages = plan.languages if plan else LANGUAGES
    text = "".join(f"<h1>{frame(item, 'missing')}</h1><p>{frame(item, 'missing_text')}</p>" for item in languages)
    body = (
        f"<!DOCTYPE html><html><head><title>{frame(languages[-1], 'missing')}</title></head><body>{text}</body></html>"
    )
    return Answer(body.encode(), 200 if plan and plan.soft_404 else 404)


def block_page(target: str) -> Answer:
    """Return the page that a web application firewall shows with status 200, with a number that differs by address."""
    incident = hashlib.sha256(target.encode()).hexdigest()[:18]
    body = (
        '<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>Доступ запрещён | Access denied</title>'
        '<meta name="robots" content="noindex, nofollow"></head><body><h1>Доступ запрещён</h1>'
        "<p>Ваш запрос заблокирован системой защиты веб-приложений. The requested URL was rejected: your request was "
        "blocked by the web application firewall. Please consult with your administrator.</p>"
        f"<p>Incident ID: {incident}</p></body></html>"
    )
    return Answer(body.encode())


def shell_page() -> Answer:
    """Return the shell of a site that a script draws: 2.7 KB, the same for every path, robots.txt too."""
    chunks = "".join(
        f'<link rel="preload" as="script" href="/static/js/{number}.7f3ac2d9.chunk.js">' for number in range(22)
    )
    styles = "".join(f"--space-{number}:{number * 4}px;" for number in range(50))
    body = (
        '<!DOCTYPE html><html lang="kk"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width,initial-scale=1"><title>Бірыңғай платформа</title>'
        f"<style>:root{{{styles}}}</style>{chunks}</head><body><noscript>You need to enable JavaScript to run this app."
        '</noscript><div id="root"></div><script src="/static/js/main.51be08aa.js"></script></body></html>'
    )
    return Answer(body.encode())


def platform_home(plans: Iterable[SitePlan]) -> Answer:
    """Return the first page of a platform that carries several agencies."""
    links = "".join(f'<li><a href="{plan.root}">{plan.names["ru"]}</a></li>' for plan in plans)
    footer = "".join(f"<p>{PLATFORM_FOOTER[item]}</p>" for item in LANGUAGES)
    head = "<!DOCTYPE html><html><head><title>Платформа</title></head>"
    body = f"{head}<body><ul>{links}</ul><footer>{footer}</footer></body></html>"
    return Answer(body.encode())
