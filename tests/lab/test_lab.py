"""The lab keeps its promises: every planted fact is really served, and nothing depends on the clock."""

from __future__ import annotations

import http.client
import re
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from config.loader import load
from config.personal import is_iin
from tests.lab import country, lists, newcomers, plans
from tests.lab.asking import fetch, footer, main_text
from tests.lab.pages import SiteBuilder
from tests.lab.server import Country, Server
from tests.lab.standing import FORMER, LABELS
from tests.lab.words import KAZAKH_LETTERS, LANGUAGES, section, section_names, texts, written

PLANS = newcomers.PLANS
PROFILES = ("assessment_2014", "order_124_2025")
THREE_SITES = ("one", "two", "three")


def test_every_language_has_the_same_words_and_texts() -> None:
    assert len({tuple(texts(language)["frame"]) for language in LANGUAGES}) == 1
    assert len({tuple(texts(language)["sections"]) for language in LANGUAGES}) == 1
    assert len({len(texts(language)["news"]) for language in LANGUAGES}) == 1
    assert len({len(texts(language)["places"]) for language in LANGUAGES}) == 1
    assert len({tuple(texts(language)["files"]) for language in LANGUAGES}) == 1


@pytest.mark.parametrize("name", section_names())
def test_versions_of_a_section_are_of_like_length_and_of_their_own_language(name: str) -> None:
    bodies = {language: " ".join(section(language, name).paragraphs) for language in LANGUAGES}
    lengths = [len(body) for body in bodies.values()]
    assert min(lengths) > 600
    assert max(lengths) / min(lengths) < 1.5
    assert len(KAZAKH_LETTERS & set(bodies["kk"])) > 4
    assert not KAZAKH_LETTERS & set(bodies["ru"])
    assert bodies["en"].isascii()


def test_good_answers_every_section_in_three_languages(lab: Server) -> None:
    for language in LANGUAGES:
        for name in section_names():
            status, _headers, body = fetch(lab, "good.lab", f"/{language}/{name}/")
            assert status == 200
            assert body.count("hreflang=") == 3
            assert section(language, name).title in body


def test_good_has_lying_lang_attributes_and_latin_letters_in_kazakh_words(lab: Server) -> None:
    assert '<html lang="ru">' in fetch(lab, "good.lab", "/en/news/")[2]
    assert '<html lang="javascript">' in fetch(lab, "good.lab", "/kk/tasks/")[2]
    services = fetch(lab, "good.lab", "/kk/services/")[2]
    assert "қызметі" not in main_text(services)
    assert re.search(r"[а-яәғқңөұүһ]i", main_text(services))
    assert re.search(r"[а-яәғқңөұүһі][aoec]", main_text(fetch(lab, "good.lab", "/kk/budget/")[2]))


def test_good_states_an_open_licence_and_credits_others_in_an_article(lab: Server) -> None:
    body = fetch(lab, "good.lab", "/ru/news/3/")[2]
    assert 'rel="license"' in footer(body)
    assert "©" not in footer(body)
    assert "© Reuters. Все права защищены" in main_text(body)


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.agency)
def test_news_dates_are_planted_relative_to_the_night(plan: plans.SitePlan) -> None:
    for night in (country.NIGHT, date(2027, 3, 1)):
        answers = lists.with_lists(SiteBuilder(plan, night, 1234))
        everything = " ".join(answer.body.decode("utf-8", "replace") for answer in answers.values())
        for number, offset in enumerate(plan.news):
            day, own = night - timedelta(days=offset), plan.speaks if "news" in plan.untranslated else plan.languages[0]
            forms = {written(day, own or "ru", form) for form in range(3)} | {day.isoformat()}
            forms |= {f"{day:%d %b %Y}"} if plan.undated else set()
            assert any(form in everything for form in forms), (number, offset)


def test_lists_date_pages_truly_or_give_all_of_them_the_night(lab: Server) -> None:
    own, same = (fetch(lab, host, "/sitemap.xml")[2] for host in ("good.lab", "bad.lab"))
    assert set(re.findall(r"<lastmod>(.*?)</lastmod>", same)) == {country.NIGHT.isoformat()}
    newest = country.NIGHT - timedelta(days=plans.WEEKLY[0])
    assert re.search(rf"/ru/news/1/</loc><lastmod>{newest}</lastmod>", own)
    assert len(set(re.findall(r"<lastmod>(.*?)</lastmod>", own))) == len(plans.WEEKLY) + 1
    lively = fetch(lab, "merged.lab", "/rss.xml")[2]
    assert lively.count("<item>") == len(newcomers.LIVELY)
    assert 'type="application/rss+xml" href="/rss.xml"' in fetch(lab, "merged.lab", "/news/")[2]
    assert "<time" not in fetch(lab, "heir.lab", "/ru/news/")[2]


