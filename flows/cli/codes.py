"""Exit codes of the command line; errors carry their own (`BurdenError.exit_code`)."""

DONE = 0
FAILED = 1
USAGE = 2
PARTIAL = 3
REFUSED = 4
INTERRUPTED = 130
"""What a shell reports for a command ended by Ctrl-C."""
