"""The words a published comparison is told in, Swedish and English. Pure."""

from collections.abc import Mapping
from typing import Literal

Lang = Literal["sv", "en"]

WORDS: Mapping[Lang, Mapping[str, str]] = {
    "sv": {
        "comparison": "Jämförelse", "before": "Före", "after": "Efter", "revision": "lydelse", "capture": "hämtning",
        "added": "tillagt", "removed": "borttaget", "moved": "flyttat hit", "words": "Orden", "dates": "Sidans datum",
        "published": "Publicerad", "updated": "Uppdaterad", "reviewed": "Granskad", "title": "Rubrik",
        "none": "ingen uppgift",
        "stood": "stod stilla", "changed": "ändrad", "claim": "Uppgift", "verdict": "Mellan hämtningarna",
        "same_one": "1 oförändrat stycke", "same_many": "{} oförändrade stycken", "changes_one": "1 ändring",
        "changes_many": "{} ändringar", "words_added_one": "1 ord tillagt", "words_added_many": "{} ord tillagda",
        "words_removed_one": "1 ord borttaget", "words_removed_many": "{} ord borttagna",
        "links": "Länkar och dokument", "what": "Vad", "where": "Text och mål",

        "link_added": "länk tillagd", "link_removed": "länk borttagen", "link_renamed": "länkens ord ändrade",
        "link_retargeted": "länk leder någon annanstans", "link_moved": "länk står på annan plats",
        "document_added": "dokument tillagt", "document_removed": "dokument borttaget",
        "document_renamed": "dokumentets ord eller storlek ändrade", "document_retargeted": "dokument utbytt",
        "document_moved": "dokument står på annan plats",
        "evidence": "Underlag", "address": "Adress", "body": "Innehåll (SHA-256)",
        "weight": "Tyngd", "why": "Varför den kan ha betydelse", "classes": "Klass", "no_text": "utan text",
        "page_gone": "Sidan är borta.", "page_moved": "Adressen leder numera till en annan.",
        "page_back": "Sidan finns.", "no_page": "Den senare hämtningen visade ingen sida.",
        "text_same": "Texten är oförändrad.",
        "file_changed": "Filen är utbytt: dess innehåll har en annan kontrollsumma.",
        "responsible": "Uppgiften om vem som är ansvarig är ändrad. Namn visas inte.",
        "says_same": "Sidan säger sig vara uppdaterad {}, både före och efter.",
        "limits": "Vad detta visar, och inte",
        "limits_1": "Jämförelsen visar vad som stod på sidan vid två hämtningar. Ändringen skedde någon gång "
        "däremellan; när vet vi inte, och inte heller vem som gjorde den eller varför.",
        "words_of_two": "{} ord står bara på den första sidan, {} bara på den andra.",
        "limits_1_of_two": "Jämförelsen visar vad som stod på två olika sidor, var och en vid en hämtning. "
        "Ingen av dem har ändrats till den andra.",
        "limits_2": "Bara sidans eget innehåll jämförs. "
        "Menyer, sidfot och meddelanden för hela webbplatsen är utelämnade.",
        "limits_3": "Kontrollsummorna binder texten till de byte som togs emot. "
        "Att webbplatsen sände dem kan de inte bevisa.",
        "zone": "Alla tider: {}.", "made": "Skriven som en enda fil av archiver. Utan skript, utan hänvisningar utåt.",
    },
    "en": {
        "comparison": "Comparison", "before": "Before", "after": "After", "revision": "revision", "capture": "capture",
        "added": "added", "removed": "removed", "moved": "moved here", "words": "The words",
        "dates": "The page's dates",
        "published": "Published", "updated": "Updated", "reviewed": "Reviewed", "title": "Title", "none": "not stated",
        "stood": "stood still", "changed": "changed", "claim": "Claim", "verdict": "Between the captures",
        "same_one": "1 unchanged passage", "same_many": "{} unchanged passages", "changes_one": "1 change",
        "changes_many": "{} changes", "words_added_one": "1 word added", "words_added_many": "{} words added",
        "words_removed_one": "1 word removed", "words_removed_many": "{} words removed",
        "links": "Links and documents", "what": "What",
        "where": "Text and target",

        "link_added": "link added", "link_removed": "link removed", "link_renamed": "link's words changed",
        "link_retargeted": "link leads elsewhere", "link_moved": "link stands elsewhere",
        "document_added": "document added", "document_removed": "document removed",
        "document_renamed": "document's words or size changed", "document_retargeted": "document replaced",
        "document_moved": "document stands elsewhere",
        "evidence": "Evidence", "address": "Address", "body": "Body (SHA-256)",
        "weight": "Weight", "why": "Why it may matter", "classes": "Class", "no_text": "no text",
        "page_gone": "The page is gone.", "page_moved": "The address now leads to another.",
        "page_back": "The page is there.", "no_page": "The later capture showed no page.",
        "text_same": "The text is unchanged.",
        "file_changed": "The file was exchanged: its content has another digest.",
        "responsible": "Who is named as responsible has changed. Names are not shown.",
        "says_same": "The page says it was updated {}, both before and after.",
        "limits": "What this shows, and does not",
        "limits_1": "The comparison shows what stood on the page at two captures. The change was made at some time "
        "between them; when, by whom and why we do not know.",
        "words_of_two": "{} words are on the first page only, {} on the second only.",
        "limits_1_of_two": "The comparison shows what stood on two different pages, each at one capture. "
        "Neither was changed into the other.",
        "limits_2": "Only the page's own content is compared. Menus, footers and site-wide notices are left out.",
        "limits_3": "The digests bind the text to the bytes received. They cannot prove that the site sent them.",
        "zone": "All times: {}.",
        "made": "Written as one single file by archiver. No script, nothing loaded from elsewhere.",
    },
}  # fmt: skip

