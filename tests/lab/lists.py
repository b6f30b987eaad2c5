"""The feeds and sitemaps of the lab's sites: some date what they list truly, one gives every page the day it was made."""

from __future__ import annotations

from datetime import date, timedelta
from email.utils import format_datetime
from html import escape

from tests.lab.pages import PLAIN, Answer, SiteBuilder
from tests.lab.words import news, written_at

RSS = "application/rss+xml; charset=utf-8"
XML = "application/xml"
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
STANDING = 45
"""Days before the night on which a page without a date of its own is said to have changed."""


def with_lists(builder: SiteBuilder) -> dict[str, Answer]:
    """Return the answers of a site with its feed, its sitemap and the robots.txt that names it."""
    plan, answers = builder.plan, builder.build()
    if plan.sitemap:
        answers["/sitemap.xml"] = sitemap(builder, answers)
        answers["/robots.txt"] = robots(f"http://{plan.host}:{builder.port}", "Disallow: /admin/")
    if plan.feed:
        answers[f"{plan.root}rss.xml"] = feed(builder)
    return answers


def feed(builder: SiteBuilder) -> Answer:
    """Return the RSS feed of a site: its newest entries in its first language, each with the moment it was posted."""
    plan, night = builder.plan, builder.night
    language = plan.languages[0]
    base = f"http://{plan.host}:{builder.port}"
    rows = "".join(
        f"<item><title>{escape(news(language, number).title)}</title>"
        f"<link>{base}{escape(builder.href(language, 'news'))}#n{number + 1}</link>"
        f"<pubDate>{format_datetime(written_at(night - timedelta(days=days), number))}</pubDate></item>"
        for number, days in enumerate(plan.feed)
    )
    title = escape(plan.names[language])
    channel = f"<title>{title}</title><link>{base}/</link><lastBuildDate>{format_datetime(written_at(night, 0))}</lastBuildDate>"
    return Answer(
        f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}{rows}</channel></rss>'.encode(), content_type=RSS
    )


def sitemap(builder: SiteBuilder, answers: dict[str, Answer]) -> Answer:
    """Return the sitemap of a site: pages of news with their days, or every page with the night's."""
    plan = builder.plan
    base = f"http://{plan.host}:{builder.port}"
    days = _days(builder)
    pages = [
        target for target, answer in answers.items() if answer.status == 200 and "text/html" in answer.content_type
    ]
    rows = "".join(
        f"<url><loc>{base}{escape(target)}</loc><lastmod>{days.get(target, _otherwise(builder)).isoformat()}</lastmod></url>"
        for target in sorted(pages)
    )
    return Answer(
        f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{SPACE}">{rows}</urlset>'.encode(), content_type=XML
    )


def robots(base: str, *lines: str) -> Answer:
    """Return a robots.txt that names the sitemap."""
    said = ("User-agent: *", *lines, f"Sitemap: {base}/sitemap.xml", "")
    return Answer("\n".join(said).encode(), content_type=PLAIN)


def _days(builder: SiteBuilder) -> dict[str, date]:
    """Return the day of each page that has one of its own."""
    plan = builder.plan
    if plan.sitemap != "own" or not plan.news_pages:
        return {}
    return {
        builder.href(language, f"news/{number + 1}"): builder.day(days)
        for language in plan.languages
        for number, days in enumerate(plan.news)
    }


def _otherwise(builder: SiteBuilder) -> date:
    return builder.day(STANDING if builder.plan.sitemap == "own" else 0)
