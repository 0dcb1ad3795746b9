"""The command line: a thin mirror of the library, one module per group of commands.

Commands import what they need when they are called, so that `burden --help` is quick and no command loads
Prefect, spaCy or pandas without using them. Errors that burden raises on purpose become one sentence on standard
error and an exit code: 0 done, 1 failed, 2 usage, 3 partial, 4 refused by a gate.
"""

import os

__all__ = ["main", "one_thread_of_algebra"]


def main() -> None:
    """Run `burden`."""
    from flows.cli.root import main as run

    one_thread_of_algebra()
    run()


def one_thread_of_algebra() -> None:
    """Has linear algebra use one thread unless somebody said how many; before numpy is loaded.

    Our matrices are small: on two busy cores the threads wait for each other, and fitting a confidence model took three
    times as much of the processor's time. Reading uses the cores by processes of its own.
    """
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(name, "1")
