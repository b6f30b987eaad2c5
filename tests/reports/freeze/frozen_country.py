"""A country with a real archive, a real night's findings and marks, an office and a key: what a freeze works on."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from office_desk import PEOPLE, Hands
from report_country import INPUTS, STARTED

from checks.assessment import Assessment
from config.loader import load_pack
from config.model import Settings
from crawler.archive.wacz import export
from crawler.capture import ExchangeOutcome, Purpose
from crawler.coverage import RunState
from reports.analysts.bench import Bench
from reports.freeze.documents import VerifyDocument
from reports.freeze.files import MANIFEST, SIGNATURE, bundle, line_of, write_document
from reports.freeze.freeze import Order, freeze, read_manifest
from reports.freeze.keys import key_id, sign, write_private
from reports.freeze.period import FrozenPeriod
from reports.freeze.verify import verify
from reports.ledger import Ledger, RunKind
from tests.checks.lab import NIGHT, SITE, Lab, Reply, failure

PERIOD = FrozenPeriod(
    id="2026Q4", first=NIGHT - timedelta(days=40), last=NIGHT + timedelta(days=5), profile="assessment_2014"
)
KAZAKH = "Министрліктің жаңалықтары мен ашық деректер жинақтары осы бетте жарияланады, оларды кез келген адам пайдалана алады."
RUSSIAN = (
    "Новости министерства и наборы открытых данных публикуются на этой странице, их может использовать любой человек."
)
OFFER = "При использовании материалов сайта ссылка на источник обязательна. Телефон для справок +7 7172 74 12 34."


def page(title: str, text: str, links: str = "", language: str = "kk") -> str:
    return (
        f"<!doctype html><html lang='{language}'><head><title>{title}</title></head><body><nav>{links}</nav>"
        f"<main><h1>{title}</h1><p>{text}</p><p>{text}</p></main><footer><p>{OFFER}</p></footer></body></html>"
    )


LINKS = '<a href="/kk/">қаз</a><a href="/ru/" hreflang="ru">рус</a><a href="/table.csv">CSV</a>'
PAGES: dict[str, str | Reply] = {
    SITE: page("Басты бет", KAZAKH, LINKS),
    f"{SITE}kk/": page("Басты бет", KAZAKH, LINKS),
    f"{SITE}ru/": page("Главная", RUSSIAN, LINKS, "ru"),
    f"{SITE}ru/news": page("Новости &amp; события", RUSSIAN, LINKS, "ru"),
    f"{SITE}table.csv": Reply("a;b;c\n" + "1;2;3\n" * 20, content_type="text/csv", purpose=Purpose.DOCUMENT),
    f"{SITE}down": failure(ExchangeOutcome.TIMEOUT),
}


@dataclass
class Country:
    """The workspace, its bench, and the path of the private key outside of it."""

    folder: Path
    bench: Bench
    told: Assessment

    @property
    def workspace(self) -> Path:
        return self.folder / "space"

    @property
    def key_path(self) -> Path:
        return self.folder / "keys" / "odrc.pem"

    @property
    def key(self) -> Ed25519PrivateKey:
        found = load_pem_private_key(self.key_path.read_bytes(), None)
        assert isinstance(found, Ed25519PrivateKey)
        return found

    @property
    def published(self) -> int:
        """How many marks a bundle of the assessment's profile holds."""
        return sum(item.profile == "assessment_2014" for item in self.told.marks)

    def verify(self, place: Path, *more: Ed25519PrivateKey) -> VerifyDocument:
        """Check a bundle with the public half of the settings' key, and of others."""
        public = [key.public_key() for key in (self.key, *more)]
        return verify(place.name, bundle(place), {key_id(key): key for key in public})

    def reseal(self, place: Path) -> None:
        """Sign a bundle that was tampered with anew: what is false then is in what it says."""
        told = read_manifest(place)
        lines = tuple(line_of(place, item.path) for item in told.files)
        data = write_document(place / MANIFEST, msgspec.structs.replace(told, files=lines))
        (place / SIGNATURE).write_bytes(sign(self.key, data))

    def copy(self, folder: Path) -> Country:
        shutil.copytree(self.folder, folder)
        return opened(folder, self.told)

    def freeze(self, **changes: bool) -> Path:
        """Freeze the period with the settings' key, after its end."""
        return freeze(self.bench, Order(PERIOD, "p1", **changes), self.key, export)

    def adopt(self) -> None:
        """Adopt every mark of the night."""
        self.bench.adopt(self.bench.ledger.marks(NIGHT, profile="assessment_2014"), NIGHT, "p1")


def country(folder: Path) -> Country:
    """Archive and judge one night."""
    lab = Lab(folder / "space", load_pack("kz"))
    lab.crawl(PAGES)
    told = lab.assess()
    with Ledger(folder / "space" / "ledger.sqlite") as ledger:
        record(ledger, told)
    write_private(folder / "keys" / "odrc.pem")
    return opened(folder, told)


def record(ledger: Ledger, told: Assessment, run: str = "run-1") -> None:
    """Record *told* as a whole run of its night."""
    ledger.begin_run(run, told.night, RunKind.NIGHTLY, STARTED, INPUTS)
    ledger.record(run, told)
    ledger.finish_run(run, RunState.COMPLETE, STARTED)


def opened(folder: Path, told: Assessment) -> Country:
    """Open the workplace, on the day after the period."""
    lab = Lab(folder / "space", load_pack("kz"))
    settings = Settings.model_validate({**lab.settings.model_dump(), "people": PEOPLE})
    clock = Hands()
    clock.to(PERIOD.last + timedelta(days=1))
    return Country(folder, Bench(settings, lab.pack, Ledger(folder / "space" / "ledger.sqlite"), clock), told)
