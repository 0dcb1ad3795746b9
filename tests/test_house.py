"""Rules of the house that no other tool checks: sizes, places, locks, addresses and versions."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

LINES = 500
RULE_LINES = 270
"""Lines of a module of rules: a contributor reads one at a sitting."""
FLOORS = ("analysis", "annotation", "db", "extractors", "flows")
CROSS_CUTTING = {
    "tests/test_house.py",
    "tests/test_docs.py",
    "tests/test_corpus.py",
    "tests/test_looks.py",
    "tests/test_story.py",
    "tests/extractors/test_domains.py",
    "tests/extractors/test_nonsense.py",
    "tests/extractors/test_stories.py",
    "tests/extractors/documents/test_agreement.py",
    "tests/extractors/documents/test_round_trip.py",
    "tests/extractors/documents/test_table_facts.py",
}
BINARY = {".gz", ".parquet", ".pdf", ".png", ".zip"}
HOST = re.compile(r"https?:|file:|--(?:extra-)?index|--find-links|--trusted-host")
PERSONAL = re.compile(rb"(?<![\w.~}/:-])/(?:home|mnt|opt|root|tmp|Users|work)/\w[\w./-]*")
NUMBERED = re.compile(r"^## \[(\d[^\]]*)\] - \d{4}-\d\d-\d\d$", re.M)


@pytest.fixture(scope="module")
def tracked(repository: Path) -> list[Path]:
    """Paths under version control, and new ones that are not ignored, relative to the root."""
    if not (repository / ".git").exists():
        pytest.skip("not a git checkout, so there is no list of its files")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (repository / name).is_file()]


def mirrors(repository: Path, test: Path) -> bool:
    """Whether a test stands where its module, its package or its data file stands in the tree."""
    about = test.stem.removeprefix("test_")
    folder = repository.joinpath(*test.parts[1:-1])
    return (folder / f"{about}.py").is_file() or (folder / about).is_dir() or folder.name == about


def test_no_module_is_longer_than_the_cap(repository: Path, tracked: list[Path]) -> None:
    counts = {
        str(path): len((repository / path).read_text(encoding="utf-8").splitlines())
        for path in tracked
        if path.suffix == ".py"
    }
    assert not {name: count for name, count in counts.items() if count > LINES}
    rules = {name: count for name, count in counts.items() if name.startswith("extractors/rules/")}
    assert not {name: count for name, count in rules.items() if count > RULE_LINES}


def test_tests_mirror_the_tree(repository: Path, tracked: list[Path]) -> None:
    tests = [path for path in tracked if path.parts[0] == "tests" and path.name.startswith("test_")]
    strays = [str(path) for path in tests if str(path) not in CROSS_CUTTING and not mirrors(repository, path)]
    assert not strays


def test_tests_are_no_packages(tracked: list[Path]) -> None:
    assert not [path for path in tracked if path.parts[0] == "tests" and path.name == "__init__.py"]


def test_locks_name_versions_and_hashes_only(repository: Path) -> None:
    for lock in sorted(repository.glob("requirements*.txt")):
        assert not HOST.search(lock.read_text(encoding="utf-8")), lock.name


def test_running_and_developing_lock_the_same_versions(repository: Path) -> None:
    def pins(name: str) -> set[str]:
        return set(
            re.findall(r"^[\w.-]+==\S+(?: ;.*\S)?(?= \\$)", (repository / name).read_text("utf-8"), re.M)
        )

    assert pins("requirements.txt")
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_every_declared_dependency_is_locked_and_explained(repository: Path) -> None:
    manifest = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    locked = (repository / "requirements-dev.txt").read_text(encoding="utf-8")
    explained = (repository / "docs" / "dependencies.md").read_text(encoding="utf-8")
    for line in manifest["project"]["dependencies"] + manifest["dependency-groups"]["dev"]:
        name = re.split(r"[\[<>=]", line)[0]
        assert re.search(rf"^{re.escape(name)}(\[\w+\])?==", locked, re.M), (
            f"{name} is not locked: run make lock"
        )
        assert f"**{name}**" in explained, f"docs/dependencies.md does not say why {name} is here"


def test_no_file_names_a_folder_of_somebodys_machine(repository: Path, tracked: list[Path]) -> None:
    found = {
        str(path): match[0]
        for path in tracked
        if path.suffix not in BINARY and (match := PERSONAL.search((repository / path).read_bytes()))
    }
    assert not found


def test_the_version_is_the_same_everywhere(repository: Path) -> None:
    manifest = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    citation = (repository / "CITATION.cff").read_text(encoding="utf-8")
    newest = NUMBERED.findall((repository / "CHANGELOG.md").read_text(encoding="utf-8"))[0]
    assert re.findall(r"^version: (.*)$", citation, re.M) == [newest] == [manifest["project"]["version"]]


def test_continuous_integration_runs_the_command_of_everybody_else(repository: Path) -> None:
    script = repository / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").splitlines()[-1] == "exec make test"


@pytest.mark.parametrize("floor", sorted(set(FLOORS) - {"analysis"}))
def test_every_floor_says_what_it_is_for_and_does_nothing_else(repository: Path, floor: str) -> None:
    """But the analysis, which has an interface for notebooks, loaded when it is used: tests/analysis/test_notebook.py."""
    text = (repository / floor / "__init__.py").read_text(encoding="utf-8").strip()
    assert re.fullmatch(r'"""[^"]+"""', text)
