from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.facts.language import LanguageReader, dominant
from checks.facts.letters import count_letters
from checks.facts.model import LanguageShare
from config.pack import Pack
from tests.checks.texts import DE, EN, KK, RU


@pytest.fixture(scope="module")
def reader(pack: Pack) -> LanguageReader:
    return LanguageReader(pack.languages, pack.extraction.homoglyphs)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (KK, "kk"),
        (RU, "ru"),
        (EN, "en"),
        ("Қызмет көрсету сапасы жөніндегі жылдық есеп", "kk"),
        ("Жарнама туралы барлық мемлекеттік органдарға хабарлама", "kk"),  # few letters of its own
        ("Отчет о качестве оказания услуг", "ru"),
        ("Annual report on the quality of services", "en"),
        ("ҚАЗАҚСТАН РЕСПУБЛИКАСЫНЫҢ ҮКІМЕТІ", "kk"),
        ("Қысқа сөз", "und"),
        ("Да", "und"),
        ("", "und"),
        ("2014 2015 2016 1 234 567,89 %", "und"),
        ("© ★ → … — №", "und"),
        ("政府发布了新的开放数据计划以改善公民服务质量和效率", "und"),
    ],
)  # fmt: skip
def test_blocks(reader: LanguageReader, text: str, code: str) -> None:
    assert reader.block(text) == code


def test_latin_letters_inside_kazakh_words_are_read_as_meant(reader: LanguageReader) -> None:
    spoiled = KK.replace("і", "i").replace("о", "o").replace("а", "a").replace("е", "e")
    assert reader.block(spoiled) == "kk"
    assert reader.normalise("бiлiм") == "білім"
    assert reader.normalise("bilim") == "bilim"
    assert reader.normalise("КӨШЕCI") == "КӨШЕСІ"


def test_a_mixed_page_is_counted_block_by_block(reader: LanguageReader) -> None:
    shares = reader.shares([KK, RU, RU, EN, "2014", "Да"])
    counted = {item.language: item.letters for item in shares}
    assert counted == {
        "ru": 2 * count_letters(RU),
        "kk": count_letters(KK),
        "en": count_letters(EN),
        "und": count_letters("Да"),
    }
    assert shares[0].language == "ru"
    assert sum(counted.values()) == sum(map(count_letters, [KK, RU, RU, EN, "Да"]))


NEIGHBOURS = {
    "ky": "Кыргыз Республикасынын Министрлер Кабинети жаңы программаны кабыл алды. Ал калкка кызмат көрсөтүүнү жакшыртууга "
    "багытталган жана кийинки жылдан тартып ишке кирет. Жарандар кайрылууларын электрондук түрдө жөнөтө алышат.",
    "tt": "Татарстан Республикасы Хөкүмәте яңа программаны кабул итте. Ул халыкка хезмәт күрсәтүне яхшыртуга юнәлдерелгән һәм "
    "киләсе елдан гамәлгә керә. Җитәкчеләр бу хакта матбугат очрашуында хәбәр иттеләр.",
    "uk": "Кабінет Міністрів України ухвалив нову програму, яка спрямована на покращення обслуговування громадян і почне діяти "
    "з наступного року. Звернення можна надсилати в електронному вигляді, відповідь надається протягом місяця.",
    "mn": "Монгол Улсын Засгийн газар шинэ хөтөлбөр баталлаа. Энэ нь иргэдэд үзүүлэх үйлчилгээг сайжруулахад чиглэсэн бөгөөд "
    "ирэх жилээс хэрэгжиж эхэлнэ. Иргэд өргөдлөө цахим хэлбэрээр илгээж болно.",
    "uz": "Ўзбекистон Республикаси Вазирлар Маҳкамаси янги дастурни қабул қилди. У аҳолига хизмат кўрсатишни яхшилашга "
    "қаратилган бўлиб, келгуси йилдан бошлаб амалга оширилади. Фуқаролар мурожаатларини электрон шаклда юборишлари мумкин.",
    "uz-latn": "O‘zbekiston Respublikasi Vazirlar Mahkamasi yangi dasturni qabul qildi. U aholiga xizmat ko‘rsatishni "
    "yaxshilashga qaratilgan bo‘lib, kelgusi yildan boshlab amalga oshiriladi.",
    "be": "Урад Беларусі прыняў новую праграму, якая накіравана на паляпшэнне абслугоўвання грамадзян і пачне дзейнічаць з "
    "наступнага года. Звароты можна дасылаць у электронным выглядзе.",
    "bg": "Правителството на България прие нова програма, която е насочена към подобряване на обслужването на гражданите и "
    "ще започне да действа от следващата година. Жалбите могат да се изпращат по електронен път.",
    "de": DE,
}


@pytest.mark.parametrize("code", NEIGHBOURS)
def test_neighbours_are_called_by_no_language_of_the_pack(reader: LanguageReader, code: str) -> None:
    shares = reader.shares([NEIGHBOURS[code]])
    assert [item.language for item in shares] == ["und"]