@pytest.mark.parametrize("plan", [item for item in PLANS if item.standing], ids=lambda plan: plan.agency)
def test_pages_of_long_standing_say_their_age_or_nothing(lab: Server, plan: plans.SitePlan) -> None:
    built = SiteBuilder(plan, country.NIGHT, lab.port)
    for name, state in plan.standing.items():
        for language in plan.languages:
            main = main_text(fetch(lab, plan.host, built.href(language, name))[2])
            assert (LABELS[language] in main) is (state != "undated")
            assert (FORMER[language] in main) is (state == "aged")


def test_gaps_of_the_news_are_those_of_the_truth_table() -> None:
    gaps = {plan.agency: max(b - a for a, b in pairwise(plan.news) if a <= 90) for plan in PLANS}
    newest = {plan.agency: plan.news[0] for plan in PLANS}
    weekly = dict.fromkeys(("soft", "busy", "scans", "files", "cookie", "heir"))
    first = {"good": 1, "bad": 40, "half": 3, "one": 2, "two": 5, "three": 2}
    assert newest == first | dict.fromkeys(weekly, 2) | {"old": 40, "merged": 40}
    first = {"good": 6, "bad": 31, "half": 20, "one": 6, "two": 6, "three": 6}
    assert gaps == first | dict.fromkeys(weekly, 7) | {"old": 31, "merged": 31}
    assert all(plan.news[-1] > 90 for plan in PLANS)


def test_a_date_of_the_stale_site_would_be_fresh_if_read_month_first(lab: Server) -> None:
    body = fetch(lab, "bad.lab", "/news/")[2]
    days = re.findall(r"\b(\d\d)\.(\d\d)\.(2026)\b", main_text(body))
    swapped = [date(int(year), int(day), int(month)) for day, month, year in days if int(day) <= 12]
    assert any(timedelta(0) <= country.NIGHT - item <= timedelta(days=7) for item in swapped)


def test_bad_is_russian_alone_restricted_and_small(lab: Server) -> None:
    pages = [target for target, answer in lab.country.hosts["bad.lab"].items() if "html" in answer.content_type]
    assert len(pages) < 40
    body = fetch(lab, "bad.lab", "/")[2]
    assert '<html lang="kk">' in body
    assert "Все права защищены" in footer(body)
    assert written(country.NIGHT, "ru") in body  # today's date in the header
    for target in ("/english-school/", "/energy/", "/kz-export/", "/rules/"):
        assert not KAZAKH_LETTERS & set(main_text(fetch(lab, "bad.lab", target)[2])), target
    assert "hreflang" not in body


def test_half_leaves_four_kazakh_sections_in_russian_and_has_no_english(lab: Server) -> None:
    russian = {
        name
        for name in section_names()
        if not KAZAKH_LETTERS & set(main_text(fetch(lab, "half.lab", f"/kk/{name}/")[2]))
    }
    assert russian == {"statistics", "budget", "documents", "integrity"}
    assert "/en/" not in fetch(lab, "half.lab", "/kk/")[2]
    notice = footer(fetch(lab, "half.lab", "/ru/")[2])
    assert "©" in notice
    assert "права" not in notice
    assert fetch(lab, "half.lab", "/kk/old-page/")[0] == 200  # a missing page that says so with status 200


def test_blocked_shows_a_block_page_for_every_address(lab: Server) -> None:
    answers = [fetch(lab, "blocked.lab", target) for target in ("/", "/robots.txt", "/kk/news/")]
    assert {status for status, _headers, _body in answers} == {200}
    assert all("Incident ID" in body for _status, _headers, body in answers)
    assert len({body for _status, _headers, body in answers}) == 3


def test_down_refuses_connections(lab: Server) -> None:
    connection = http.client.HTTPConnection(country.DOWN_ADDRESS, lab.port, timeout=5)
    with pytest.raises(ConnectionRefusedError):
        connection.request("GET", "/")


def test_shared_host_carries_three_agencies(lab: Server) -> None:
    assert "Disallow: /three/" in fetch(lab, "shared.lab", "/robots.txt")[2]
    russian = fetch(lab, "shared.lab", "/one/budget/?lang=ru")[2]
    assert section("ru", "budget").title in main_text(russian)
    assert "Все права защищены" in footer(russian)
    copied = fetch(lab, "shared.lab", "/two/budget/?lang=ru")[2]
    assert section("kk", "budget").title in main_text(copied)
    assert "Разделы" in copied or "Новости" in copied  # the frame is Russian all the same
    assert fetch(lab, "shared.lab", "/three/?lang=en")[0] == 200  # reachable: only robots.txt keeps it out


