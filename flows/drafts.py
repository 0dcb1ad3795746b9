"""Readings that are not stored yet, as files in the data folder: made once, compared, then stored, whenever somebody stops in between."""

from __future__ import annotations

import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from extractors.facts.codec import reading_from_json, reading_to_json
from extractors.facts.errors import ParseError, StoreError
from extractors.facts.records import Reading

_SUFFIX = ".json.gz"


@dataclass(frozen=True, slots=True)
class Drafts:
    """The drafts of one extractor, by the versions that were read, as `2403.99101v1`."""

    folder: Path

    def put(self, name: str, reading: Reading) -> None:
        """Keep a reading, whole or not at all.

        Raises:
            StoreError: it cannot be written.
        """
        file = self._file(name)
        beside = file.with_name(f".{file.name}.{os.getpid()}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(gzip.compress(json.dumps(reading_to_json(reading)).encode(), 3, mtime=0))
            beside.replace(file)
        except OSError as error:
            raise StoreError(f"a draft cannot be written: {error.strerror}", where=str(file)) from error

    def get(self, name: str) -> Reading | None:
        """The reading; None if there is none, or none that can be read."""
        try:
            found: dict[str, object] = json.loads(gzip.decompress(self._file(name).read_bytes()))
            return reading_from_json(found)
        except (OSError, EOFError, ValueError, ParseError):
            return None

    def drop(self, name: str) -> None:
        """Forget a reading."""
        self._file(name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self.folder / f"{quote(name, safe='')}{_SUFFIX}"
