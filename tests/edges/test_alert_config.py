"""Files of alerts/: what they amount to, and what is wrong with them."""

from pathlib import Path

import pytest

from archive import ARCHIVER, SOURCE, write_config
from archiver.alerts.receivers import unready
from archiver.config import load
from archiver.errors import ConfigError
from archiver.model import Alert, MailServer, Rhythm, Wanted, Webhook

MAIL = """\
[mail]
server = "smtp.exempel.se"
"""
BOARD = '[[section]]\nname = "anslagstavla"\npath = "/anslag"\n'


def config(folder: Path, alert: str, ours: str = MAIL, name: str = "avgifter") -> Path:
    found = write_config(folder, SOURCE + BOARD, ARCHIVER + ours)
    (found / "alerts").mkdir()
    (found / "alerts" / f"{name}.toml").write_text(alert, "utf-8")
    return found


def mistakes(folder: Path, alert: str, ours: str = MAIL) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(config(folder, alert, ours))
    return [str(mistake) for mistake in caught.value.mistakes]


def test_an_alert_with_every_key(tmp_path: Path) -> None:
    found = load(
        config(
            tmp_path,
            """\
title = "Avgifter"
lang  = "en"
every = "week"
on    = "friday"
at    = "16:30"
since = 2026-01-01
most  = 20
at_least_once = true
to    = ["red@exempel.se"]
[filter]
words = "avgift*"
op = "removed"
municipality = "exempelköping"
county = "Exempellän"
section = "anslagstavla"
page = "https://www.exempelkoping.se/avgifter"
classes = ["silent-edit", "document-removed"]
kinds = ["text"]
weight = 3
noise = true
[[webhook]]
url = "http://127.0.0.1:9000/hook"
secret_env = "HOOK_SECRET"
[[service]]
url_env = "NEWSROOM"
""",
        )
    )
    from datetime import time

    assert found.alerts["avgifter"] == Alert(
        name="avgifter", title="Avgifter", lang="en", rhythm=Rhythm("week", time(16, 30), 4, "Europe/Stockholm"),
        wanted=Wanted("avgift*", "removed", "exempelkoping", "Exempellän", "anslagstavla",
                      "https://www.exempelkoping.se/avgifter", ("silent-edit", "document-removed"), ("text",), 3, True),
        since="2026-01-01", most=20, at_least_once=True, to=("red@exempel.se",),
        webhooks=(Webhook("http://127.0.0.1:9000/hook", None, "HOOK_SECRET"),), services=("NEWSROOM",),
    )  # fmt: skip
    assert found.mail == MailServer("smtp.exempel.se", 587, "starttls", "archive@archiver.example")


@pytest.mark.parametrize("name", ["9999", "exempelkoping", "EXEMPELKÖPING", "Exempelköpings kommun"])
def test_a_municipality_is_found_however_it_is_spelled(tmp_path: Path, name: str) -> None:
    found = load(config(tmp_path, f'to = ["red@exempel.se"]\n[filter]\nmunicipality = "{name}"'))
    assert found.alerts["avgifter"].wanted.source == "exempelkoping"


def test_a_filter_may_be_an_address_of_the_front_page(tmp_path: Path) -> None:
    address = (
        "https://arkiv.example/?m=9999&q=avgift&class=silent-edit&class=edit&weight=3&days=30&order=weight&lang=sv"
    )
    found = load(config(tmp_path, f'to = ["red@exempel.se"]\nfilter = "{address}"'))
    assert found.alerts["avgifter"].wanted == Wanted(
        words="avgift", source="exempelkoping", classes=("silent-edit", "edit"), weight=3
    )


