"""The archive: WARC files are the truth, the index beside them can always be made again."""

from __future__ import annotations

from crawler.archive.layout import ArchiveDamageWarning, ArchiveError
from crawler.archive.reader import Archive

__all__ = ["Archive", "ArchiveDamageWarning", "ArchiveError"]
