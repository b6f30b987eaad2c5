"""A live MediaWiki in Kazakh, as an agency might run one: Debian's package, SQLite, PHP's own web server.

Everything is written below a folder of the test; the installed package is read only.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tests.lab.words import news, section, section_names, written
from tests.servers.process import free_port, running

DOCUMENT_ROOT = Path("/usr/share/mediawiki")
HOST = "wiki.lab"
NAME = "Көлік министрлігі"
NEWS_DAYS = (2, 7, 12, 18, 24, 29, 35, 40, 46, 52, 57, 63, 68, 74, 79, 85, 91)
RUSSIAN = ("documents", "services", "appeals")
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
MODULES = ("sqlite3", "pdo_sqlite", "mbstring", "xml", "intl")
SETTINGS = f"""
$wgArticlePath = "/index.php/$1";
$wgUsePathInfo = true;
$wgRightsUrl = "{LICENCE}";
$wgRightsText = "Creative Commons Attribution 4.0";
$wgMainCacheType = CACHE_NONE;
$wgParserCacheType = CACHE_NONE;
$wgJobRunRate = 0;
$wgEnableEmail = false;
"""
# As public wikis do: tool pages and views of the history are not for crawlers.
ROBOTS = """User-agent: *
Disallow: /index.php?
Disallow: /index.php/%D0%90%D1%80%D0%BD%D0%B0%D0%B9%D1%8B:
Disallow: /index.php/Special:
"""
ROUTER = """<?php
$path = rawurldecode( parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH ) );
if ( $path === '/robots.txt' ) {
    header( 'Content-Type: text/plain; charset=utf-8' );
    readfile( __DIR__ . '/robots.txt' );
    return true;
}
$root = $_SERVER['DOCUMENT_ROOT'];
if ( $path !== '/' && is_file( $root . $path ) ) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = $root . '/index.php';
if ( str_starts_with( $path, '/index.php/' ) ) {
    $_SERVER['PATH_INFO'] = substr( $path, strlen( '/index.php' ) );
}
chdir( $root );
require $root . '/index.php';
"""


@dataclass(frozen=True)
class Wiki:
    """A wiki that answers on loopback, under the name *host*."""

    host: str
    port: int
    pages: tuple[str, ...]

    @property
    def url(self) -> str:
        """Address of the wiki's root."""
        return f"http://{self.host}:{self.port}/"


def missing() -> str | None:
    """Return what this machine lacks to run MediaWiki, or None."""
    php = shutil.which("php")
    if php is None:
        return "php is not installed (Debian: php-cli)"
    if not (DOCUMENT_ROOT / "maintenance" / "install.php").is_file():
        return "MediaWiki is not installed (Debian: mediawiki)"
    loaded = subprocess.run([php, "-m"], capture_output=True, text=True, check=True).stdout.lower().split()
    absent = [module for module in MODULES if module not in loaded]
    return f"PHP lacks {', '.join(absent)} (Debian: php-sqlite3, php-mbstring, php-xml, php-intl)" if absent else None


@contextmanager
def wiki(folder: Path, night: date) -> Iterator[Wiki]:
    """Install a wiki below *folder*, fill it with articles whose news dates lie before *night*, and serve it."""
    port = free_port()
    _install(folder, port)
    pages = _fill(folder, night)
    (folder / "robots.txt").write_text(ROBOTS, encoding="utf-8")
    router = folder / "router.php"
    router.write_text(ROUTER, encoding="utf-8")
    command = ["php", "-d", "display_errors=0", "-S", f"127.0.0.1:{port}", "-t", DOCUMENT_ROOT, router]
    with running(command, port, folder, _environment(folder)):
        yield Wiki(HOST, port, pages)


def _environment(folder: Path) -> dict[str, str]:
    return {"MW_CONFIG_FILE": str(folder / "LocalSettings.php")}


def _install(folder: Path, port: int) -> None:
    options = {
        "dbtype": "sqlite", "dbpath": folder / "data", "confpath": folder, "server": f"http://{HOST}:{port}",
        "scriptpath": "", "lang": "kk", "pass": "Lab-admin-2026",
    }  # fmt: skip
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    _php(folder, "install.php", *arguments, NAME, "Admin", environment={"MW_CONFIG_FILE": str(folder / "none.php")})
    with (folder / "LocalSettings.php").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS)


def _fill(folder: Path, night: date) -> tuple[str, ...]:
    articles = dict(_articles(night))
    texts = folder / "articles"
    texts.mkdir()
    for title, text in articles.items():
        (texts / f"{title}.txt").write_text(text, encoding="utf-8")
    _php(folder, "importTextFiles.php", "--overwrite", "--user", "Admin", *map(str, sorted(texts.iterdir())))
    return tuple(articles)


def _articles(night: date) -> Iterator[tuple[str, str]]:
    """Yield title and wikitext: sections and news in Kazakh, some sections in Russian too."""
    kazakh = [section("kk", name) for name in section_names()]
    russian = [section("ru", name) for name in RUSSIAN]
    for text in (*kazakh, *russian):
        yield text.title, "\n\n".join(text.paragraphs)
    items = [(night - timedelta(days=days), news("kk", number)) for number, days in enumerate(NEWS_DAYS)]
    for day, text in items:
        yield text.title, "\n\n".join((written(day, "kk"), *text.paragraphs))
    yield "Жаңалықтар", "\n".join(f"* {written(day, 'kk')} – [[{text.title}]]" for day, text in items)
    links = "\n".join(f"* [[{text.title}]]" for text in (*kazakh, *russian))
    welcome = "Министрліктің ашық білім қорына қош келдіңіз. Мұнда мекеменің қызметі туралы мақалалар жинақталған."
    yield "Басты бет", f"{welcome}\n\n* [[Жаңалықтар]]\n{links}"


def _php(folder: Path, script: str, *arguments: str, environment: dict[str, str] | None = None) -> None:
    command = ["php", str(DOCUMENT_ROOT / "maintenance" / script), *arguments]
    variables = {**os.environ, **(environment or _environment(folder))}
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{script} failed with {done.returncode}:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