@pytest.mark.parametrize(
    ("alert", "expected"),
    [
        ("", "alerts/avgifter.toml: to: nobody is told: name a mail address in to, a [[webhook]] or a [[service]]"),
        ('to = ["a@b.se"]\nlag = "sv"', "alerts/avgifter.toml: lag: there is no key 'lag'; did you mean 'lang'?"),
        ('to = ["inte en adress"]', "alerts/avgifter.toml: to #1: expected a mail address: 'arkiv@exempel.se' "
         "(found 'inte en adress')"),
        ('to = ["a@b.se\\r\\nBcc: c@d.se"]', "alerts/avgifter.toml: to #1: expected a mail address: 'arkiv@exempel.se' "
         "(found 'a@b.se\\r\\nBcc: c@d.se')"),
        ('to = ["a@b.se"]\n[filter]\nmunicipality = "Exempelköpng"',
         "alerts/avgifter.toml: filter.municipality: there is no municipality 'Exempelköpng'; "
         "did you mean 'Exempelköping'?"),
        ('to = ["a@b.se"]\n[filter]\ncounty = "Örebro"',
         "alerts/avgifter.toml: filter.county: there is no county 'Örebro'; there is Exempellän"),
        ('to = ["a@b.se"]\n[filter]\nsection = "anslag"',
         "alerts/avgifter.toml: filter.section: there is no section 'anslag'; did you mean 'anslagstavla'?"),
        ('to = ["a@b.se"]\n[filter]\nclasses = ["silent"]',
         "alerts/avgifter.toml: filter.classes #1: there is no class 'silent'; did you mean 'silent-edit'? "
         "(found 'silent')"),
        ('to = ["a@b.se"]\n[filter]\nop = "added"',
         "alerts/avgifter.toml: filter.op: is for words: filter.words is missing"),
        ('to = ["a@b.se"]\nfilter = "/?event=17"',
         "alerts/avgifter.toml: filter: the address says event=17, which no alert can keep to; "
         "expected a filter of '/' (found '/?event=17')"),
        ('to = ["a@b.se"]\nat = "07:00"',
         'alerts/avgifter.toml: at: is a time of day: it goes with every = "day" or "week"'),
        ('to = ["a@b.se"]\nevery = "day"\nat = "25:00"',
         "alerts/avgifter.toml: at: expected a time of day: '07:00' (found '25:00')"),
        ('to = ["a@b.se"]\nevery = "day"\non = "monday"',
         'alerts/avgifter.toml: on: is a day of the week: it goes with every = "week"'),
        ('[[webhook]]\nsecret_env = "X"', "alerts/avgifter.toml: webhook #1.url: expected either url or url_env"),
        ('[[webhook]]\nurl = "ftp://a.example/"',
         "alerts/avgifter.toml: webhook #1.url: expected an absolute http or https URL (found 'ftp://a.example/')"),
        ('[[service]]\nurl_env = "slack://a/b/c"', "alerts/avgifter.toml: service #1.url_env: expected the name of an "
         "environment variable, not the secret itself: 'SMTP_PASSWORD' (found 'slack://a/b/c')"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_key_and_what_was_expected(tmp_path: Path, alert: str, expected: str) -> None:
    assert mistakes(tmp_path, alert) == [expected]


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        ("", "alerts/avgifter.toml: to: there is no server to send mail by: mail.server in archiver.toml"),
        (MAIL + 'user = "arkiv"', "archiver.toml: mail.password_env: is missing: a user has a password, and the "
         "environment holds it"),
        (MAIL + 'user = "arkiv"\npassword_env = "P"\ntls = "none"', "archiver.toml: mail.tls: would send the password "
         "readable to all on the way; expected starttls or tls, or mail.cleartext = true"),
        (MAIL + 'password = "hemligt"', "archiver.toml: mail.password: there is no key 'password'; did you mean "
         "'password_env'?"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_mail_server(tmp_path: Path, ours: str, expected: str) -> None:
    assert mistakes(tmp_path, 'to = ["a@b.se"]', ours) == [expected]


def test_a_password_may_travel_readable_where_somebody_says_so(tmp_path: Path) -> None:
    ours = MAIL + 'user = "arkiv"\npassword_env = "P"\ntls = "none"\ncleartext = true'
    assert load(config(tmp_path, 'to = ["a@b.se"]', ours)).mail == MailServer(
        "smtp.exempel.se", 25, "none", "archive@archiver.example", "arkiv", "P"
    )


def test_words_that_find_nothing_are_told_before_anything_is_sent(tmp_path: Path) -> None:
    found = load(config(tmp_path, 'to = ["a@b.se"]\n[filter]\nwords = "-avgift"'))
    assert [str(m) for m in unready(found, found.alerts.values(), {})] == [
        "alerts/avgifter.toml: filter.words: says only what must not be there, which no search can find"
    ]


def test_what_the_environment_lacks_is_told_before_anything_is_sent(tmp_path: Path) -> None:
    alert = 'to = ["a@b.se"]\n[[webhook]]\nurl_env = "HOOK"\nsecret_env = "KEY"\n'
    found = load(config(tmp_path, alert, MAIL + 'user = "arkiv"\npassword_env = "P"'))
    assert [str(m) for m in unready(found, found.alerts.values(), {"HOOK": "ftp://x.example"})] == [
        "archiver.toml: mail.password_env: the environment has no P",
        "alerts/avgifter.toml: webhook #1.secret_env: the environment has no KEY",
        "alerts/avgifter.toml: webhook #1.url_env: HOOK holds no absolute http or https URL",
    ]
    environment = {"HOOK": "https://x.example", "KEY": "k", "P": "p"}
    assert unready(found, found.alerts.values(), environment) == []
