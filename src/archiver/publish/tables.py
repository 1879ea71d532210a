"""Rows as CSV and JSON Lines, and the data dictionary beside them as a Frictionless Table Schema.

CSV (RFC 4180, UTF-8, CRLF) is opened in spreadsheets, which take a cell that begins with = + - @ for a formula, and
what a hostile page calls itself would run there (https://owasp.org/www-community/attacks/CSV_Injection). So a text cell
that begins so, or with an apostrophe, gets an apostrophe before it: whoever takes one leading apostrophe off each text
cell that has one has the exact words. Pure.
"""

import json
from collections.abc import Iterable, Iterator, Sequence

from archiver.publish.dictionary import VIEWS, Column, Type, columns_of

Row = Sequence[object]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "'")
"""What Excel, LibreOffice and Google Sheets take for the beginning of a formula, white space before it aside; the
full-width forms are taken for the plain ones where Japanese is set."""
_QUOTED = frozenset('",\r\n')
_CHUNK = 1 << 16
MEDIA = {
    "csv": "text/csv", "jsonl": "application/x-ndjson", "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
}  # fmt: skip


def as_csv(columns: dict[str, Column], rows: Iterable[Row], *, guarded: bool = True) -> Iterator[bytes]:
    """The table with a header line. Null is nothing between two commas, an empty text is two quotes.

    Not `guarded`, text cells stand as they are: for programs, not for spreadsheets.
    """
    texts = [guarded and column.type == "string" for column in columns.values()]
    flags = [column.type == "boolean" for column in columns.values()]
    yield (",".join(columns) + "\r\n").encode()
    held: list[str] = []
    size = 0
    for row in rows:
        line = ",".join(map(_cell, row, texts, flags)) + "\r\n"
        held.append(line)
        size += len(line)
        if size > _CHUNK:
            yield "".join(held).encode("utf-8", "replace")
            held, size = [], 0
    yield "".join(held).encode("utf-8", "replace")


def as_jsonl(columns: dict[str, Column], rows: Iterable[Row]) -> Iterator[bytes]:
    """One JSON object a line, every column in it."""
    names = list(columns)
    flags = [column.type == "boolean" for column in columns.values()]
    for row in rows:
        values = (bool(v) if flag and v is not None else v for v, flag in zip(row, flags, strict=True))
        line = json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False, separators=(",", ":"))
        yield (line + "\n").encode("utf-8", "replace")


def harmless(text: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return "'" + text if text.lstrip(" ").startswith(_FORMULA) else text


def unguarded(cell: str) -> str:
    """The words of a text cell as they were before it was made harmless."""
    return cell[1:] if cell.startswith("'") else cell


def table_schema(name: str, *, guarded: bool = False) -> dict[str, object]:
    """The view's columns as a Table Schema; `guarded`: says how text cells of a CSV were made harmless."""
    view = VIEWS[name]
    described: dict[str, object] = {
        "fields": [_field(column, about) for column, about in columns_of(name).items()],
        "primaryKey": list(view.key),
        "missingValues": [""],
    }
    if guarded:
        described["guard"] = "a text that begins with = + - @ ' or white space has an apostrophe before it: take it off"
    return described


def resource(name: str, file: str, form: str, size: int, sha256: str, *, guarded: bool = False) -> dict[str, object]:
    """One exported view as a resource of a Data Package (https://specs.frictionlessdata.io/data-resource/)."""
    return {
        "name": name.replace("_", "-"),
        "title": name,
        "description": f"A row is {VIEWS[name].row}.",
        "path": file,
        "profile": "tabular-data-resource" if form == "csv" else "data-resource",
        "format": form,
        "mediatype": MEDIA[form],
        "encoding": "utf-8",
        "bytes": size,
        "hash": f"sha256:{sha256}",
        "schema": table_schema(name, guarded=guarded),
    }


def json_text(value: object) -> str:
    """A value as JSON that a person can read."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _field(name: str, column: Column) -> dict[str, object]:
    found: dict[str, object] = {"name": name, "type": column.type, "description": column.meaning}
    if column.type == "boolean":
        found |= {"trueValues": ["true"], "falseValues": ["false"]}
    return found | ({"constraints": {"enum": list(column.one_of)}} if column.one_of else {})


def _cell(value: object, text: bool, flag: bool) -> str:
    if value is None:
        return ""
    if flag:
        return "true" if value else "false"
    written = harmless(str(value)) if text else str(value)
    if not written or not _QUOTED.isdisjoint(written) or written[0] == " " or written[-1] == " ":
        return '"' + written.replace('"', '""') + '"'
    return written


__all__ = [
    "MEDIA",
    "Row",
    "Type",
    "as_csv",
    "as_jsonl",
    "harmless",
    "json_text",
    "resource",
    "table_schema",
    "unguarded",
]
