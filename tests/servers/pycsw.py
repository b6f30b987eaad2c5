"""A live pycsw, the reference implementation of OGC CSW: twelve ISO records in SQLite, served by Python's own server.

pycsw lives in the servers' own environment (`.venv-servers`, made from requirements.lock): it needs an old SQLAlchemy.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.servers.process import free_port, running
from tests.servers.replay import ENVIRONMENT
from tests.servers.spatial import SHEETS, document

HOST = "map.lab"
CONFIG = """[server]
home={folder}
url=http://{host}:{port}/csw
mimetype=application/xml; charset=UTF-8
encoding=UTF-8
language=en-US
maxrecords={maximum}
profiles=apiso
[manager]
transactions=false
[metadata:main]
identification_title=Spatial catalogue
identification_abstract=Records of a geodesy committee
identification_keywords=maps
identification_keywords_type=theme
identification_fees=None
identification_accessconstraints=None
provider_name=Committee
provider_url=http://{host}:{port}/
contact_name=Unit
contact_position=Head
contact_address=Street 1
contact_city=Astana
contact_stateorprovince=Astana
contact_postalcode=010000
contact_country=Kazakhstan
contact_phone=0
contact_fax=0
contact_email=geodesy@map.lab
contact_url=http://{host}:{port}/
contact_hours=9-18
contact_instructions=Write
contact_role=pointOfContact
[repository]
database=sqlite:///{folder}/records.db
table=records
[metadata:inspire]
enabled=false
"""
SERVE = """import sys
from wsgiref.simple_server import make_server
from pycsw.wsgi import application
make_server("127.0.0.1", int(sys.argv[1]), application).serve_forever()
"""


@dataclass(frozen=True)
class Catalogue:
    """A catalogue service that answers on loopback, under the name *host*."""

    host: str
    port: int
    records: tuple[str, ...]

    @property
    def url(self) -> str:
        """Address of the service."""
        return f"http://{self.host}:{self.port}/csw"


def missing() -> str | None:
    """Return what is lacking to run pycsw, or None."""
    return None if (ENVIRONMENT / "bin" / "pycsw-admin.py").is_file() else "pycsw is not installed (make venv-servers)"


@contextmanager
def catalogue(folder: Path, night: date, *, maximum: int = 5, files: str | None = None) -> Iterator[Catalogue]:
    """Load the records into a catalogue below *folder* that gives at most *maximum* a page, and serve it."""
    port = free_port()
    config = folder / "pycsw.cfg"
    config.write_text(CONFIG.format(folder=folder, host=HOST, port=port, maximum=maximum), encoding="utf-8")
    texts = folder / "records"
    texts.mkdir()
    for sheet in SHEETS:
        place = files or f"http://{HOST}:{port}/files/"
        (texts / f"{sheet.id}.xml").write_text(document(sheet, night, place), encoding="utf-8")
    _admin(folder, "setup_db")
    _admin(folder, "load_records", "-p", str(texts))
    server = folder / "serve.py"
    server.write_text(SERVE, encoding="utf-8")
    with running([ENVIRONMENT / "bin" / "python", server, str(port)], port, folder, _environment(folder)):
        yield Catalogue(HOST, port, tuple(sheet.id for sheet in SHEETS))


def _environment(folder: Path) -> dict[str, str]:
    quiet = {"PYTHONWARNINGS": "ignore", "PYTHONPATH": "", "PYTHONNOUSERSITE": "1"}
    return {**os.environ, **quiet, "PYCSW_CONFIG": str(folder / "pycsw.cfg")}


def _admin(folder: Path, command: str, *arguments: str) -> None:
    tool = [str(ENVIRONMENT / "bin" / "python"), str(ENVIRONMENT / "bin" / "pycsw-admin.py")]
    subprocess.run(
        [*tool, "-c", command, "-f", str(folder / "pycsw.cfg"), *arguments],
        cwd=folder, env=_environment(folder), capture_output=True, check=True,
    )  # fmt: skip
