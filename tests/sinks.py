"""Receivers of alerts on this machine: a mail server and a web server that keep what they get, and can be rude."""

import socket
import socketserver
import ssl
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LEAVE = "leave"
"""To go away without a word."""


class MailSink(socketserver.ThreadingTCPServer):
    """A mail server (RFC 5321, as much of it as a sender sees). `answers` are taken one a command: {'DATA': 451}."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _MailLine)
        self.mails: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.envelopes: list[tuple[str, str]] = []
        self.passwords: list[str] = []
        self.names: list[str] = []  # by which senders greeted
        self.tls: ssl.SSLContext | None = None  # what STARTTLS begins
        self.rude: dict[str, deque[int | str]] = {}  # command, or 'END' for what follows the message

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def is_rude(self, command: str, *answers: int | str) -> None:
        """The next answers to a command."""
        self.rude.setdefault(command, deque()).extend(answers)


def _argument(said: str) -> str:
    """'FROM:<a@b.se>' in whichever case its keyword came: commands have none (RFC 5321 section 2.4)."""
    keyword, colon, path = said.partition(":")
    return keyword.upper() + colon + path


class _MailLine(socketserver.StreamRequestHandler):
    server: MailSink

    def handle(self) -> None:
        sender = to = ""
        is_greeted = False  # over this connection, as it is now: STARTTLS begins a new one (RFC 3207 §4.2)
        self._say("220 sink.example")
        while line := self.rfile.readline().decode("ascii").strip():
            command, _, rest = line.partition(" ")
            command = command.upper()
            if self._is_rude(command):
                continue
            if command in ("AUTH", "MAIL") and not is_greeted:  # RFC 5321 §4.1.4
                self._say("503 send EHLO first")
            elif command == "EHLO":
                is_greeted = True
                self.server.names.append(rest)
                offers = "250-STARTTLS\r\n" if self.server.tls else ""
                self._say(f"250-sink.example\r\n{offers}250-AUTH PLAIN\r\n250 8BITMIME")
            elif command == "STARTTLS" and self.server.tls:
                self._say("220 go on")
                is_greeted = False
                try:
                    self.connection = self.server.tls.wrap_socket(self.connection, server_side=True)
                except ssl.SSLError:  # the other side does not trust us
                    return
                self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)
            elif command == "AUTH":
                self.server.passwords.append(rest)
                self._say("235 good")
            elif command == "MAIL":
                sender = _argument(rest)
                self._say("250 good")
            elif command == "RCPT":
                to = _argument(rest)
                self._say("250 good")
            elif command == "DATA":
                self._say("354 go on")
                self._take(sender, to)
            elif command == "QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 good")

    def finish(self) -> None:
        """Close what STARTTLS opened, too."""
        super().finish()
        self.connection.close()

    def _take(self, sender: str, to: str) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        answers = self.server.rude.get("END")
        answer = answers.popleft() if answers else 250
        if answer in (250, LEAVE):
            raw = b"".join(lines)
            self.server.raw.append(raw)
            self.server.mails.append(message_from_bytes(raw, policy=default))  # type: ignore[arg-type]
            self.server.envelopes.append((sender, to))
        if answer == LEAVE:
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._say(f"{answer} that was it")

    def _is_rude(self, command: str) -> bool:
        answers = self.server.rude.get(command)
        if not answers:
            return False
        answer = answers.popleft()
        if answer == LEAVE:
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._say(f"{answer} no, <anna@exempel.se>")
        return True

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode("ascii") + b"\r\n")


class WebSink(ThreadingHTTPServer):
    """A web server that keeps what is posted."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _WebLine)
        self.posts: list[tuple[dict[str, str], bytes]] = []
        self.rude: deque[int | str] = deque()
        self.headers: dict[str, str] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _WebLine(BaseHTTPRequestHandler):
    server: WebSink

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        answer = self.server.rude.popleft() if self.server.rude else 204
        if answer in (204, LEAVE):
            self.server.posts.append(({k.lower(): v for k, v in self.headers.items()}, body))
        if answer == LEAVE:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(int(answer))
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


@contextmanager
def sink(kind: type[Any]) -> Iterator[Any]:
    """One of the sinks, listening."""
    with kind() as found:
        thread = threading.Thread(target=found.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            found.shutdown()
            thread.join()
