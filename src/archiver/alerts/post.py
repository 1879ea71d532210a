"""The ways out: a mail server, a webhook, a service by way of Apprise. Each try comes to an outcome.

What an outcome may be told in is ours: what a server says may name people, and its address may be a secret. The one
question that matters is whether the message can have arrived: nothing that left whole and got no answer is `Refused`.
"""

import hashlib
import hmac
import importlib
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx

from archiver.alerts.compose import Letter
from archiver.alerts.letter import mail
from archiver.alerts.outcomes import Outcome, Refused, Sent, Unsure
from archiver.alerts.receivers import EXTRA, Receiver
from archiver.config import Config
from archiver.model import Alert, MailServer, Webhook

PATIENCE = 30.0
"""Seconds for a connection, and between two words of a server."""
GONE = 410
_TAKEN = range(200, 300)
_TOO_LONG = 100


@dataclass(frozen=True)
class Ways:
    """All ways out, with what each needs."""

    mail: MailServer | None
    agent: str  # what we call ourselves
    contact: str  # whom to ask to be left alone
    environment: Mapping[str, str]
    patience: float = PATIENCE

    def send(self, receiver: Receiver, letter: Letter, alert: Alert, now: datetime) -> Outcome:
        """One try."""
        if receiver.way == "mail":
            return self._mail(receiver.to, letter, alert, now)
        if receiver.webhook is not None:
            return self._webhook(receiver.webhook, letter)
        return _service(self.environment.get(receiver.to, ""), letter)

    def _mail(self, to: str, letter: Letter, alert: Alert, now: datetime) -> Outcome:
        if self.mail is None:
            return Refused("no mail server is configured")
        server = self.mail
        data = mail(letter, alert, server.sender, to, now, self.contact).as_bytes()
        password = self.environment.get(server.password_env, "") if server.password_env else ""
        return send_mail(server, password, to, data, self.patience)

    def _webhook(self, webhook: Webhook, letter: Letter) -> Outcome:
        url = self.environment.get(webhook.url_env, "") if webhook.url_env else webhook.url or ""
        secret = self.environment.get(webhook.secret_env, "") if webhook.secret_env else ""
        headers = {
            "content-type": "application/json",
            "user-agent": self.agent,
            "idempotency-key": f'"{letter.key}"',
        }
        if secret:
            headers["x-archiver-signature-256"] = f"sha256={signature(secret, letter.payload)}"
        return send_json(url, headers, letter.payload, self.patience)


def ways(config: Config, environment: Mapping[str, str]) -> Ways:
    """The ways out as configured."""
    return Ways(config.mail, config.agent.header, config.agent.mail, environment)


def signature(secret: str, payload: bytes) -> str:
    """HMAC-SHA256 (RFC 2104) over the very bytes of the body, in hex."""
    return hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest()


def send_mail(server: MailServer, password: str, to: str, data: bytes, patience: float) -> Outcome:
    """One try over SMTP (RFC 5321). Without TLS where the server offers none? Never, unless `tls` is 'none'."""
    smtp = smtplib.SMTP_SSL if server.tls == "tls" else smtplib.SMTP
    options: dict[str, Any] = {"context": ssl.create_default_context()} if server.tls == "tls" else {}
    name = server.sender.rpartition("@")[2]  # what we greet with; the default would ask the network who we are
    try:
        line = smtp(server.server, server.port, local_hostname=name, timeout=patience, **options)
    except (OSError, UnicodeError) as error:
        return Refused(f"cannot reach the mail server: {_named(error)}")
    try:
        return _envelope(line, server, password, to) or _data(line, data)
    finally:
        with suppress(OSError):
            line.quit()
        line.close()


def _envelope(line: smtplib.SMTP, server: MailServer, password: str, to: str) -> Refused | None:
    """All that comes before the message; why it was refused, or None."""
    try:
        if server.tls == "starttls":
            line.starttls(context=ssl.create_default_context())
        if server.user is not None:
            line.login(server.user, password)
        line.ehlo_or_helo_if_needed()  # whom we are, which `mail` does not say (RFC 5321 §4.1.1.1)
        for say, whom in ((line.mail, server.sender), (line.rcpt, to)):
            code, _ = say(whom)
            if code not in _TAKEN:
                return Refused(f"the mail server answered {code}", hopeless=code >= 500)
    except smtplib.SMTPResponseException as error:
        return Refused(f"the mail server answered {error.smtp_code}")
    except (OSError, UnicodeError) as error:
        return Refused(f"the mail server does not go along: {_named(error)}")
    return None


def _data(line: smtplib.SMTP, data: bytes) -> Outcome:
    """The message itself; once it has begun to leave, only an answer says that it was not taken."""
    try:
        code, _ = line.data(data)
    except smtplib.SMTPDataError as error:  # before the first byte
        return Refused(f"the mail server answered {error.smtp_code}", hopeless=error.smtp_code >= 500)
    except OSError as error:
        return Unsure(f"the mail server took the message and did not say so: {_named(error)}")
    return Sent() if code in _TAKEN else Refused(f"the mail server answered {code}", hopeless=code >= 500)


def send_json(url: str, headers: Mapping[str, str], payload: bytes, patience: float) -> Outcome:
    """One POST. No redirect is followed, no proxy and no credential of the environment is used; of the answer only its
    status counts, and nothing else is read."""
    try:
        with (
            httpx.Client(timeout=patience, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", url, headers=dict(headers), content=payload) as answer,
        ):
            return _judged(answer)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
        return Refused(f"cannot reach the webhook: {type(error).__name__}")
    except httpx.HTTPError as error:
        return Unsure(f"the webhook did not answer: {type(error).__name__}")


def _judged(answer: httpx.Response) -> Outcome:
    if answer.status_code in _TAKEN:
        return Sent()
    said = answer.headers.get("retry-after", "")  # RFC 9110 §10.2.3; of its two forms the one in seconds
    wait = timedelta(seconds=int(said)) if said.isascii() and said.isdigit() and len(said) < 7 else None
    return Refused(f"the webhook answered {answer.status_code}", hopeless=answer.status_code == GONE, wait=wait)


def _service(address: str, letter: Letter) -> Outcome:
    """One try by way of Apprise, which says yes or no, and never why not: a no may be a lost answer."""
    try:
        library: Any = importlib.import_module(EXTRA)
    except ImportError:
        return Refused("needs a library: pip install 'archiver[alerts]'")
    service = library.Apprise()
    if not service.add(address):
        return Refused("the service's address says nothing to Apprise", hopeless=True)
    taken = service.notify(title=letter.subject, body=letter.text, body_format="text")
    return Sent() if taken else Unsure("Apprise says that the service did not take it, and not why")


def _named(error: Exception) -> str:
    """What sort of failure, without a word that a server chose."""
    words = getattr(error, "strerror", None) if not isinstance(error, smtplib.SMTPException) else None
    return str(words)[:_TOO_LONG] if words else type(error).__name__
