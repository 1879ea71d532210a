"""A message as a mail (RFC 5322, RFC 2046): plain text always, HTML beside it. Pure.

A header is a line: what a site said has lost its line breaks and all that acts (`publish.visible`) before it gets here,
and Python's own policy refuses a header with a break in it.
"""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from archiver.alerts.compose import Letter
from archiver.model import Alert

_POLICY = SMTP.clone(cte_type="7bit")
_NAME = 32
"""Letters of the key that a Message-ID needs: 128 bits."""


def mail(letter: Letter, alert: Alert, sender: str, to: str, now: datetime, contact: str = "") -> EmailMessage:
    """The mail. Its Message-ID is the same at every try, by which mail systems know one again.

    It says that a program sent it, so that no absence note answers (RFC 3834), and how to be left alone (RFC 2369).
    """
    domain = sender.rpartition("@")[2]
    found = EmailMessage(policy=_POLICY)
    found["From"] = Address("archiver", addr_spec=sender)
    found["To"] = Address(addr_spec=to)
    found["Subject"] = letter.subject
    found["Date"] = format_datetime(now)
    found["Message-ID"] = f"<{letter.key[:_NAME]}.archiver@{domain}>"
    found["Auto-Submitted"] = "auto-generated"
    found["List-Id"] = f"<{alert.name.lower()}.alerts.{domain}>"
    if contact:
        found["List-Unsubscribe"] = f"<mailto:{contact}?subject=stop%20{alert.name}>"
    found.set_content(letter.text)
    found.add_alternative(letter.html, subtype="html")
    return found
