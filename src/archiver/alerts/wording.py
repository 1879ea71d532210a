"""The words of a message, Swedish and English; the rest is the reading room's (`publish.words`). Pure."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from archiver.publish.words import MONTHS, Lang

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "sv": {
        "changes_one": "1 ändring", "changes_many": "{} ändringar", "between": "Ändrad mellan {} och {} ({})",
        "why": "Varför den kan ha betydelse",
        "rest_one": "och 1 ändring till", "rest_many": "och {} ändringar till",
        "more_one": "och 1 stycke till", "more_many": "och {} stycken till",
        "more_links_one": "och 1 länk till", "more_links_many": "och {} länkar till",
        "embargo": "Sidans ord är inte offentliga längre.", "compare": "Jämför",
        "pages": "Samma ändring på {} sidor", "left": "lämnade", "joined": "tillkom", "role": "ny roll",
        "party": "nytt parti", "former": "förut {}", "person": "person",
        "gone": "Sidan är borta.", "moved": "Sidans adress leder någon annanstans.", "back": "Sidan finns igen.",
        "stop": "Du får detta för att bevakningen ”{}” nämner din adress (config/alerts/{}.toml).",
        "stop_ask": "Vill du inte ha det: skriv till {}.", "stop_self": "Vill du inte ha det: ta bort adressen där.",
        "window": "När ändringen gjordes vet vi inte närmare än så, och inte heller av vem eller varför.",
        "test": "Ett prov: inget av detta har hänt.",
    },
    "en": {
        "changes_one": "1 change", "changes_many": "{} changes", "between": "Changed between {} and {} ({})",
        "why": "Why it may matter", "rest_one": "and 1 more change",
        "rest_many": "and {} more changes", "more_one": "and 1 more passage", "more_many": "and {} more passages",
        "more_links_one": "and 1 more link", "more_links_many": "and {} more links",
        "embargo": "The page's words are no longer public.", "compare": "Compare",
        "pages": "The same change on {} pages", "left": "left", "joined": "joined", "role": "new role",
        "party": "new party", "former": "before: {}", "person": "person",
        "gone": "The page is gone.", "moved": "The page's address leads elsewhere.", "back": "The page is there again.",
        "stop": "You get this because the alert “{}” names your address (config/alerts/{}.toml).",
        "stop_ask": "If you do not want it: write to {}.", "stop_self": "If you do not want it: take the address out.",
        "window": "When the change was made we do not know more closely, nor by whom or why.",
        "test": "A test: nothing of this has happened.",
    },
}  # fmt: skip


def counted(lang: Lang, key: str, number: int) -> str:
    """'1 ändring', '32 ändringar'."""
    return WORDS[lang][f"{key}_one" if number == 1 else f"{key}_many"].format(number)


def moment(text: str, lang: Lang, zone: tzinfo) -> str:
    """A time as the archive writes it, in a zone: '4 nov 2026 06:10'."""
    at = datetime.fromisoformat(text).astimezone(zone)
    return f"{at.day} {MONTHS[lang][at.month - 1]} {at.year} {at:%H:%M}"
