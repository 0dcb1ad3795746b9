"""Rules of the house that no other tool checks."""

import re
import subprocess
import tomllib
from pathlib import Path

LINES = 500
PACKAGES = ("analysis", "annotation", "db", "extractors", "flows")
CROSS_CUTTING = {"tests/test_house.py", "tests/test_docs.py", "tests/test_corpus.py", "tests/test_story.py"}


def tracked(repository: Path) -> list[Path]:
    """Files under version control, new ones included; in an unpacked archive without git, all files."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True).stdout
    return [path for name in listed.splitlines() if (path := repository / name).is_file()]


def test_no_module_is_longer_than_the_cap(repository: Path) -> None:
    long = {
        str(path.relative_to(repository)): count
        for path in tracked(repository)
        if path.suffix == ".py" and (count := len(path.read_text(encoding="utf-8").splitlines())) > LINES
    }
    assert not long


def test_tests_mirror_the_tree(repository: Path) -> None:
    strays = []
    for path in tracked(repository):
        name = path.relative_to(repository)
        if name.parts[0] != "tests" or not name.name.startswith("test_") or str(name) in CROSS_CUTTING:
            continue
        source = repository.joinpath(*name.parts[1:-1], name.name.removeprefix("test_"))
        package = repository.joinpath(*name.parts[1:-1])
        about_package = package.name == name.stem.removeprefix("test_")
        if not (source.is_file() or source.with_suffix("").is_dir() or about_package):
            strays.append(str(name))
    assert not strays


def test_locks_name_versions_and_hashes_only(repository: Path) -> None:
    for lock in repository.glob("requirements*.txt"):
        assert not re.search(r"https?://|--index|--find-links", lock.read_text(encoding="utf-8")), lock.name


def test_no_file_names_a_folder_of_somebodys_machine(repository: Path) -> None:
    personal = re.compile(rb"(?<![\w.~}/-])/(?:home|root|Users|work|farm)/[\w.-]+")
    found = {
        str(path.relative_to(repository)): match[0]
        for path in tracked(repository)
        if path.suffix in {".py", ".md", ".toml", ".txt", ".cff", ".json", ".yml", ".typ", ""}
        and path.name != "LICENSE"
        and (match := personal.search(path.read_bytes()))
    }
    assert not found


def test_the_version_is_the_same_everywhere(repository: Path) -> None:
    version = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"\nversion: {version}\n" in (repository / "CITATION.cff").read_text(encoding="utf-8")
    headings = re.findall(
        r"^## \[(\d[^\]]*)\]", (repository / "CHANGELOG.md").read_text(encoding="utf-8"), re.M
    )
    assert headings[0] == version


def test_every_package_says_what_it_is_for(repository: Path) -> None:
    for package in PACKAGES:
        assert (repository / package / "__init__.py").read_text(encoding="utf-8").startswith('"""'), package
