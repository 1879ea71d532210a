"""Files of alerts/ into values, and what must hold between them and the rest of the configuration."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import time

from archiver.config.alert_shapes import WEEKDAYS, AlertShape
from archiver.config.municipalities import Municipality, find
from archiver.config.nearest import no_such
from archiver.config.shapes import ArchiverShape
from archiver.errors import Mistake, NotFound
from archiver.model import Alert, MailServer, Rhythm, Source, Wanted, Webhook

OURS = "archiver.toml"
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_MORNING = time(7)


def mail_server(ours: ArchiverShape) -> MailServer | None:
    """Who takes our mail; None where nobody is named."""
    mail = ours.mail
    if mail.server is None:
        return None
    sender = mail.sender or ours.agent.mail
    return MailServer(mail.server, mail.port or _PORTS[mail.tls], mail.tls, sender, mail.user, mail.password_env)


def alert(name: str, shape: AlertShape, ours: ArchiverShape, sources: Mapping[str, Source]) -> Alert:
    """The alert of that name."""
    chosen = shape.filter
    of = source_named(chosen.municipality, sources.values()) if chosen.municipality else None
    return Alert(
        name=name,
        title=shape.title or name,
        lang=shape.lang,
        wanted=Wanted(
            words=chosen.words or "",
            op=chosen.op or "",
            source=of.id if of else "",
            county=chosen.county or "",
            section=chosen.section or "",
            page=chosen.page or "",
            classes=tuple(chosen.classes),
            kinds=tuple(chosen.kinds),
            weight=chosen.weight,
            noise=chosen.noise,
        ),
        rhythm=Rhythm(
            shape.every,
            shape.at or (time(0) if shape.every == "hour" else _MORNING),
            WEEKDAYS.index(shape.on) if shape.on else 0,
            shape.zone or ours.pace.zone,
        ),
        since=shape.since.isoformat() if shape.since else None,
        most=shape.most,
        at_least_once=shape.at_least_once,
        to=tuple(dict.fromkeys(shape.to)),
        webhooks=tuple(Webhook(w.url, w.url_env, w.secret_env) for w in shape.webhook),
        services=tuple(service.url_env for service in shape.service),
    )


def source_named(name: str, sources: Iterable[Source]) -> Source | None:
    """The source of that kommunkod, id or municipality's name, as `find` takes them; None where there is none."""
    known = {source.id: source for source in sources}
    rows = [Municipality(s.code, s.municipality, s.county, source=s.id) for s in known.values()]
    try:
        return known[find(rows, name).source]
    except NotFound:
        return None


def mistakes_of_mail(ours: ArchiverShape) -> Iterator[Mistake]:
    """Passwords travel encrypted, unless somebody says that they need not."""
    mail = ours.mail
    if (mail.user is None) != (mail.password_env is None):
        missing = "mail.user" if mail.user is None else "mail.password_env"
        yield Mistake(OURS, missing, "is missing: a user has a password, and the environment holds it")
    if mail.user is not None and mail.tls == "none" and not mail.cleartext:
        words = "would send the password readable to all on the way; expected starttls or tls, or mail.cleartext = true"
        yield Mistake(OURS, "mail.tls", words)
    if mail.server is not None and not (mail.sender or ours.agent.mail):
        yield Mistake(OURS, "mail.sender", "is missing: mail is from somebody; agent.mail stands in for it")


def mistakes(shape: AlertShape, file: str, ours: ArchiverShape, sources: Mapping[str, Source]) -> Iterator[Mistake]:
    """What an alert names exists, somebody is told, and its times are times of its rhythm."""
    yield from _of_filter(shape, file, sources)
    yield from _of_time(shape, file)
    if not (shape.to or shape.webhook or shape.service):
        yield Mistake(file, "to", "nobody is told: name a mail address in to, a [[webhook]] or a [[service]]")
    if shape.to and ours.mail.server is None:
        yield Mistake(file, "to", f"there is no server to send mail by: mail.server in {OURS}")
    for n, webhook in enumerate(shape.webhook, 1):
        if (webhook.url is None) == (webhook.url_env is None):
            yield Mistake(file, f"webhook #{n}.url", "expected either url or url_env")


def _of_filter(shape: AlertShape, file: str, sources: Mapping[str, Source]) -> Iterator[Mistake]:
    chosen, found = shape.filter, list(sources.values())
    if chosen.op and not chosen.words:
        yield Mistake(file, "filter.op", "is for words: filter.words is missing")
    if chosen.municipality:
        known = source_named(chosen.municipality, found)
        if known is None:
            names = [source.municipality for source in found]
            yield Mistake(file, "filter.municipality", no_such("municipality", chosen.municipality, names))
        found = [known] if known else found
    if chosen.county and chosen.county not in {source.county for source in sources.values()}:
        counties = {source.county for source in sources.values() if source.county}
        yield Mistake(file, "filter.county", no_such("county", chosen.county, counties))
    sections = {section.name for source in found for section in source.sections}
    if chosen.section and chosen.section not in sections:
        yield Mistake(file, "filter.section", no_such("section", chosen.section, sections))


def _of_time(shape: AlertShape, file: str) -> Iterator[Mistake]:
    if shape.at is not None and shape.every not in ("day", "week"):
        yield Mistake(file, "at", 'is a time of day: it goes with every = "day" or "week"')
    if shape.on is not None and shape.every != "week":
        yield Mistake(file, "on", 'is a day of the week: it goes with every = "week"')
