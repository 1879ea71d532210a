"""Language packs as the tests need them: the TOML files of the house as `model.Language`, and rules around them."""

import tomllib
from functools import cache
from pathlib import Path

from archiver.model import READER, Language, Profile, Rules

FOLDER = Path(__file__).parents[1] / "config" / "languages"
CODES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def pack(code: str) -> Language:
    """The pack of that language."""
    said = tomllib.loads((FOLDER / f"{code}.toml").read_text("utf-8"))
    tables = {"months": tuple(said.pop("months").items())}
    tables["labels"] = tuple((meaning, tuple(labels)) for meaning, labels in said.pop("labels").items())
    return Language(**{k: tuple(v) if isinstance(v, list) else v for k, v in said.items()}, **tables)


def rules(code: str = "sv", profile: Profile | None = None) -> Rules:
    """Rules of a plain profile (or the given one) and that language."""
    return Rules(profile or Profile("plain"), pack(code), READER, "0" * 64)
