"""`burden paper`, `burden edit` and corrections as a person has them: a sample paper's file is cited, and what is there changes."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from db.annotators import add_annotator
from db.cells import Judge
from db.engine import open_database, session
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.refresh import cell_state
from db.screenings import record_screening
from db.store import open_store
from extractors.confidence import default_model
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity
from extractors.promise import Promise
from flows.demo.catalogue import catalogue, pdf_of
from tests.command import Done, command
from tests.databases import migrated

AT = datetime(2026, 11, 23, tzinfo=UTC)
PAPER, OTHER = PaperId("2403.99101"), PaperId("2403.99102")
MODEL = EntityId(PAPER, "model", "larkspur-26")
TUNED = ("--page", "3", "--quote", "Fine-tuning lasts for 40 epochs with a batch of 128")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with a sample paper, of which one model is known, and one that was screened out."""
    data = pdf_of(catalogue()[0])
    digest = sha256(data).hexdigest()
    open_store(str(tmp_path / "store")).put(data)
    engine = open_database(f"sqlite:///{tmp_path / 'burden.sqlite'}")
    migrated(engine)
    row = Evidence(digest, 2, None, "Table 2", "Larkspur-26 (ours) | 14.2", "test.rule")
    known = (
        Proposal(CellKey(MODEL, "name"), Name("Larkspur-26", "Larkspur-26\x1b[2J"), row),
        Proposal(CellKey(MODEL, "parameters"), Quantity.exact(14.2e6, "parameters", "14.2"), row),
    )
    judge = Judge.of(default_model(), Promise())
    with session(engine) as opened:
        for name in ("ann", "bea"):
            add_annotator(opened, name, "annotator", AT)
        papers = (
            Listing(id, 1, title, "", (), (), AT, AT, b"")
            for id, title in ((PAPER, "Lark"), (OTHER, "Rivers"))
        )
        record_listings(opened, "test", papers, AT)
        record_screening(
            opened, OTHER, 1, stage="listing", decision="irrelevant", domains=(), reason="no model", at=AT
        )
        record_file(opened, PAPER, 1, sha256=digest, size=len(data), at=AT)
        save(opened, Reading(digest, "burden-1", PAPER, "Lark", 3, known), judge, AT)
    engine.dispose()
    return tmp_path


def burden(folder: Path, *words: str) -> Done:
    environment = {
        "BURDEN_DATA_DIR": str(folder),
        "BURDEN_PROMISED_PRECISION": "1",
        "PATH": "",
        "LOGNAME": "ann",
    }
    return command(*words, env=environment)


def test_a_run_is_added_shown_and_taken_back(folder: Path) -> None:
    run = f"{PAPER}/run/tuned-lark"
    done = burden(
        folder, "edit", "add", PAPER, "run", "Tuned Lark", "epochs=40", "model=larkspur-26", *TUNED, "--json"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"done": "added", "entity": run, "cell": None, "seq": 3}
    shown = burden(folder, "paper", PAPER).stdout
    assert "run tuned-lark  (added by ann)" in shown
    assert "p. 3: “Fine-tuning lasts for 40 epochs" in shown
    assert "[reviewed by ann]" in shown
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) <= 80
    whole = json.loads(burden(folder, "paper", f"https://arxiv.org/abs/{PAPER}v1", "--json").stdout)
    (added,) = (entity for entity in whole["entities"] if entity["entity"] == run)
    assert [cell["field"] for cell in added["cells"]] == ["model", "epochs"]
    assert added["cells"][1]["evidence"]["box"] is not None
    assert burden(folder, "edit", "undo").stdout == f"taken back {run} (entry 4)\n"
    assert burden(folder, "edit", "undo").returncode == 2


