import hashlib
import hmac
import importlib.util
import json
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from archiver.alerts.compose import Letter
from archiver.alerts.outcomes import Outcome, Refused, Sent, Unsure
from archiver.alerts.post import Ways
from archiver.alerts.receivers import Receiver
from archiver.model import Alert, MailServer, Webhook
from sinks import LEAVE, MailSink, WebSink, sink

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ALERT = Alert("allt", "Allt")
LETTER = Letter("ab" * 32, "Avgifter ändrade", "Avgiften är 440 kronor.\n.\nSlut.\n", "<p>440</p>", b'{"a": "\\u00e5"}')
ENVIRONMENT = {"SECRET": "hemlig", "PASSWORD": "ord"}


@pytest.fixture
def mails() -> Iterator[MailSink]:
    with sink(MailSink) as found:
        yield found


@pytest.fixture
def web() -> Iterator[WebSink]:
    with sink(WebSink) as found:
        yield found


def by_mail(mails: MailSink, **server: object) -> Outcome:
    found = replace(MailServer("127.0.0.1", mails.port, "none", "arkiv@exempel.se"), **server)  # type: ignore[arg-type]
    ways = Ways(found, "archiver/1", "kontakt@exempel.se", ENVIRONMENT, patience=2)
    return ways.send(Receiver("mail", "red@exempel.se"), LETTER, ALERT, NOW)


def by_web(webhook: Webhook, **environment: str) -> Outcome:
    ways = Ways(None, "archiver/1", "", ENVIRONMENT | environment, patience=2)
    return ways.send(Receiver("webhook", "w", webhook), LETTER, ALERT, NOW)


def closed_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


# Mail ------------------------------------------------------------------------------------------------


def test_a_mail_arrives_whole_from_whom_and_to_whom_it_should(mails: MailSink) -> None:
    assert by_mail(mails) == Sent()
    (found,) = mails.mails
    assert mails.envelopes == [("FROM:<arkiv@exempel.se>", "TO:<red@exempel.se>")]
    assert found["subject"] == "Avgifter ändrade"
    body = found.get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == LETTER.text.splitlines()
    html = found.get_body(("html",))
    assert html is not None
    assert html.get_content().strip() == LETTER.html
    assert mails.raw[0].isascii()


def test_the_name_we_greet_with_is_the_senders_and_nobody_is_asked_who_we_are(
    mails: MailSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getfqdn", lambda *_: pytest.fail("this asks the network"))
    assert by_mail(mails) == Sent()
    assert mails.names == ["exempel.se"]


def test_the_password_comes_from_the_environment(mails: MailSink) -> None:
    assert by_mail(mails, user="arkiv", password_env="PASSWORD") == Sent()
    assert mails.passwords == ["PLAIN AGFya2l2AG9yZA=="]  # \0arkiv\0ord


def test_a_server_without_tls_gets_neither_password_nor_mail(mails: MailSink) -> None:
    outcome = by_mail(mails, tls="starttls", user="arkiv", password_env="PASSWORD")
    assert outcome == Refused("the mail server does not go along: SMTPNotSupportedError")
    assert (mails.passwords, mails.mails) == ([], [])


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for 127.0.0.1 that nobody has vouched for."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    key, path = tmp_path / "key.pem", tmp_path / "server.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=sink -addext"
    subprocess.run(
        [openssl, *words.split(), "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", path],
        check=True,
        capture_output=True,
    )
    path.write_bytes(key.read_bytes() + path.read_bytes())
    return path


def test_a_certificate_that_nobody_vouches_for_gets_neither_password_nor_mail(
    mails: MailSink, certificate: Path
) -> None:
    mails.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    mails.tls.load_cert_chain(certificate)
    outcome = by_mail(mails, tls="starttls", user="arkiv", password_env="PASSWORD")
    assert isinstance(outcome, Refused)
    assert outcome.why.startswith("the mail server does not go along: ")
    assert (mails.passwords, mails.mails) == ([], [])


def test_over_a_connection_that_is_vouched_for_it_gets_both(
    mails: MailSink, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    mails.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    mails.tls.load_cert_chain(certificate)
    assert by_mail(mails, tls="starttls", user="arkiv", password_env="PASSWORD") == Sent()
    assert (len(mails.passwords), len(mails.mails)) == (1, 1)


@pytest.mark.parametrize(
    ("command", "answer", "expected"),
    [
        ("MAIL", 451, Refused("the mail server answered 451")),
        ("MAIL", LEAVE, Refused("the mail server does not go along: SMTPServerDisconnected")),
        ("RCPT", 550, Refused("the mail server answered 550", hopeless=True)),
        ("RCPT", 450, Refused("the mail server answered 450")),
        ("DATA", 451, Refused("the mail server answered 451")),
        ("DATA", 554, Refused("the mail server answered 554", hopeless=True)),
        ("END", 554, Refused("the mail server answered 554", hopeless=True)),
        ("END", 452, Refused("the mail server answered 452")),
        ("END", LEAVE, Unsure("the mail server took the message and did not say so: SMTPServerDisconnected")),
    ],
)
def test_what_a_mail_server_may_do(mails: MailSink, command: str, answer: int | str, expected: Outcome) -> None:
    mails.is_rude(command, answer)
    assert by_mail(mails) == expected
    assert len(mails.mails) == (answer == LEAVE and command == "END")


def test_a_password_that_is_not_taken_is_tried_again_later(mails: MailSink) -> None:
    mails.is_rude("AUTH", 535, 535, 535)
    outcome = by_mail(mails, user="arkiv", password_env="PASSWORD")
    assert outcome == Refused("the mail server answered 535")


def test_a_server_that_goes_away_after_it_took_the_mail_has_taken_it(mails: MailSink) -> None:
    mails.is_rude("QUIT", LEAVE)
    assert by_mail(mails) == Sent()


def test_a_mail_server_that_is_not_there() -> None:
    server = MailServer("127.0.0.1", closed_port(), "none", "a@b.se")
    outcome = Ways(server, "", "", {}, patience=2).send(Receiver("mail", "red@exempel.se"), LETTER, ALERT, NOW)
    assert outcome == Refused("cannot reach the mail server: Connection refused")


# Webhooks --------------------------------------------------------------------------------------------


def test_a_webhook_gets_the_json_signed_and_with_a_key(web: WebSink) -> None:
    assert by_web(Webhook(web.url, secret_env="SECRET")) == Sent()
    ((headers, body),) = web.posts
    assert json.loads(body) == {"a": "å"}
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"] == "archiver/1"
    assert headers["idempotency-key"] == f'"{LETTER.key}"'
    expected = hmac.new(b"hemlig", body, hashlib.sha256).hexdigest()
    assert headers["x-archiver-signature-256"] == f"sha256={expected}"


def test_its_address_may_be_a_secret_of_the_environment(web: WebSink) -> None:
    assert by_web(Webhook(None, url_env="HOOK"), HOOK=web.url) == Sent()
    assert "x-archiver-signature-256" not in web.posts[0][0]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (500, Refused("the webhook answered 500")),
        (404, Refused("the webhook answered 404")),
        (410, Refused("the webhook answered 410", hopeless=True)),
        (302, Refused("the webhook answered 302")),
        (LEAVE, Unsure("the webhook did not answer: RemoteProtocolError")),
    ],
)
def test_what_a_webhook_may_answer(web: WebSink, answer: int | str, expected: Outcome) -> None:
    web.rude.append(answer)
    web.headers["location"] = web.url
    assert by_web(Webhook(web.url)) == expected
    assert len(web.posts) == (answer == LEAVE)


