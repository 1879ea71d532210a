"""What was asked and what came back. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from archiver.model.lists import FailureKind, Flaw, Outcome, RenderOutcome, Role


@dataclass(frozen=True, slots=True)
class Request:
    """One question to a host, perhaps with validators."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    accept: str | None = None  # what a page's script would rather have; None: a page or a file
    headers: tuple[tuple[str, str], ...] = ()  # beside those that every question has


@dataclass(frozen=True, slots=True)
class Response:
    """A response as it came: headers in order, the decoded body, and what was wrong with it."""

    url: str
    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    wire_sha256: str | None = None  # of the bytes as transferred; None: no content-encoding was used
    wire_size: int | None = None  # bytes
    flaw: Flaw | None = None
    elapsed: float = 0.0  # seconds
    ip: str | None = None  # the peer's address; None behind a proxy
    certificate: str | None = None  # SHA-256 of the peer's certificate, DER

    def header(self, name: str) -> str | None:
        """The first header of that name, letter case aside; None where there is none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no whole answer. `robots`: we did not ask."""

    url: str
    at: datetime
    kind: FailureKind
    detail: str
    elapsed: float = 0.0  # seconds


@dataclass(frozen=True, slots=True)
class Subrequest:
    """What a page in a browser asks for beside itself."""

    kind: str  # as the browser calls it, in small letters: script, xhr, image, websocket ...
    method: str
    url: str
    accept: str | None = None


@dataclass(frozen=True, slots=True)
class Rendering:
    """What a browser made of a body that was sent."""

    outcome: RenderOutcome  # done: the page came to rest; cut: a limit ended it; left: it wanted to go elsewhere
    at: datetime
    browser: str  # 'Chromium 131.0.6778.85'
    took: float  # seconds
    body: bytes | None = field(default=None, repr=False)  # the page as it stood, HTML in UTF-8; done and cut only
    detail: str | None = None  # why it is not done, in words
    requests: int = 0  # what the page asked the network for beside itself
    busy: Response | None = field(default=None, repr=False)  # the host's answer that asks to be left alone


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendering as stored with its capture."""

    outcome: RenderOutcome
    body_id: int | None
    body_sha256: str | None
    detail: str | None


@dataclass(frozen=True, slots=True)
class Address:
    """A URL we may ask for."""

    id: int
    source_id: str
    url: str
    key: str
    host: str
    role: Role
    depth: int


@dataclass(frozen=True, slots=True)
class Capture:
    """One attempt to fetch one address at one time, as stored."""

    id: int
    address: Address
    at: datetime
    outcome: Outcome
    status: int | None = None
    failure: FailureKind | None = None
    detail: str | None = None  # the failure in words; what else our question said, where it said more than others
    location: str | None = None  # absolute, where outcome is 'moved'
    content_type: str | None = None
    last_modified: str | None = None
    body_id: int | None = None
    body_sha256: str | None = None
    flaw: Flaw | None = None
    leaf: str = ""
    rendering: Rendered | None = None  # None: no browser was asked

    @property
    def shown_id(self) -> int | None:
        """The body to be read: what a browser made of the one that was sent, where it was asked to."""
        return self.rendering.body_id if self.rendering else self.body_id

    @property
    def shown_sha256(self) -> str | None:
        """The digest of that body."""
        return self.rendering.body_sha256 if self.rendering else self.body_sha256
