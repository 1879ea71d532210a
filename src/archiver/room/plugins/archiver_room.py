"""For `datasette archive.db --plugins-dir …/archiver/room/plugins`, where the package's entry point is not seen."""

from archiver.room.hooks import *  # noqa: F403
