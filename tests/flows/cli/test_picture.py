"""`burden review picture` as a person runs it: a file, a path, an address, or a sentence that says why not."""

import io
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from db.cells import Judge
from db.engine import open_database, session
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.store import open_store
from extractors.confidence import Linear
from extractors.documents.draw import RED
from extractors.facts.evidence import Box, Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from extractors.promise import Promise
from tests.command import Done, command
from tests.databases import migrated
from tests.models import model_of

AT = datetime(2026, 11, 23, tzinfo=UTC)
PDF = Path(__file__).resolve().parents[3] / "flows/demo/papers/2403.99101v1.pdf"
FAMILY = Linear(0.0)
JUDGE = Judge.of(model_of({"training": FAMILY, "costs": FAMILY, "scores": FAMILY}), Promise(0.9, 0.1))
COMMAND = "from flows.cli import main\nif __name__ == '__main__': main()"
PAPERS = ("2401.00001", "file:0123456789ab")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the same file as a paper of arXiv and as one from elsewhere."""
    folder = tmp_path_factory.mktemp("data")
    data = PDF.read_bytes()
    sha256 = open_store(folder / "store").put(data)
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    migrated(engine)
    evidence = Evidence(sha256, 1, Box(1, 100, 100, 200, 110), "Training", "Eight devices", "test.rule")
    with session(engine) as opened:
        for name in PAPERS:
            paper = PaperId(name)
            record_listings(opened, "test", [Listing(paper, 3, "A Net", "", (), (), AT, AT, b"")], AT)
            record_file(opened, paper, 3, sha256=sha256, size=1, at=AT)
        for name in PAPERS:
            key = CellKey(EntityId(PaperId(name), "run", "net"), "count")
            fact = Proposal(key, Quantity.exact(8, "devices", "Eight"), evidence)
            save(opened, Reading(sha256, f"burden-{name}", PaperId(name), "A Net", 9, (fact,)), JUDGE, AT)
    engine.dispose()
    return folder


def environment(folder: Path, **variables: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    return {**plain, "BURDEN_DATA_DIR": str(folder), **variables}


def burden(folder: Path, *words: str) -> Done:
    return command(*words, env=environment(folder))


CELLS = [f"{paper}/run/net#count" for paper in PAPERS]


def test_a_picture_is_written_where_it_is_wanted(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "place.png"
    done = burden(folder, "review", "picture", CELLS[0], "--out", str(out))
    assert (done.returncode, done.stdout) == (0, f"{out}\n")
    image = Image.open(io.BytesIO(out.read_bytes()))
    assert RED in {colour for _, colour in image.getcolors(image.width * image.height) or []}


def test_without_a_window_the_path_of_the_picture_is_said(folder: Path) -> None:
    done = burden(folder, "review", "picture", CELLS[0])
    assert done.returncode == 0
    path = Path(done.stdout.strip())
    assert path.parent == folder / "pictures"
    assert path.is_file()


def test_a_window_shows_the_picture(folder: Path, tmp_path: Path) -> None:
    viewer = tmp_path / "xdg-open"
    viewer.write_text(
        f'#!/bin/sh\nprintf "%s" "$*" > {tmp_path}/part && mv {tmp_path}/part {tmp_path}/asked\n'
    )
    viewer.chmod(0o755)
    surroundings = environment(folder, DISPLAY=":0", PATH=f"{tmp_path}:{os.environ['PATH']}")
    words = [sys.executable, "-c", COMMAND, "review", "picture", CELLS[0]]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=surroundings)
    assert done.returncode == 0
    asked = tmp_path / "asked"
    for _ in range(200):
        if asked.exists():
            break
        subprocess.run(["sleep", "0.05"], check=True)
    assert asked.read_text() == Path(done.stdout.strip()).as_uri()


def test_the_paper_is_opened_at_its_page_or_its_address_is_said(folder: Path) -> None:
    arxiv = burden(folder, "review", "picture", CELLS[0], "--open")
    assert arxiv.stdout == "open https://arxiv.org/pdf/2401.00001v3#page=1 at page 1\n"
    other = burden(folder, "review", "picture", CELLS[1], "--open")
    assert other.stdout.startswith("open file:///")
    assert other.stdout.endswith(".pdf#page=1 at page 1\n")
    kept = Path(other.stdout.removeprefix("open file://").partition("#")[0])
    assert kept.read_bytes() == PDF.read_bytes()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("nonsense",), 1, "is not a cell"),
        (("2401.00001/run/other#count",), 2, "there is no cell"),
        ((CELLS[0], "--open", "--out", "x.png"), 2, "different things"),
        ((CELLS[0], "--out", "/nowhere/at/all.png"), 1, "cannot be written"),
    ],
)
def test_what_cannot_be_is_said(folder: Path, words: tuple[str, ...], code: int, said: str) -> None:
    done = burden(folder, "review", "picture", *words)
    assert done.returncode == code
    assert said in done.stderr
    assert "Traceback" not in done.stderr
