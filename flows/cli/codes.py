"""How commands end: their exit codes (errors carry their own, `BurdenError.exit_code`), and what they say of errors."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from extractors.facts.errors import BurdenError

DONE = 0
FAILED = 1
USAGE = 2
PARTIAL = 3
REFUSED = 4
INTERRUPTED = 130
"""What a shell reports for a command ended by Ctrl-C."""
HUNG_UP = 129
"""What a shell reports for a command ended because its terminal went away."""


def complain(error: BurdenError) -> None:
    """Say on standard error what went wrong; what strangers wrote, as a name of a file, does not steer the terminal."""
    from annotation.safe_text import safe

    sys.stderr.write(f"burden: {safe(error)}\n")


def silence(*streams: TextIO) -> None:
    """Send what some streams still hold nowhere, or the interpreter would fail on it again as it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in streams:
        os.dup2(nowhere, stream.fileno())
