"""Who is at the keyboard: what `--as` says, else `BURDEN_ANNOTATOR`, else the user of the operating system."""

from __future__ import annotations

import getpass

from sqlmodel import Session

from db.annotators import Annotator, annotator
from extractors.facts.errors import UsageError
from flows.settings import Settings


def identify(session: Session, settings: Settings, said: str | None = None) -> Annotator:
    """The annotator who is at the keyboard.

    Args:
        session: a transaction.
        settings: may name them.
        said: what `--as` says.

    Raises:
        UsageError: nobody of that name was added, or nothing tells a name.
        ConflictError: they have retired.
    """
    return annotator(session, said or settings.annotator or login())


def login() -> str:
    """The user of the operating system.

    Raises:
        UsageError: this account has no name.
    """
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:  # an account without a name, as in some containers
        raise UsageError("this account has no name", remedy="Say who decides with --as NAME") from error
