"""Who is told, by which way, and what that needs of the environment."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from archiver import urls
from archiver.asking.matching import Terms
from archiver.config import Config
from archiver.digests import digest
from archiver.errors import Mistake
from archiver.model import Alert, Webhook

Environment = Mapping[str, str]
EXTRA = "apprise"


@dataclass(frozen=True, slots=True)
class Receiver:
    """One who is told, by one way."""

    way: Literal["mail", "webhook", "service"]
    to: str  # a mail address; a webhook's place in its file; the variable that holds a service's address
    webhook: Webhook | None = None

    @property
    def name(self) -> str:
        """What the archive calls it: the way and a digest, for addresses are people's and often secrets."""
        return f"{self.way} {digest([self.way, self.to])}"

    def __str__(self) -> str:
        return f"{self.way} {self.to}"


def receivers(alert: Alert) -> dict[str, Receiver]:
    """All who are told, by the names under which the archive knows them."""
    found = [Receiver("mail", address) for address in alert.to]
    found += [Receiver("webhook", webhook.url_env or webhook.url or "", webhook) for webhook in alert.webhooks]
    found += [Receiver("service", variable) for variable in alert.services]
    return {receiver.name: receiver for receiver in found}


def unready(config: Config, alerts: Iterable[Alert], environment: Environment) -> list[Mistake]:
    """What must still be said before these alerts can be sent: secrets that the environment lacks, and the library."""
    found: list[Mistake] = []
    for alert in alerts:
        file = f"alerts/{alert.name}.toml"
        if alert.wanted.words and not Terms(alert.wanted.words):
            found.append(Mistake(file, "filter.words", "says only what must not be there, which no search can find"))
        if alert.to and config.mail is not None and config.mail.password_env:
            found += _unset("archiver.toml", "mail.password_env", config.mail.password_env, environment)
        for n, webhook in enumerate(alert.webhooks, 1):
            found += _of_webhook(file, n, webhook, environment)
        for n, variable in enumerate(alert.services, 1):
            found += _unset(file, f"service #{n}.url_env", variable, environment)
        if alert.services and find_spec(EXTRA) is None:
            found.append(Mistake(file, "service", "needs a library: pip install 'archiver[alerts]'"))
    return list(dict.fromkeys(found))


def _of_webhook(file: str, n: int, webhook: Webhook, environment: Environment) -> Iterator[Mistake]:
    if webhook.secret_env:
        yield from _unset(file, f"webhook #{n}.secret_env", webhook.secret_env, environment)
    if webhook.url_env:
        yield from _unset(file, f"webhook #{n}.url_env", webhook.url_env, environment)
        address = environment.get(webhook.url_env, "")
        parsed = urls.parse(address)
        if address and (parsed is None or not urls.is_web(parsed)):
            words = f"{webhook.url_env} holds no absolute http or https URL"
            yield Mistake(file, f"webhook #{n}.url_env", words)


def _unset(file: str, key: str, variable: str, environment: Environment) -> Iterator[Mistake]:
    if not environment.get(variable):
        yield Mistake(file, key, f"the environment has no {variable}")
