from __future__ import annotations

import pytest

from crawler.capture import ExchangeOutcome
from crawler.verdicts import VERSION, Verdict, classify, near_equal, page_text
from tests.crawler.support import capture

ARTICLE = " ".join(f"Слово{number} о работе министерства и открытых данных." for number in range(80))
HTML = "text/html; charset=utf-8"


def verdict(
    text: str,
    *,
    status: int = 200,
    kind: str = HTML,
    url: str = "http://good.lab/x",
    baseline: str | None = None,
    **headers: str,
) -> tuple[Verdict, str]:
    pairs = (("Content-Type", kind), *((name.replace("_", "-"), value) for name, value in headers.items()))
    outcome = ExchangeOutcome.OK if status < 400 else ExchangeOutcome.HTTP_ERROR
    fact = classify(capture(url=url, status=status, headers=pairs, outcome=outcome), text.encode(), baseline)
    assert fact.version == VERSION
    return fact.verdict, fact.reason


def page(title: str, body: str = "", h1: str = "") -> str:
    return f"<html><head><title>{title}</title></head><body><h1>{h1}</h1><p>{body}</p></body></html>"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (page("Request unsuccessful", "Request unsuccessful. Incapsula incident ID: 1-2"), "incapsula"),
        ("<html><body><iframe src='/_Incapsula_Resource?x=1'></iframe></body></html>", "incapsula"),
        (page("Attention Required! | Cloudflare", "Sorry, you have been blocked"), "cloudflare_block"),
        (page("Just a moment...", ""), "cloudflare_challenge"),
        ("<html><script>window._cf_chl_opt={}</script><body></body></html>", "cloudflare_challenge"),
        (
            page("Request Rejected", "The requested URL was rejected. Please consult with your administrator."),
            "f5_asm",
        ),
        (page("DDoS-Guard", "Checking"), "ddos_guard"),
        (page("Доступ ограничен"), "access_limited_ru"),
        (page("Сайт", "Обратитесь к администратору", "Доступ запрещён"), "access_limited_ru"),
        (page("Қолжетімділік шектелген", "Әкімшіге хабарласыңыз"), "access_limited_kk"),
        (page("Access Denied", "Reference #18"), "access_limited_en"),
        (page("Проверка браузера", "Подождите"), "browser_check_ru"),
        (page("gov", "Checking your browser before accessing gov.kz"), "browser_check_text"),
        (page("Браузер", "Сіздің браузеріңіз тексерілуде, күте тұрыңыз"), "browser_check_text"),
        (page("Вы не робот?", "Введите код"), "captcha"),
        (page("Сайт", "Подтвердите, что вы не робот"), "captcha_text"),
    ],
)
def test_block_pages_with_status_200(text: str, reason: str) -> None:
    assert verdict(text) == (Verdict.BLOCKED, reason)


@pytest.mark.parametrize(
    "text",
    [
        page("Министерство", ARTICLE),
        page("Доступ ограничен: как министерство закрыло данные", ARTICLE),
        page("О защите от ботов", "Сайт показывает: Подтвердите, что вы не робот. " + ARTICLE),
        page(
            "Новости", "The requested URL was rejected. Please consult with your administrator, писали нам. " + ARTICLE
        ),
        page("Контакты", "Телефон доверия. Доступ запрещен посторонним лицам в здание."),
        "<html><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>" + page("Отчёт", ARTICLE),
    ],
)
def test_pages_that_only_mention_blocking(text: str) -> None:
    assert verdict(text) == (Verdict.PAGE, "page")


def test_block_pages_with_an_error_status() -> None:
    assert verdict(page("Attention Required! | Cloudflare"), status=403) == (Verdict.BLOCKED, "cloudflare_block")
    assert verdict("", status=429) == (Verdict.BLOCKED, "status_429")
    assert verdict(page("x"), status=200, cf_mitigated="challenge") == (Verdict.BLOCKED, "cloudflare_challenge")


@pytest.mark.parametrize("status", [401, 403, 407])
def test_statuses_that_ask_who_you_are(status: int) -> None:
    assert verdict(page("Forbidden"), status=status) == (Verdict.ACCESS_CONTROL, f"status_{status}")


@pytest.mark.parametrize("status", [404, 410, 500, 503])
def test_honest_errors_are_no_pages(status: int) -> None:
    assert verdict(page("Error"), status=status) == (Verdict.NOT_PAGE, f"status_{status}")


_FORM = "<form><input name=u><input type='PASSWORD'></form>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (page("Вход в систему", _FORM), (Verdict.ACCESS_CONTROL, "login_wall")),
        (page("Портал", _FORM, "Жүйеге кіру"), (Verdict.ACCESS_CONTROL, "login_wall")),
        (page("Sign in", _FORM), (Verdict.ACCESS_CONTROL, "login_wall")),
        (page("Требуется авторизация", "Обратитесь в отдел"), (Verdict.ACCESS_CONTROL, "login_required")),
        (page("Вход", ARTICLE + _FORM), (Verdict.PAGE, "page")),
        (page("Министерство", "Новости дня" + _FORM), (Verdict.PAGE, "page")),
        (page("Входящая корреспонденция", "Порядок приёма писем"), (Verdict.PAGE, "page")),
    ],
)
def test_login_walls(text: str, expected: tuple[Verdict, str]) -> None:
    assert verdict(text) == expected


