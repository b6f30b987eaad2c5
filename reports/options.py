"""Options that the reports' commands share, so that one name means the same everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reports.console import Format, LinesFormat

COUNTRY = "country"
DEFAULT_CONFIG = Path("odrc.yaml")

Config = Annotated[Path, typer.Option("-c", "--config", metavar="FILE", help="Settings file.")]
Night = Annotated[str | None, typer.Option(metavar="DATE", help="Night, such as 2026-11-23; the newest if left out.")]
Language = Annotated[str | None, typer.Option(metavar="CODE", help="Language of the texts; yours if left out.")]
Agency = Annotated[str | None, typer.Option(metavar="ID", help="Only this agency.")]
Indicator = Annotated[str | None, typer.Option(metavar="ID", help="Only this indicator.")]
Profile = Annotated[str | None, typer.Option(metavar="ID", help="Only this profile.")]
OneProfile = Annotated[str | None, typer.Option(metavar="ID", help="Profile; that of the settings if left out.")]
Body = Annotated[str, typer.Argument(metavar="AGENCY", help=f"Id of an agency, or `{COUNTRY}`.")]
AnyFormat = Annotated[Format, typer.Option("--format", help="How to print.")]
AnyLines = Annotated[LinesFormat, typer.Option("--format", help="How to print.")]