@pytest.mark.parametrize("code", ["kk", "ru", "en"])
def test_the_guard_lets_the_own_languages_pass(reader: LanguageReader, code: str) -> None:
    text = {"kk": KK, "ru": RU, "en": EN}[code]
    sentences = [f"{part.strip()}." for part in text.split(".") if part.strip()]
    assert dominant(reader.shares(sentences), 0.99) == code


@pytest.mark.parametrize(
    ("shares", "at_least", "expected"),
    [
        ([("ru", 60), ("kk", 40)], 0.6, "ru"),
        ([("ru", 59), ("kk", 41)], 0.6, None),
        ([("und", 900), ("kk", 10)], 0.6, "kk"),
        ([("und", 900)], 0.6, None),
        ([], 0.6, None),
        ([("kk", 69), ("ru", 31)], 0.7, None),
    ],
)
def test_the_dominant_language(shares: list[tuple[str, int]], at_least: float, expected: str | None) -> None:
    assert dominant(tuple(LanguageShare(*item) for item in shares), at_least) == expected


@given(st.lists(st.text(max_size=120), max_size=6))
def test_letters_are_never_lost(reader: LanguageReader, texts: list[str]) -> None:
    shares = reader.shares(texts)
    assert sum(item.letters for item in shares) == sum(map(count_letters, texts))


@pytest.mark.parametrize(
    "text", ["а" * 5_000_000, "слово " * 500_000, "ә" * 3_000_000, "a1" * 2_000_000, "aа" * 1_000_000]
)
def test_long_texts_take_bounded_time(reader: LanguageReader, text: str) -> None:
    begun = time.process_time()
    reader.shares([text])
    assert time.process_time() - begun < 6


HIDDEN = ("\u200b", "\u00ad", "\u2060", "\ufeff", "\u200e", "\u202b")


@pytest.mark.parametrize("sign", HIDDEN)
@pytest.mark.parametrize(("text", "code"), [(KK, "kk"), (RU, "ru"), (EN, "en")])
def test_what_is_not_seen_hides_no_language(reader: LanguageReader, sign: str, text: str, code: str) -> None:
    hidden = " ".join(sign.join(word) for word in text.split())
    assert reader.block(hidden) == code


def test_letters_written_apart_from_their_marks_are_read_as_one(reader: LanguageReader) -> None:
    latin = "Qazaqstan Respýblıkasynyń Úkimeti azamattarǵa memlekettik qyzmet kórsetedi jáne jauap beredi"
    assert reader.block(unicodedata.normalize("NFD", latin)) == reader.block(latin) == "kk"
    assert reader.block(unicodedata.normalize("NFD", RU)) == "ru"


@pytest.mark.parametrize(
    "text",
    [
        "Die Behörde veröffentlicht jedes Jahr einen Bericht über die geleistete Arbeit",
        "Le ministère publie chaque année un rapport sur le travail accompli",
        "El ministerio publica cada año un informe sobre el trabajo realizado",
        "Ministeriö julkaisee vuosittain kertomuksen tehdystä työstä kansalaisille",
        "Bakanlık her yıl yapılan çalışmalar hakkında bir rapor yayımlamaktadır",
        "Nazirlik hər il görülən işlər haqqında hesabat dərc edir və müraciətlərə baxır",
        "Vazirlik har yili bajarilgan ishlar to'g'risida hisobot e'lon qiladi",
        "Ministerstwo co roku publikuje sprawozdanie z wykonanej pracy",
    ],
)
def test_other_languages_in_latin_letters_are_neither_kazakh_nor_english(reader: LanguageReader, text: str) -> None:
    assert reader.block(text) == "und"


def test_look_alike_letters_are_counted(reader: LanguageReader) -> None:
    assert reader.lookalikes([KK, RU, EN]) == 0
    assert reader.lookalikes(["Бiлiм және ғылым министрлiгi туралы ереже"]) == 2
    assert reader.lookalikes(["Портал eGov и IT-компании работают с Wi-Fi каждый день"]) == 0


def test_a_clear_beginning_decides_and_an_unclear_one_is_read_on(reader: LanguageReader) -> None:
    assert reader.block(f"{KK} {KK}") == "kk"
    assert reader.block(f"{'№ 12 РК ' * 30}{RU}") == "ru"


@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(reader: LanguageReader, text: str) -> None:
    (share, *rest) = reader.shares([text]) or (LanguageShare("und", 0),)
    assert not rest
    assert share.language in {"kk", "ru", "en", "und"}
    assert share.letters == count_letters(text)


@pytest.mark.parametrize("word", ["а", "a", "қ", "1", "\u200b", "ش", "😀", "aа"])
def test_five_million_signs_of_one_word_are_told_at_once(reader: LanguageReader, word: str) -> None:
    begun = time.process_time()
    reader.shares([word * (5_000_000 // len(word))])
    reader.lookalikes([word * (5_000_000 // len(word))])
    assert time.process_time() - begun < 5, "hundreds of times what is needed"
