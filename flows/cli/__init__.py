"""The command line: a thin mirror of the library, one module per group of commands.

Commands import what they need when they are called, so that `burden --help` is quick and no command loads
Prefect, spaCy or pandas without using them. Errors that burden raises on purpose become one sentence on standard
error and an exit code: 0 done, 1 failed, 2 usage, 3 partial, 4 refused by a gate.
"""

__all__ = ["main"]


def main() -> None:
    """Run `burden`."""
    from flows.cli.root import main as run

    run()
