from __future__ import annotations

import hashlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.language import LanguageReader
from checks.facts.letters import grams, lowered, script, script_of
from config.loader import extraction_digest
from config.pack import Pack
from config.profiles import FOLDER, profiles


@pytest.fixture(scope="module")
def reader(pack: Pack) -> LanguageReader:
    return LanguageReader(pack.languages, pack.extraction.homoglyphs)


KAZAKH = {
    "2018": "Qazaqstan Respýblıkasynyń Úkimeti jańa baǵdarlama qabyldady, ol azamattarǵa qyzmet kórsetýdi jaqsartady",
    "2017": "Qazaqstan Respy'blikasynyn' U'kimeti jan'a bag'darlama qabyldady, ol azamattarg'a qyzmet ko'rsety'di jaqsartady",
    "2021": "Qazaqstan Respublikasynyñ Ükımetı jaña bağdarlama qabyldady, ol azamattarğa qyzmet körsetudı jaqsartady",
    "agency": "Qazaqstan Respublïkasınıñ Ükimeti jaña bağdarlama qabıldadı, ol azamattarğa qızmet körsetwdi jaqsartadı",
    "arabic": "قازاقستان رەسپۋبليكاسىنىڭ ۇكىمەتى جاڭا باعدارلاما قابىلدادى، ول ازاماتتارعا قىزمەت كورسەتۋدى جاقسارتادى",
}
NEIGHBOURS = {
    "tr": "Bakanlık vatandaşların başvurularını kabul eder ve yanıtlanmasını izler, belgeler elektronik ortamda gönderilebilir",
    "az": "Nazirlik vətəndaşların müraciətlərini qəbul edir və onların icrasına nəzarət edir, sənədlər elektron göndərilir",
    "uz": "Vazirlik fuqarolarning murojaatlarini qabul qiladi va ularning bajarilishini nazorat qiladi, hujjatlar yuboriladi",
    "tt": "Ministrlık ğrajdannarnıñ möräcäğätlären qabul itä häm alarnıñ ütälüen küzätä, dokumentlarnı cibärergä mömkin",
    "ug": "مىنىستىرلىق پۇقرالارنىڭ ئەرزلىرىنى قوبۇل قىلىدۇ ۋە ئۇلارنىڭ ئىجراسىنى نازارەت قىلىدۇ",
    "ar": "تتلقى الوزارة طلبات المواطنين وتتابع تنفيذها ويمكن إرسال الوثائق إلكترونيا خلال خمسة عشر يوما",
}


@pytest.mark.parametrize("name", KAZAKH)
def test_one_language_is_told_in_every_orthography(reader: LanguageReader, name: str) -> None:
    assert reader.block(KAZAKH[name]) == "kk"
    assert reader.shares([KAZAKH[name]])[0].language == "kk"


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_neighbours_in_the_same_letters_are_nobodys(reader: LanguageReader, name: str) -> None:
    assert reader.shares([NEIGHBOURS[name]])[0].language == "und"


def test_sequences_leave_out_other_scripts_addresses_and_quotation_marks() -> None:
    assert grams("«Ab» https://x.org/ya Да", "Latn") == ["_a", "ab", "b_", "_ab", "ab_"]
    assert "_c" in grams("'cd", "Latn")
    assert grams("n’", "Latn") == grams("n'", "Latn")
    assert grams("2014 — 15", "Cyrl") == []


@given(st.text(max_size=40))
def test_signs_are_lowered_one_by_one(text: str) -> None:
    small = [sign.lower() if sign.isascii() or "\x7f" < sign < "\U00010000" else sign for sign in text]
    assert lowered(text) == "".join(low if len(low) == 1 else sign for low, sign in zip(small, text, strict=True))
    assert lowered("ҚАЗАҚ Été № 5") == "қазақ été № 5"


def test_scripts() -> None:
    assert [script(letter) for letter in "aәڭ中"] == ["Latn", "Cyrl", "Arab", "Zyyy"]
    assert script_of("abc әғ") == "Latn"
    assert script_of("12 — 3") == "Zyyy"


@given(st.text(max_size=200), st.sampled_from(["Cyrl", "Latn", "Arab"]))
def test_sequences_are_two_or_three_long(text: str, code: str) -> None:
    assert {len(gram) for gram in grams(text, code)} <= {2, 3}


def test_the_manifest_names_the_profiles_that_lie_here() -> None:
    entries = {item["file"]: item for item in yaml.safe_load((FOLDER / "MANIFEST.yaml").read_text(encoding="utf-8"))}
    assert entries["profiles.json"]["sha256"] == hashlib.sha256((FOLDER / "profiles.json").read_bytes()).hexdigest()
    assert all(item.grams and min(item.grams.values()) >= 0 for item in profiles().values())


def test_the_digest_of_extraction_knows_the_profiles_of_a_language(pack: Pack) -> None:
    first, *others = pack.languages
    fewer = first.model_copy(update={"profiles": first.profiles[:1]})
    assert extraction_digest(pack.model_copy(update={"languages": (fewer, *others)})) != extraction_digest(pack)
