"""Prefect's surroundings: its data in our folder, its telemetry off, its voice down.

Prefect reads the environment when it is first imported, so this runs before. What the user has set stays: with
`PREFECT_API_URL` a server of theirs is used instead of one of ours.
"""

from __future__ import annotations

import os

from extractors.facts.errors import StoreError
from flows.settings import Settings

STARTUP_SECONDS = 120
"""Prefect's own default of 20 s is too short for its first start on a fresh database (24 to 33 s measured)."""


def prefect_environment(settings: Settings) -> dict[str, str]:
    """The variables that Prefect should find."""
    return {
        "PREFECT_HOME": str(settings.data_dir.absolute() / "prefect"),
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": str(STARTUP_SECONDS),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_INTERNAL_LEVEL": "CRITICAL",  # or who stops a run sees what Prefect could not note of that
        "PREFECT_SERVER_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_ENABLED": "false",
        "PREFECT_CLI_PROMPT": "false",
    }


def prepare_prefect(settings: Settings) -> None:
    """Make Prefect's folder and set the variables for this process and its children, before Prefect is imported.

    Raises:
        StoreError: the folder cannot be made.
    """
    home = settings.data_dir / "prefect"
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"Prefect's folder cannot be made: {error.strerror}", where=str(home)) from error
    for name, value in prefect_environment(settings).items():
        os.environ.setdefault(name, value)