MONTHS: Mapping[Lang, tuple[str, ...]] = {
    "sv": ("jan", "feb", "mars", "apr", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}

CLASSES: Mapping[str, tuple[str, str, str, str]] = {
    "edit": ("±", "", "ändring", "edit"),
    "silent-edit": ("≠", "date", "tyst ändring", "silent edit"),
    "touch": ("→", "date", "datum flyttat", "date moved only"),
    "date-regression": ("←", "date", "datum bakåt", "date moved back"),
    "backdated-publication": ("↤", "date", "publicering bakdaterad", "back-dated publication"),
    "late-date": ("⊘", "date", "datum utanför fönstret", "date outside the window"),
    "replaced-document": ("⇆", "", "dokument utbytt", "document replaced"),
    "unlinked-document": ("⊖", "gone", "dokument utan länk", "document unlinked"),
    "relinked-document": ("⊕", "back", "dokument länkat igen", "document linked again"),
    "personnel": ("☻", "", "personbyte", "personnel"),
    "move": ("↪", "gone", "sida flyttad", "page moved"),
    "flap": ("⇄", "", "pendling", "back and forth"),
    "bulk-stamp": ("≡", "", "massdatering", "bulk date stamp"),
    "site-wide": ("▤", "", "hela webbplatsen", "site-wide"),
    "disappearance": ("×", "gone", "sida borta", "page gone"),
    "return": ("↩", "back", "sida tillbaka", "page back"),
}
"""Of each class of change: sign, tone, and the word in Swedish and in English."""
DOCUMENT_REMOVED = "document-removed"
"""Not a class of the archive: a change of the kind `attachments` that took one away. Shown, and asked for, like one."""
BADGES: Mapping[str, tuple[str, str, str, str]] = {
    **CLASSES,
    DOCUMENT_REMOVED: ("×", "gone", "dokument borttaget", "document removed"),
    "technical": ("?", "", "kan vara vår läsning", "may be our reading"),
}
"""Of whatever a comparison can be called. `technical` is no class of change: the difference may be ours, and lists of
changes leave it out unless somebody asks for it."""

REASONS: Mapping[str, tuple[str, str]] = {
    "amount-changed": ("belopp ändrat", "amount changed"),
    "date-in-text-changed": ("datum i texten ändrat", "date in the text changed"),
    "deadline-changed": ("tidsfrist ändrad", "deadline changed"),
    "decision-changed": ("beslutsord ändrat", "word of decision changed"),
    "decision-reference-changed": ("hänvisning till beslut ändrad", "reference to a decision changed"),
    "negation-changed": ("nekande ord ändrat", "negation changed"),
    "name-removed-from-list": ("namn borta ur lista", "name removed from a list"),
    "name-added-to-list": ("namn tillagt i lista", "name added to a list"),
    "role-changed": ("annan roll", "another role"),
    "paragraph-removed": ("stycke borttaget", "paragraph removed"),
    "heading-removed": ("mellanrubrik borttagen", "heading removed"),
    "most-of-page-removed": ("det mesta borttaget", "most of the page removed"),
    "much-added": ("mycket tillagt", "much added"),
    "document-unlinked": ("dokument ej längre länkat", "document no longer linked"),
    "document-replaced": ("dokument utbytt", "document replaced"),
    "link-retargeted": ("länk leder någon annanstans", "link leads elsewhere"),
    "term-of-interest": ("bevakat ord", "watched word"),
    "silent": ("tyst", "silent"),
    "late-date": ("datum utanför fönstret", "date outside the window"),
    "publication-date-altered": ("publiceringsdatum ändrat", "publication date altered"),
    "page-moved": ("sida flyttad", "page moved"),
    "page-gone": ("sida borta", "page gone"),
    "text-elsewhere": ("texten står på en ny adress", "text stands at a new address"),
    "only-spelling": ("bara stavning", "only spelling"),
    "only-whitespace-or-punctuation": ("bara mellanrum eller skiljetecken", "only spaces or punctuation"),
    "only-order": ("bara ordningsföljd", "only order"),
    "only-renumbered": ("bara omnumrering", "only numbering"),
    "only-contact-details": ("bara kontaktuppgifter", "only contact details"),
    "bulk-stamp": ("massdatering", "bulk date stamp"),
    "site-wide": ("hela webbplatsen", "site-wide"),
}
"""Swedish, English; a reason that is not here is shown by its own name."""
IN_ENGLISH = frozenset(
    {"name-removed-from-list", "most-of-page-removed", "silent", "page-gone", "site-wide"}
    | {name for name in REASONS if name.startswith("only-") and name != "only-spelling"}
)
"""Reasons whose detail was a phrase of ours and not the page's words, in archives that keep no grounds."""


def counted(lang: Lang, key: str, number: int) -> str:
    """A counted phrase: '1 ord tillagt', '24 ord tillagda'; thousands set apart."""
    form = WORDS[lang][f"{key}_one" if number == 1 else f"{key}_many"]
    return form.format(f"{number:,}".replace(",", "\u00a0"))
