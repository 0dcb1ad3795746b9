"""Every error that burden raises on purpose, in one tree, so that one `except BurdenError` is enough.

An error is a sentence for a person: what happened, where, and what to do. It carries the parts as data,
and survives pickling, because worker processes send errors back to their parent.

    BurdenError
    ├── UsageError                 the command or a setting asks for something that cannot be (exit 2)
    ├── ParseError                 printed text that is not the value it should be
    ├── OntologyError              a packaged or contributed TOML file breaks its own rules
    ├── DocumentError              bytes that cannot be read as a paper
    │   ├── NotADocumentError          neither a PDF nor a page of content
    │   ├── EncryptedDocumentError     needs a password
    │   ├── DamagedDocumentError       truncated or malformed
    │   └── OversizedDocumentError     beyond the limits of size, pages or time
    ├── SourceError                a source of papers did not give what was asked
    │   ├── UnreachableError           no connection or no answer in time
    │   ├── RateLimitedError           the source asks us to slow down
    │   ├── RefusedRequestError        the source answered with an error (a status or an error feed)
    │   │   └── NotFoundError              the source has no such thing
    │   ├── ChallengePageError         a page meant for a browser, with status 200
    │   └── SilentSourceError          no papers on a day that should have some
    ├── StoreError                 the data folder, the database or the object store failed
    ├── ConflictError              somebody else changed, holds or decided this first
    │   └── RepeatedRunError           the same run is done already, or at work elsewhere
    ├── GateError                  a check that must pass before publishing did not (exit 4)
    └── DatasetError               a release or a table is not what its schema says
        └── MissingRowsError           a table has too few rows for what is to be computed from it
"""

from __future__ import annotations

from typing import ClassVar


class BurdenError(Exception):
    """Root of the tree.

    Args:
        what: what happened, as the beginning of a sentence, without a full stop.
        where: the file, address, page, cell or setting it happened at.
        remedy: what the reader can do about it, as a sentence without a full stop.
    """

    exit_code: ClassVar[int] = 1
    """What the command line returns when this error ends a command."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        super().__init__(what)

    def __str__(self) -> str:
        place = f" ({self.where})" if self.where else ""
        advice = f" {self.remedy}." if self.remedy else ""
        return f"{self.what}{place}.{advice}"

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.what, self.where, self.remedy)


def _rebuild(kind: type[BurdenError], what: str, where: str, remedy: str) -> BurdenError:
    return kind(what, where=where, remedy=remedy)


class UsageError(BurdenError):
    """The command line or a setting asks for something that cannot be."""

    exit_code = 2


class ParseError(BurdenError):
    """Printed text that is not the value it should be."""


class OntologyError(BurdenError):
    """A packaged or contributed TOML file breaks its own rules."""


class DocumentError(BurdenError):
    """Bytes that cannot be read as a paper."""


class NotADocumentError(DocumentError):
    """Neither a PDF nor a page of content."""


class EncryptedDocumentError(DocumentError):
    """Needs a password."""


class DamagedDocumentError(DocumentError):
    """Truncated or malformed."""


class OversizedDocumentError(DocumentError):
    """Beyond the limits of size, pages or time."""


class SourceError(BurdenError):
    """A source of papers did not give what was asked."""


class UnreachableError(SourceError):
    """No connection, or no answer in time."""


class RateLimitedError(SourceError):
    """The source asks us to slow down."""


class RefusedRequestError(SourceError):
    """The source answered with an error: a status, or an error feed."""


class NotFoundError(RefusedRequestError):
    """The source has no such thing."""


class ChallengePageError(SourceError):
    """A page meant for a browser came where content should be, with status 200."""


class SilentSourceError(SourceError):
    """No papers on a day that should have some."""


class StoreError(BurdenError):
    """The data folder, the database or the object store failed."""


class ConflictError(BurdenError):
    """Somebody else changed, holds or decided this first."""


class RepeatedRunError(ConflictError):
    """The same run is done already, or at work elsewhere: there is nothing to do."""


class GateError(BurdenError):
    """A check that must pass before publishing did not."""

    exit_code = 4


class DatasetError(BurdenError):
    """A release or a table is not what its schema says."""


class MissingRowsError(DatasetError):
    """A table has too few rows for what is to be computed from it."""