def test_traps_are_served(lab: Server) -> None:
    body = fetch(lab, "good.lab", "/ru/appeals/")[2]
    assert 'href="/logout"' in body
    assert 'href="tel:' in body
    assert 'href="mailto:' in body
    assert fetch(lab, "good.lab", "/logout")[0] == 302
    assert fetch(lab, "good.lab", "/")[1]["location"] == "/kk/"
    assert fetch(lab, "good.lab", "/ru/main/")[0] == 301
    assert fetch(lab, "good.lab", "/ru/old-page/")[0] == 404
    assert fetch(lab, "good.lab", "/files/report.pdf")[1]["content-type"] == "application/pdf"
    assert fetch(lab, "good.lab", "/sitemap.xml")[2].count("<loc>") > 90
    assert f"outside.lab:{lab.port}" in fetch(lab, "good.lab", "/kk/opendata/")[2]
    assert fetch(lab, "good.lab", f"/calendar/?month={country.NIGHT:%Y-%m}")[0] == 200
    assert fetch(lab, "good.lab", "/ru/", "HEAD")[2] == ""


def test_unchanged_page_is_answered_with_304(lab: Server) -> None:
    tag = fetch(lab, "good.lab", "/ru/about/")[1]["etag"]
    connection = http.client.HTTPConnection("127.0.0.1", lab.port, timeout=5)
    connection.request("GET", "/ru/about/", headers={"Host": "good.lab", "If-None-Match": tag})
    assert connection.getresponse().status == 304
    connection.close()
    assert "etag" not in fetch(lab, "bad.lab", "/about/")[1]


def test_news_lists_hold_an_old_pinned_item_and_events_to_come(lab: Server) -> None:
    body = main_text(fetch(lab, "bad.lab", "/news/")[2])
    assert written(country.NIGHT - timedelta(days=400), "ru") in body
    assert written(country.NIGHT + timedelta(days=12), "ru") in body


def test_every_link_into_the_lab_is_answered(lab: Server) -> None:
    broken = set()
    for plan in PLANS:
        for answer in SiteBuilder(plan, country.NIGHT, lab.port).build().values():
            for href in re.findall(r'<a[^>]*href="(/[^"]*)"', answer.body.decode("utf-8", "replace")):
                target = href.replace("&amp;", "&").partition("#")[0]
                if lab.country.answer(plan.host, target).status == 404:
                    broken.add((plan.agency, re.sub(r"[?&]lang=\w+", "", target)))
    by_path = {
        (plan.agency, f"/{language}/old-page/")
        for plan in PLANS
        for language in plan.languages
        if plan.scheme == "prefix" and not plan.soft_404
    }
    plain = {(plan.agency, "/old-page/") for plan in PLANS if plan.scheme == "none"}
    assert broken == by_path | plain | {(name, f"/{name}/old-page/") for name in THREE_SITES}


def test_secrets_are_planted_beside_the_evidence(lab: Server) -> None:
    everything = "".join(
        answer.body.decode("utf-8", "replace") for answers in lab.country.hosts.values() for answer in answers.values()
    )
    for secret in plans.SECRETS:
        assert (secret.value in everything) is secret.in_bodies, secret
    assert all(is_iin(number) for number in plans.IINS)
    assert plans.OPERATOR_KEY in str(country.config(country.NIGHT, lab.port, "w"))


def test_pages_of_a_night_are_always_the_same() -> None:
    assert Country(country.NIGHT, 1).hosts == Country(country.NIGHT, 1).hosts


def test_config_is_accepted(lab: Server, tmp_path: Path) -> None:
    path = country.write_config(tmp_path / "odrc.yaml", country.config(country.NIGHT, lab.port, tmp_path / "w"))
    settings = load(path).settings
    assert [agency.id for agency in settings.agencies] == list(country.AGENCIES)


@pytest.mark.parametrize("night", [1, 2])
def test_truth_table_is_complete(night: int) -> None:
    rows = [row for row in country.expected() if row.night == night]
    keys = [(row.agency, row.indicator, row.profile) for row in rows]
    table = country.truth()
    gone = {"merged"} if night == 2 else set()
    bodies = [None, *(name for name in country.AGENCIES if name not in gone)]
    wanted = {
        (body, indicator, profile)
        for body in bodies
        for indicator in country.named("all", table)
        for profile in PROFILES
    }
    owners = set(country.OWNERS.values())
    wanted |= {
        (owner, name, profile) for owner in owners for name in table["indicators"]["portal"] for profile in PROFILES
    }
    wanted |= {
        (body, name, profile) for body in bodies[1:] for name in table["indicators"]["shown"] for profile in PROFILES
    }
    assert len(set(keys)) == len(keys)
    assert {item for item in keys if item[1] not in table["indicators"]["some"]} == wanted
    assert [row for row in country.expected("with") if row.night == night] == rows
    assert all(row.why and row.mark in ("+", "-", "0", None) for row in rows)
    assert not [row for row in rows if row.profile == "order_124_2025" and row.mark == "-"]
    assert set(table["seen_country"]["agencies"]) < set(country.AGENCIES)
