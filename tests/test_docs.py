"""What the documents promise: files they link to, commands they tell the reader to type."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
MAKE = re.compile(r"(?:^ {4}|`)make ([a-z]+)", re.M)
FILE = re.compile(r"`((?:analysis|annotation|benchmarks|db|docs|extractors|flows|tests)/[\w./-]+)`")


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.name)
def document(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = [target for target in LINK.findall(document.read_text("utf-8")) if "://" not in target]
    assert not [target for target in targets if not (document.parent / target).exists()]


def test_files_that_documents_name_exist(repository: Path, document: Path) -> None:
    named = FILE.findall(document.read_text("utf-8"))
    assert not [name for name in named if not (repository / name).exists()]


def test_commands_that_documents_give_are_targets_of_make(repository: Path, document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (repository / "Makefile").read_text("utf-8"), re.M))
    assert set(MAKE.findall(document.read_text("utf-8"))) <= targets


def test_the_readme_leads_to_every_document(repository: Path) -> None:
    readme = (repository / "README.md").read_text("utf-8")
    pages = {str(path.relative_to(repository)) for path in repository.glob("docs/*.md")}
    assert not {page for page in pages if f"({page})" not in readme}