_SHELL = "<html><head><title>gov</title></head><body><div id='{}'></div><script src=/m.js></script></body></html>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (_SHELL.format("root"), (Verdict.JS_SHELL, "empty_root")),
        (_SHELL.format("__nuxt"), (Verdict.JS_SHELL, "empty_root")),
        ("<html><body><app-root></app-root><script></script></body></html>", (Verdict.JS_SHELL, "empty_root")),
        (
            "<html><body><noscript>You need to enable JavaScript to run this app.</noscript></body></html>",
            (Verdict.JS_SHELL, "noscript_notice"),
        ),
        # rendered on the server: the root is full
        (f"<html><body><div id='root'>{ARTICLE}</div><script></script></body></html>", (Verdict.PAGE, "page")),
        # no script, no shell
        ("<html><body><div id='root'></div></body></html>", (Verdict.EMPTY, "no_text")),
        ("<html><body><div id='content'>Қысқа мәтін</div><script></script></body></html>", (Verdict.PAGE, "page")),
    ],
)
def test_shells(text: str, expected: tuple[Verdict, str]) -> None:
    assert verdict(text) == expected


def test_a_shell_is_decided_before_the_baseline() -> None:
    shell = _SHELL.format("root").replace("</div>", "Загрузка…</div>")
    assert verdict(shell, baseline="Загрузка…")[0] is Verdict.JS_SHELL


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (page("404"), "not_found_number"),
        (page("Ошибка 404 — сайт", "Попробуйте с главной"), "not_found_number"),
        (page("Page not found | Ministry"), "not_found_en"),
        (page("Министерство", "", "Страница не найдена"), "not_found_ru"),
        (page("Министрлік", "", "Сұралған бет табылмады"), "not_found_kk"),
    ],
)
def test_soft_404_by_words(text: str, reason: str) -> None:
    assert verdict(text) == (Verdict.SOFT_404, reason)


@pytest.mark.parametrize(
    "text",
    [
        page("Приказ № 404 от 1 марта", "О порядке"),
        page("Кабинет 1404", "Приём"),
        page("Телефон 404-12", "Приём"),
        page("Страница не найдена: о битых ссылках", ARTICLE),
        page("Бюро находок", "Ничего не найдено? Страница не найдена в описи."),
    ],
)
def test_pages_that_only_look_missing(text: str) -> None:
    assert verdict(text) == (Verdict.PAGE, "page")


def test_soft_404_by_baseline() -> None:
    lost = "Главная Новости Контакты Карта сайта Вы ввели неверный адрес, вернитесь назад. Просмотров: 17"
    text = page("Сайт", lost.replace("17", "18"))
    assert verdict(text, baseline=page_text(page("Сайт", lost).encode())) == (Verdict.SOFT_404, "baseline")
    assert verdict(page("Сайт", ARTICLE), baseline=lost) == (Verdict.PAGE, "page")
    assert verdict(text, baseline=None) == (Verdict.PAGE, "page")


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [("a b c d e 1", "a b c d e 22", True), ("a b c d e", "v w x y z", False), ("", "", False), ("a", "a", True)],
)
def test_near_equal(left: str, right: str, expected: bool) -> None:
    assert near_equal(left, right) is expected


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("<?xml version='1.0'?><ows:ExceptionReport xmlns:ows='x'/>", "text/xml", "xml_exception"),
        (
            "<ServiceExceptionReport><ServiceException/></ServiceExceptionReport>",
            "application/vnd.ogc.se_xml",
            "xml_exception",
        ),
        ('{"success": false, "error": {"message": "no"}}', "application/json", "json_error"),
        ('{"status": "error"}', "application/json", "json_error"),
        ('{"errorMessage": "x"}', "application/json", "json_error"),
        ('{"type": "about:blank", "status": 404, "detail": "no such set"}', "application/problem+json", "json_error"),
        ('{"code": "500", "message": "x"}', "application/json", "json_error"),
        ('{"detail": "Not found."}', "application/json", "json_error"),
        (
            "<s:Envelope xmlns:s='x'><s:Body><s:Fault><faultstring/></s:Fault></s:Body></s:Envelope>",
            "text/xml",
            "xml_exception",
        ),
    ],
)
def test_errors_in_disguise(text: str, kind: str, reason: str) -> None:
    assert verdict(text, kind=kind) == (Verdict.ERROR_BODY, reason)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"success": true, "error": null, "result": []}', "application/json"),
        ('{"status": "ok"}', "application/json"),
        ('{"code": 404, "name": "Kenya"}', "application/json"),
        ('{"status": 200, "message": "sent"}', "application/json"),
        ("<s:Envelope xmlns:s='x'><s:Body><rows/></s:Body></s:Envelope>", "text/xml"),
        ('[{"error": "column name"}]', "application/json"),
        ("{" + ", ".join(f'"c{n}": {n}' for n in range(20)) + ', "error": 5}', "application/json"),
        ("{not json", "application/json"),
        ("<rss><item/></rss>", "text/xml"),
        ("error,count\n1,2\n", "text/csv"),
    ],
)
def test_files_are_no_pages(text: str, kind: str) -> None:
    assert verdict(text, kind=kind) == (Verdict.NOT_PAGE, "not_html")


def test_nothing_at_all() -> None:
    assert verdict("") == (Verdict.EMPTY, "no_bytes")
    assert verdict(" \n", kind="text/plain") == (Verdict.EMPTY, "no_bytes")
    assert verdict("<html><body></body></html>") == (Verdict.EMPTY, "no_text")
    assert verdict("<html><body><img src=x></body></html>") == (Verdict.PAGE, "page")


def test_endless_addresses() -> None:
    assert verdict(page("x", ARTICLE), url="http://good.lab/a/b/a/b/a/b") == (Verdict.TRAP, "endless_address")
    assert verdict(page("x", ARTICLE), url="http://good.lab/a/b/a")[0] is Verdict.PAGE
