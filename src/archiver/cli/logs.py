"""The log of a command: on standard error, so that standard output holds what was asked for and nothing else."""

import logging
import sys
from typing import TextIO, cast

import structlog


class _StandardError:
    """Whatever standard error is at the time."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure_logs(*, as_json: bool) -> None:
    """One line an event: JSON for a service, words for a person. Libraries' own warnings come the same way."""
    shared: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    end: list[structlog.typing.Processor]
    if as_json:
        end = [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    else:
        plain = structlog.dev.plain_traceback  # the fancy one prints whole pages, found in variables
        end = [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
    stream = cast("TextIO", _StandardError())
    structlog.configure(processors=[*shared, *end], logger_factory=structlog.WriteLoggerFactory(stream))
    handler = logging.StreamHandler(stream)
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[remove, *end]))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