@pytest.mark.parametrize(
    ("said", "wait"),
    [("120", timedelta(minutes=2)), ("999999", timedelta(seconds=999_999)), ("9" * 20, None), ("9" * 5000, None),
     ("-5", None), ("²", None), ("Tue, 10 Mar 2026 13:00:00 GMT", None), ("", None)],
    ids=["seconds", "days", "for ever", "digits", "before", "no digit", "a date", "nothing"],
)  # fmt: skip
def test_a_webhook_may_ask_us_to_wait(web: WebSink, said: str, wait: timedelta | None) -> None:
    web.rude.append(429)
    web.headers["retry-after"] = said
    assert by_web(Webhook(web.url)) == Refused("the webhook answered 429", wait=wait)


def test_neither_proxy_nor_password_of_the_environment_is_used(
    web: WebSink, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login a password hemligt\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert by_web(Webhook(web.url)) == Sent()
    assert "authorization" not in web.posts[0][0]
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{closed_port()}")
    assert by_web(Webhook(web.url)) == Sent()


def test_a_webhook_that_is_not_there() -> None:
    outcome = by_web(Webhook(f"http://127.0.0.1:{closed_port()}/"))
    assert outcome == Refused("cannot reach the webhook: ConnectError")


# Services --------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.skipif(importlib.util.find_spec("apprise") is None, reason="the extra [alerts] is not installed")
def test_a_service_is_told_by_way_of_apprise(web: WebSink) -> None:
    address = web.url.replace("http://", "json://")
    ways = Ways(None, "", "", {"SERVICE": address})
    assert ways.send(Receiver("service", "SERVICE"), LETTER, ALERT, NOW) == Sent()
    told = json.loads(web.posts[0][1])
    assert (told["title"], told["message"]) == ("Avgifter ändrade", LETTER.text.rstrip())

    web.rude.append(500)
    assert isinstance(ways.send(Receiver("service", "SERVICE"), LETTER, ALERT, NOW), Unsure)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.skipif(importlib.util.find_spec("apprise") is None, reason="the extra [alerts] is not installed")
def test_an_address_that_apprise_does_not_know_is_given_up() -> None:
    ways = Ways(None, "", "", {"SERVICE": "nonsense"})
    assert ways.send(Receiver("service", "SERVICE"), LETTER, ALERT, NOW) == Refused(
        "the service's address says nothing to Apprise", hopeless=True
    )


def test_the_archive_calls_receivers_by_a_digest() -> None:
    name = Receiver("mail", "red@exempel.se").name
    assert name.startswith("mail ")
    assert "exempel" not in name
