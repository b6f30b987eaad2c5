"""Why marks changed from one recorded night to the next: causes are let in one by one, and the night marked again."""

from __future__ import annotations

from reports.causes.night import Asked, Judge, causes
from reports.causes.recorded import since_last_night

__all__ = ["Asked", "Judge", "causes", "since_last_night"]
