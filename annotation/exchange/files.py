"""What every file that comes back has in common: it is bytes from somewhere, and may be anything."""

from __future__ import annotations

import codecs
import json

from extractors.facts.errors import ParseError

LARGEST = 64_000_000
"""Bytes of a file of answers that is read; each has about a thousand."""
LARGEST_LOG = 1_000_000_000
"""Bytes of a log that is read; one of a million entries has about as many."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
"""What files begin with that say how they are written."""


def decode(data: bytes, largest: int = LARGEST) -> str:
    """The text of a file: UTF-8, or what its first bytes say, else what Excel writes in western Europe and America.

    Args:
        data: of the file.
        largest: bytes that it may have.

    Raises:
        ParseError: it is too large, empty, or no text.
    """
    if len(data) > largest:
        raise ParseError(f"the file has more than {largest:,} bytes", remedy="Take it in parts")
    if not data.strip():
        raise ParseError("the file is empty")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data.removeprefix(mark), encoding)
    try:
        return _decoded(data, "utf-8")
    except ParseError:
        return _decoded(data, "cp1252")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ParseError("the file is no text", remedy="Save it as UTF-8") from error
    if "\0" in text:
        raise ParseError("the file is no text: it has zero bytes", remedy="Save it as UTF-8")
    return text


def parse_json(text: str) -> object:
    """What a JSON text holds.

    Raises:
        ParseError: it is none, is nested too deeply, or holds what no database stores.
    """
    try:
        item: object = json.loads(text)
    except RecursionError as error:
        raise ParseError("not JSON: nested too deeply") from error
    except ValueError as error:  # also numbers of more digits than Python converts
        raise ParseError(f"not JSON: {error}") from error
    # only escapes can bring these in: the text itself was decoded
    if "\\u" in text:
        written = json.dumps(item, ensure_ascii=False)
        if "\\u0000" in written or any("\ud800" <= char <= "\udfff" for char in written):
            raise ParseError("the text holds half characters or zero bytes")
    return item
