"""Builds the letter profiles of `config/vendor/ngrams` from translated software messages (gettext catalogues).

`python benchmarks/ngrams.py config/vendor/ngrams/profiles.json FOLDER...`: every `locale/<name>/LC_MESSAGES/*.mo`
or `*.po` under the folders is read; the manifest beside the profiles says which packages they were. What is kept of the
texts is how often two and three letters follow each other. None of the corpora that accuracy is measured on is read.
"""

from __future__ import annotations

import gettext
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from math import log
from pathlib import Path
from typing import Any

import yaml
from babel.messages.pofile import read_po

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from checks.facts.letters import grams, script_of
from checks.facts.nearest import FLOOR
from config.profiles import FOLDER

KEPT = 800
"""Sequences kept per profile and length."""
MOST_CHARACTERS = 300_000
SOURCE = "en"
"""What the messages are translated from."""
LOCALES = {"en_GB": "en", "uz@cyrillic": "uz", "sr@latin": "sr", "no": "nb", "pt_BR": "pt"}
WANTED = {
    "Cyrl": ("kk", "ru", "ky", "tt", "uz", "uk", "be", "bg", "mn", "tg", "sr", "mk"),
    "Latn": (
        *("en", "tt", "uz", "tr", "az", "tk", "crh"),
        *("de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sv", "fi", "hu", "ro", "id", "vi", "lt", "et"),
        *("da", "nb", "sk", "sl", "hr", "sr", "ca", "eu", "lv"),
    ),
    "Arab": ("ug", "fa", "ar"),
}
_NOISE = re.compile(r"%\(\w+\)[sd]|%[-\d.*l]*[a-zA-Z]|\{\w*\}|<[^>]*>|&\w+;|https?:\S+|\S+@\S+|[_&](?=\w)")


def messages(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield (language, text) of the messages that are translated."""
    for path in sorted(folder.rglob("LC_MESSAGES/*")):
        name = path.parent.parent.name
        language = LOCALES.get(name, name)
        for key, text in _catalogue(path):
            if text.strip() and text.strip() != key.strip():
                yield language, " ".join(_NOISE.sub(" ", text).split())
            if key.strip():
                yield SOURCE, " ".join(_NOISE.sub(" ", key).split())


def _catalogue(path: Path) -> Iterable[tuple[str, str]]:
    if path.suffix == ".po":
        for message in read_po(path.open("rb")):
            texts = [message.string] if isinstance(message.string, str) else message.string or ()
            yield from ((str(message.id), text) for text in texts if message.id and not message.fuzzy)
    elif path.suffix == ".mo":
        try:
            known: dict[Any, str] = gettext.GNUTranslations(path.open("rb"))._catalog  # type: ignore[attr-defined] # noqa: SLF001
        except (OSError, IndexError, UnicodeDecodeError):
            return
        for key, text in known.items():
            yield (key[0] if isinstance(key, tuple) else key).rsplit("\x04", 1)[-1], text


def collect(folders: Iterable[Path]) -> dict[tuple[str, str], list[str]]:
    """Return texts by language and script; words in another script are left out."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for folder in folders:
        for language, text in messages(folder):
            script = script_of(text)
            if language in WANTED.get(script, ()):
                found.setdefault((language, script), {})[text] = None
    return {key: list(texts) for key, texts in found.items()}


def spell(text: str, variant: dict[str, Any]) -> str:
    """Return *text* in another orthography."""
    letters, mark = variant["letters"], variant.get("front_mark", "")
    words = []
    for word in text.lower().split():
        front = mark and set(word) & set(variant["front_letters"]) and not set(word) & set(variant["front_said_by"])
        written = "".join(letters.get(letter, "" if letter.isalpha() else letter) for letter in word)
        words.append(mark + written if front else written)
    return " ".join(words)


def profile(texts: Iterable[str], script: str) -> dict[str, int]:
    """Return the logarithms of the commonest sequences' shares, in hundredths below zero."""
    counted: Counter[str] = Counter()
    seen = 0
    for text in texts:
        counted.update(grams(text, script))
        seen += len(text)
        if seen > MOST_CHARACTERS:
            break
    kept: dict[str, int] = {}
    for size in (2, 3):
        of_size = Counter({gram: n for gram, n in counted.items() if len(gram) == size})
        total = of_size.total()
        kept |= {gram: round(-100 * log(n / total + FLOOR)) for gram, n in of_size.most_common(KEPT)}
    return dict(sorted(kept.items()))


def build(folders: Iterable[Path]) -> dict[str, Any]:
    """Return all profiles by id."""
    texts = collect(folders)
    tables = yaml.safe_load((FOLDER / "orthographies.yaml").read_text(encoding="utf-8"))
    samples: dict[str, tuple[str, str, list[str]]] = {
        f"{code}-{script}": (code, script, found) for (code, script), found in texts.items()
    }
    for code, table in tables.items():
        source = texts[code, table["script"]]
        for name, variant in table["variants"].items():
            key = f"{code}-{name}"
            seen = samples.get(key, (code, variant["script"], []))[2]
            samples[key] = (code, variant["script"], [*seen, *(spell(text, variant) for text in source)])
    return {
        key: {"language": code, "script": script, "grams": profile(found, script)}
        for key, (code, script, found) in sorted(samples.items())
    }


def main() -> None:
    """Build and write: the library that reads `.po` files prints its complaints to stdout."""
    target, *folders = map(Path, sys.argv[1:])
    lines = (
        f"{json.dumps(key)}: {json.dumps(item, ensure_ascii=False, separators=(',', ':'))}"
        for key, item in build(folders).items()
    )
    target.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
