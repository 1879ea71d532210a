"""What goes wrong between a request and its response."""

from archiver.model import FailureKind


class Trouble(Exception):
    """A request that came to nothing: the kind of failure, and in its text the detail."""

    def __init__(self, kind: FailureKind, detail: str) -> None:
        super().__init__(detail)
        self.kind: FailureKind = kind
