"""The shape of significance.toml."""

from typing import Annotated

from pydantic import Field

from archiver.config.fields import Share
from archiver.config.shapes import Shape

Several = Annotated[int, Field(ge=2)]


class EventsShape(Shape):
    """From when on many changes are one event (`diff.fold.Limits`)."""

    shared_pages: Several = 5
    shared_share: Share = 0.05
    stamped_pages: Several = 20
    stamped_share: Share = 0.1
    left_pages: Several = 20
    left_share: Share = 0.1
    late_days: Annotated[int, Field(ge=0)] = 30
    moved_words: Annotated[int, Field(ge=10)] = 50
    moved_share: Annotated[float, Field(ge=0.5, le=1)] = 0.8


class SignificanceShape(Shape):
    """significance.toml: the points of each named reason, and what is one event."""

    points: dict[str, int] = Field(default_factory=dict)
    events: EventsShape = EventsShape()
