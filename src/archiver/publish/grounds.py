"""Why a change is of a class, or may matter, in the reader's language. Pure."""

from archiver.model import ClassOfChange, Reason
from archiver.model.grounds import ENGLISH, Tongue, say
from archiver.publish.words import IN_ENGLISH, Lang

SWEDISH = Tongue(
    {
        "quoted": "{0}",
        "more": "{0} till",
        "undated": "{0:kinds} ändrades; sidan uppger inget uppdateringsdatum",
        "dated": "{0:kinds} ändrades, och uppdateringsdatumet med: {1:date} → {2:date}",
        "stood-still": "{0:kinds} ändrades, och uppdateringsdatumet stod kvar på {1}",
        "only-dates": "bara datum ändrades",
        "date": "{0:field} {1:date} → {2:date}",
        "went-back": "{0:field} gick bakåt: {1:date} → {2:date}",
        "withdrawn": "{0:field} uppges inte längre: {1:date} → {2:date}",
        "published-altered": "publiceringsdatumet ändrades efter att det först setts: {0:date} → {1:date}",
        "published-too-early": "publicerad {0}, fast sidan inte kan ha gjorts före {1}",
        "claimed-before": "{0:field} sägs vara {1}, men sidan visade ännu {2} sin gamla lydelse",
        "claimed-after": "{0:field} sägs vara {1}, men sidan visade det redan {2}",
        "as-revision": "sidan är igen som i lydelse {0}",
        "gone": "sidan är borta",
        "moved": "sidans adress leder till en annan sida",
        "moved-to": "sidans adress leder till en annan sida: {0}",
        "stands-at": "{0} % av texten står ordagrant på en ny adress, först sedd {2}: {1}",
        "back": "sidan är tillbaka",
        "back-as": "sidan är tillbaka, som den var i lydelse {0}",
        "file-replaced": "en annan fil på samma adress",
        "file-replaced-at": "en annan fil under samma identitet, på en annan adress: {0} → {1}",
        "unread-before": "den tidigare hämtningen kunde inte läsas med dagens regler: skillnaden kan vara vår",
        "bulk-date": "{0:field} blev {1} på {2} av de {3} sidor som uppger något och sågs vid samma genomgång",
        "on-many-pages": "samma ord ändrades på {0} av de {1} sidor som sågs vid samma genomgång",
        "unlinked": "{0} länkas inte från någon sida vi känner till, men gick ännu att hämta {1}",
        "relinked": "{0} länkas igen; ingen sida vi känner till gjorde det sedan {1}",
        "left": "lämnade: {0}",
        "left-as": "lämnade: {0} ({1})",
        "joined": "tillkom: {0}",
        "joined-as": "tillkom: {0} ({1})",
        "role-changed": "annan roll: {0} → {1}",
        "party-changed": "annat parti: {0} → {1}",
        "names-left": "rader som börjar som ett namn: {0}",
        "words-left": "{0} av {1} ord borttagna, {2} tillagda",
        "words-came": "{0} ord tillagda till {1}, {2} borttagna",
        "same-words": "samma ord; stycken: {0}",
        "moved-about": "flyttade stycken: {0}, flyttade länkar: {1}",
        "renumbered": "omnumrerade rader: {0}",
        "contact-details": "stycken: {0}, länkar: {1}",
    },
    names={
        "text": "texten", "links": "länkarna", "title": "rubriken", "responsible": "uppgiften om ansvarig",
        "attachments": "dokumenten", "payload": "filen", "published": "publiceringsdatumet",
        "updated": "uppdateringsdatumet", "reviewed": "granskningsdatumet",
    },
    nothing="ingen uppgift",
    also="och",
)  # fmt: skip
_TONGUES = {"sv": SWEDISH, "en": ENGLISH}


def told(found: ClassOfChange | Reason, lang: Lang) -> tuple[str, bool]:
    """Why, in the language; and whether it could be said in it.

    What an archive kept before it kept grounds is there in English words alone.
    """
    kept = found.reason if isinstance(found, ClassOfChange) else found.detail
    if not found.grounds:
        return kept, lang == "en" or not _is_ours(found)
    return say(found.grounds, _TONGUES[lang]), True


def _is_ours(found: ClassOfChange | Reason) -> bool:
    """Whether words kept without grounds are a phrase of ours, and not the page's words."""
    return isinstance(found, ClassOfChange) or found.name in IN_ENGLISH
