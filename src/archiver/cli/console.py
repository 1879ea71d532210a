"""The console that people read: no highlighting of its own, and a pipe whose reader has gone is no fault."""

from rich.console import Console


class Out(Console):
    """Standard output. In a pipe: no colours, no wrapping of tables."""

    def __init__(self, *, soft_wrap: bool = False) -> None:
        super().__init__(highlight=False, soft_wrap=soft_wrap)
        if not self.is_terminal:
            self.width = 200

    def on_broken_pipe(self) -> None:
        """As everywhere else: `main` ends quietly."""
        raise BrokenPipeError