def test_a_value_is_set_deleted_and_accepted_again(folder: Path) -> None:
    cell = f"{MODEL}#parameters"
    quote = ("--page", "2", "--quote", "Larkspur-26 (ours) | 14.2")
    assert "has changed" in burden(folder, "edit", "set", cell, "14M", *quote, "--expect", "7").stderr
    done = burden(folder, "edit", "set", cell, "14M", "--same-place", "--as", "bea", "--expect", "0")
    assert "14,000,000 parameters" in done.stdout
    assert burden(folder, "edit", "delete", cell).returncode == 2
    deleted = burden(folder, "edit", "delete", cell, "--reason", "of another net")
    assert "[rejected]" in deleted.stdout
    shown = burden(folder, "paper", PAPER).stdout
    assert "not 14,200,000 parameters" in shown and "ann: of another net" in shown
    back = json.loads(burden(folder, "edit", "accept", cell, "--json").stdout)
    assert (back["cell"]["status"], back["cell"]["value"]["value"]) == ("reviewed", 14.2e6)
    assert "has 1 proposed values" in burden(folder, "edit", "accept", cell, "2").stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("edit", "add", OTHER, "model", "X", "--page", "1", "--quote", "x"), "screened out (no model)"),
        (("edit", "add", "1999.00001", "model", "X", *TUNED), "there is no paper 1999.00001"),
        (("edit", "add", PAPER, "wagon", "X", *TUNED), "The kinds are model, run, result"),
        (("edit", "add", PAPER, "run", "X", "wheels=4", *TUNED), "fields are model, phase"),
        (("edit", "add", PAPER, "model", "X"), "needs the words that it stands in"),
        (
            ("edit", "set", f"{MODEL}#flops", "2.3e9", "--page", "3", "--quote", "lasts for 41 epochs"),
            "Perhaps it is",
        ),
        (("edit", "set", f"{MODEL}#flops", "2.3e9", "--same-place"), "nothing is cited"),
        (("edit", "merge", str(MODEL), f"{PAPER}/run/x"), "cannot be merged"),
        (("edit", "undo"), "nothing of yours"),
        (("edit", "undo", "--as", "zoe"), "'zoe' is not an annotator"),
        (("edit", "undo", "99"), "nothing that can be taken back"),
        (("paper", "1999.00001"), "burden add"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(command: tuple[str, ...], said: str, folder: Path) -> None:
    done = burden(folder, *command)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


CORRECTION = f"""
- cell: {MODEL}#parameters
  value: 14.3M
  expect: 14.2M
  reason: the table rounds
  by: grace
  evidence: {{page: 3, quote: "Fine-tuning lasts for 40 epochs"}}
"""


def test_the_words_that_a_correction_cites_are_found_on_their_page(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "corrections.yml"
    file.write_text(CORRECTION)
    done = burden(folder, "import", "corrections", str(file))
    assert (done.returncode, done.stdout) == (0, "1 corrections were imported, 0 are here already.\n")
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    with session(engine) as opened:
        state = cell_state(opened, CellKey(MODEL, "parameters"))
    engine.dispose()
    assert state is not None and state.evidence is not None
    assert (state.evidence.page, state.evidence.quote) == (3, "Fine-tuning lasts for 40 epochs")
    assert state.evidence.box is not None and state.evidence.box.page == 3
    assert state.evidence.rule == "correction"


def test_words_that_stand_elsewhere_are_refused_with_all_else_that_does_not_fit(
    folder: Path, tmp_path: Path
) -> None:
    file = tmp_path / "corrections.yml"
    other = CORRECTION.replace("#parameters", "#name").replace("14.2M", "Wren").partition("  evidence")[0]
    file.write_text(CORRECTION.replace("page: 3", "page: 1") + other)
    done = burden(folder, "import", "corrections", str(file))
    assert (done.returncode, done.stdout) == (1, "Nothing was imported: some corrections do not fit.\n")
    assert "line 2: " in done.stderr and "They stand on page 3" in done.stderr
    assert "expects Wren" in done.stderr
    file.write_text(CORRECTION.replace("page: 3", "page: 30"))
    assert "there is no page 30" in burden(folder, "import", "corrections", str(file)).stderr
