"""TOML files into shapes, and every mistake in them into words."""

import tomllib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any, TypeVar, cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from archiver.config.nearest import no_such
from archiver.config.shapes import Shape
from archiver.errors import Mistake

S = TypeVar("S", bound=Shape)

_WORDS = {
    "missing": "is missing",
    "string_type": "expected text in quotes",
    "int_type": "expected a whole number",
    "int_from_float": "expected a whole number",
    "float_type": "expected a number",
    "bool_type": "expected true or false",
    "list_type": "expected a list: [...]",
    "dict_type": "expected a table",
    "model_type": "expected a table",
    "model_attributes_type": "expected a table",
    "date_type": "expected a date without quotes: 2023-03-15",
    "too_short": "must not be empty",
    "greater_than": "expected more than {gt}",
    "greater_than_equal": "expected {ge} at least",
    "less_than_equal": "expected {le} at most",
    "literal_error": "expected one of {expected}",
}
_FORMS = {
    "^(\\d{4})?$": "expected four digits in quotes: '0662'",
    "^[/*]": "expected a path that begins with '/'",
    "^[a-z][a-z0-9-]*$": "expected small letters, digits and hyphens",
}
"""What the patterns in `shapes` mean, in words."""
_SHOWN = 60


def read(path: Path, shape: type[S], name: str) -> tuple[S | None, list[Mistake]]:
    """The file as a shape, or all that is wrong with it; `name` is what the file is called in mistakes."""
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        return None, [Mistake(name, "", f"is not TOML: {error}")]
    except UnicodeDecodeError as error:
        return None, [Mistake(name, "", f"is not UTF-8: byte {error.start}")]
    except OSError as error:
        return None, [Mistake(name, "", f"cannot be read: {error.strerror}")]
    return fit(data, shape, name)


def fit(data: Mapping[str, Any], shape: type[S], name: str) -> tuple[S | None, list[Mistake]]:
    """The data as a shape, or all that is wrong with it.

    Where only keys are too many there is a shape beside the mistakes: what else is wrong is then found in one go.
    """
    try:
        return shape.model_validate(data), []
    except ValidationError as error:
        wrong = error.errors(include_url=False)
    extra = [e["loc"] for e in wrong if e["type"] == "extra_forbidden"]
    found = _without(data, extra, shape) if len(extra) == len(wrong) else None
    return found, [Mistake(name, _key(e["loc"]), _expected(e, shape)) for e in wrong]


def _without(data: Mapping[str, Any], extra: Iterable[tuple[int | str, ...]], shape: type[S]) -> S | None:
    """The shape of the data without these keys; None where there is none even so."""
    rest = deepcopy(dict(data))
    try:
        for loc in extra:
            del reduce(getitem, loc[:-1], cast("Any", rest))[loc[-1]]
        return shape.model_validate(rest)
    except (LookupError, TypeError, ValidationError):
        return None


def _key(loc: tuple[int | str, ...]) -> str:
    """Where it stands, as a person counts: 'section #2.path'."""
    parts = [f" #{part + 1}" if isinstance(part, int) else f".{part}" for part in loc if part != "[key]"]
    return "".join(parts).lstrip(".")


def _expected(error: ErrorDetails, shape: type[BaseModel]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return no_such("key", str(error["loc"][-1]), _known(shape, error["loc"][:-1]))
    if kind == "value_error":
        return str(context["error"]) + _instead(error["input"])
    if kind == "string_pattern_mismatch":
        return _FORMS[context["pattern"]] + _instead(error["input"])
    words = _WORDS.get(kind, error["msg"]).format(**context)
    return words if kind in ("missing", "too_short") else words + _instead(error["input"])


def _instead(value: object) -> str:
    """What stands there, where it is short enough to show."""
    shown = repr(value) if isinstance(value, str | int | float | bool) else ""
    return f" (found {shown})" if shown and len(shown) <= _SHOWN else ""


def _known(shape: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """The keys of the table at that place."""
    for part in loc:
        field = shape.model_fields.get(part) if isinstance(part, str) else None
        shape = (_shape_in(field.annotation) or shape) if field else shape
    return list(shape.model_fields)


def _shape_in(annotation: object) -> type[BaseModel] | None:
    """The shape inside `list[X]`, `X | None` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _shape_in(inner))), None)
