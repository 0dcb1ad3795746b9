"""The help of every command comes at once: it loads the command line, and nothing that commands work with."""

import json
import os
import subprocess
import sys

import pytest

HELPS = """
import json, sys
import typer.main
from flows.cli.root import app

def walk(command, path=()):
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from walk(below, (*path, name))

told, loaded = {}, {}
root = typer.main.get_command(app)
for path in walk(root):
    try:
        root.main([*path, "--help"], prog_name="burden")
    except SystemExit as end:
        told[" ".join(path)] = end.code
    for name in sys.modules:
        loaded.setdefault(name, " ".join(path))
sys.stderr.write(json.dumps([told, loaded]))
"""
OURS = {"flows", "annotation", "db", "extractors", "analysis"}
LIGHT = ("flows.cli", "extractors.facts", "annotation.safe_text")
"""What commands are declared with; and the packages that these are in."""
HEAVY = {
    "PIL", "alembic", "altair", "arxiv", "lxml", "numpy", "obstore", "pandas", "pebble", "prefect", "psycopg",
    "pyarrow", "pypdfium2", "requests", "scipy", "sklearn", "spacy", "sqlalchemy", "sqlmodel",
    "statsmodels", "textual",
}  # fmt: skip
"""What commands work with; pydantic is what Typer itself reads arguments with."""


def test_the_help_of_no_command_loads_what_it_does_not_use() -> None:
    ran = subprocess.run([sys.executable, "-c", HELPS], capture_output=True, text=True, check=True)
    told, loaded = json.loads(ran.stderr)
    assert {"", "crawl", "review picture", "import csv", "edit add", "release build"} <= told.keys()
    assert set(told.values()) == {0}
    ours = {name for name in loaded if name.partition(".")[0] in OURS and not _is_light(name)}
    assert {name: loaded[name] for name in ours | HEAVY & loaded.keys()} == {}


def _is_light(name: str) -> bool:
    return any(f"{name}.".startswith(f"{part}.") or f"{part}.".startswith(f"{name}.") for part in LIGHT)


@pytest.mark.parametrize(("given", "used"), [({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")])
def test_linear_algebra_has_one_thread_unless_somebody_says_how_many(
    given: dict[str, str], used: str
) -> None:
    told = "import atexit, os; atexit.register(lambda: print(os.environ['OPENBLAS_NUM_THREADS'])); "
    elsewhere = {name: text for name, text in os.environ.items() if not name.endswith("_NUM_THREADS")}
    done = subprocess.run(
        [sys.executable, "-c", told + "import flows.cli; flows.cli.main()", "--version"],
        capture_output=True, text=True, check=True, env=elsewhere | given,
    )  # fmt: skip
    assert done.stdout.split()[-1] == used
