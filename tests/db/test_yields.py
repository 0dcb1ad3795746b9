"""What a run brought is counted from its rows: papers by reason, facts by field and rule, what failed."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from db.cells import Judge
from db.engine import session
from db.papers import Listing, record_file, record_listings
from db.readings import save
from db.runs import begin_run, record_failure, resolve_failure
from db.screenings import record_screening
from db.yields import REASONS, Yield, excluded_by, failures_of, screened_in, stored_bytes, yields_of
from extractors.confidence import default_model
from extractors.facts.errors import DamagedDocumentError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity
from extractors.promise import Promise

AT = datetime(2026, 11, 23, tzinfo=UTC)
JUDGE = Judge.of(default_model(), Promise())


def read(opened: Session, paper: str, run: str, counts: Iterable[str]) -> None:
    """A paper of which a night reads one count of devices by each of these rules, and whose model it names."""
    id, sha256 = PaperId(paper), f"{paper.replace('.', ''):0<64}"
    found = []
    for n, rule in enumerate(counts):
        words = Evidence(sha256, 1, None, "Training", "on 8 GPUs", rule)
        found.append(
            Proposal(CellKey(EntityId(id, "run", f"net{n}"), "count"), Quantity.exact(8, "devices"), words)
        )
    words = Evidence(sha256, 1, None, "Title", "Net", "names")
    found.append(Proposal(CellKey(EntityId(id, "model", "net"), "name"), Name("net", "Net"), words))
    record_listings(opened, "test", [Listing(id, 1, "A Net", "", (), (), AT, AT, b"")], AT)
    record_file(opened, id, 1, sha256=sha256, size=10, at=AT)
    save(opened, Reading(sha256, "burden-1", id, "A Net", 9, tuple(found)), JUDGE, AT, run_key=run)


def test_facts_are_counted_by_paper_and_rule_and_only_those_of_the_run(engine: Engine) -> None:
    with session(engine) as opened:
        for run in ("before", "tonight"):
            begin_run(opened, run, "nightly", AT)
        read(opened, "2401.00001", "before", ["words"])
        read(opened, "2401.00002", "tonight", ["words", "words", "table"])
        read(opened, "2401.00003", "tonight", ["words"])
        read(opened, "2401.00004", "tonight", [])
        found = yields_of(opened, "tonight")
        assert found.fields == {"run.count": Yield(papers=2, facts=4, squares=10)}
        assert found.rules == {"table": Yield(1, 1, 1), "words": Yield(2, 3, 5)}
        assert found.papers == 2
        assert yields_of(opened, "never") == yields_of(opened, "") != found
        assert stored_bytes(opened) == 40


def test_reasons_are_counted_and_the_rarest_put_together(engine: Engine) -> None:
    reasons = [f"reason {n:02}" for n in range(REASONS + 2)]
    papers = [PaperId(f"2401.{n:05}") for n in range(1, len(reasons) + 3)]
    with session(engine) as opened:
        begin_run(opened, "tonight", "nightly", AT)
        record_listings(opened, "test", [Listing(p, 1, "", "", (), (), AT, AT, b"") for p in papers], AT)
        for paper, reason in zip(papers, [reasons[0], *reasons, ""], strict=True):
            record_screening(
                opened,
                paper,
                1,
                stage="listing",
                decision="irrelevant" if reason else "relevant",
                domains=(),
                reason=reason,
                at=AT,
                run_key="tonight",
            )
        assert screened_in(opened, "tonight") == {"irrelevant": REASONS + 3, "relevant": 1}
        found = excluded_by(opened, "tonight")
    assert next(iter(found)) == reasons[0]
    assert (found[reasons[0]], found["other reasons"], len(found)) == (2, 2, REASONS + 1)


@pytest.mark.parametrize("mended", [True, False])
def test_what_a_run_failed_at_is_counted_until_it_is_mended(engine: Engine, mended: bool) -> None:
    with session(engine) as opened:
        begin_run(opened, "tonight", "nightly", AT)
        for paper in ("a", "b"):
            record_failure(opened, "fetch", paper, DamagedDocumentError("cut off"), AT, "tonight")
        if mended:
            resolve_failure(opened, "fetch", "b", AT)
        assert failures_of(opened, "tonight") == {"fetch: DamagedDocumentError": 1 if mended else 2}
