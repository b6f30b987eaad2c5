"""Texts for tests, written by hand, and pages made of them."""

from __future__ import annotations

from collections.abc import Iterable

KK = (
    "Министрлік азаматтардың өтініштерін қабылдайды және олардың орындалуын бақылайды. Құжаттарды электрондық түрде "
    "жіберуге болады, жауап он бес жұмыс күні ішінде беріледі. Қызмет тегін көрсетіледі, ал қосымша мәліметті "
    "байланыс орталығынан алуға мүмкіндік бар. Жыл сайын атқарылған жұмыс туралы есеп жарияланады."
)
RU = (
    "Министерство принимает обращения граждан и следит за их исполнением. Документы можно отправить в электронном "
    "виде, ответ дается в течение пятнадцати рабочих дней. Услуга оказывается бесплатно, а дополнительные сведения "
    "можно получить в контактном центре. Ежегодно публикуется отчет о проделанной работе."
)
EN = (
    "The ministry accepts appeals from citizens and follows up on how they are answered. Documents may be sent by "
    "electronic means, and a reply is given within fifteen working days. The service is free of charge, and further "
    "details are available from the contact centre. A report on the work done is published every year."
)
DE = (
    "Das Ministerium nimmt Eingaben der Bürger entgegen und überwacht ihre Erledigung. Unterlagen können auf "
    "elektronischem Wege eingereicht werden, die Antwort erfolgt innerhalb von fünfzehn Arbeitstagen. Die Leistung "
    "ist kostenlos, weitere Auskünfte erteilt das Bürgerbüro. Jedes Jahr erscheint ein Bericht über die Arbeit."
)
TEXTS = {"kk": KK, "ru": RU, "en": EN, "de": DE}


def page(main: str = "", *, title: str = "", lang: str = "", head: str = "", header: str = "", footer: str = "") -> str:
    """Return a whole page."""
    declared = f' lang="{lang}"' if lang else ""
    heading = f"<h1>{title}</h1>" if title else ""
    foot = f"<footer>{footer}</footer>" if footer else ""
    return (
        f"<!doctype html><html{declared}><head><title>{title}</title>{head}</head><body>"
        f"<nav>{header}</nav><main>{heading}{main}</main>{foot}</body></html>"
    )


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def switch(**addresses: str) -> str:
    """Return a language switch: `switch(kk="/kk/about")`."""
    return " ".join(f'<a href="{address}">{code.upper()}</a>' for code, address in addresses.items())


def dated_list(
    days: Iterable[str], shape: str = '<li><span class="date">{day}</span> <a href="/n/{n}">{t}</a></li>'
) -> str:
    """Return a list with one entry a day."""
    entries = (
        shape.format(day=day, n=number, t=f"Запись под номером {'я' * (number % 3 + 1)}")
        for number, day in enumerate(days)
    )
    return f"<ul>{''.join(entries)}</ul>"
