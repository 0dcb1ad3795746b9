"""Bad states, each made for real in a database or a release, and what catches it before anything is published.

A fault is caught if a check or an error of the name in the table refuses, and nothing that a reader or the next build can see has changed, and
nothing half is left. The sound ground itself passes, or being caught would mean nothing.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from benchmarks.ground import (
    LATER,
    MODEL,
    PAPERS,
    PROMISE,
    REVIEWED,
    SAID,
    Ground,
    Said,
    cell_of,
    ground_of,
    make_template,
    paper_of,
    sha256_of,
)
from db.dataset.drafts import drafting, settle
from db.dataset.gate.bounds import Bounds
from db.dataset.places import place_of
from db.dataset.publish import publish
from db.dataset.recorded import last_release
from db.dataset.release import (
    Built,
    build_release,
    check_release,
    draft_release,
    prepare,
    record,
)
from db.engine import open_database, session, snapshot
from db.models import choose
from extractors.facts.errors import BurdenError
from extractors.facts.values import Name, Quantity

TIME, COUNT, PARAMETERS = cell_of(3, "wall_time"), cell_of(3, "count"), cell_of(3, "parameters", "model/net")
SCORE = cell_of(3, "score", "result/net.top1")
BOUNDS = Bounds(PROMISE)


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of bad state."""

    name: str
    caught_by: str
    """A check, or the type of an error."""
    make: Callable[[Ground], object]
    then: Callable[[Ground], object] = lambda ground: build_release(ground.engine, ground.out, bounds=BOUNDS)
    """What is to be refused."""
    news: bool = True
    """Whether there is anything new to publish."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a fault."""

    fault: Fault
    refused_by: tuple[str, ...]
    """Checks that refused, and the type of the error; nothing where it was published."""
    clean: bool
    """Whether nothing is visible that was not, and nothing half is left."""

    @property
    def caught(self) -> bool:
        """Whether it was caught by what the table says, before anything was visible."""
        return self.fault.caught_by in self.refused_by and self.clean


def report() -> None:
    """Print what catches each fault; ends with 1 where one is not caught by its name."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        outcomes = run(Path(folder), FAULTS)
    for found in outcomes:
        said = ", ".join(found.refused_by) or "nothing"
        print(
            f"{'caught' if found.caught else 'MISSED':<7} {found.fault.name:<62} {said}{'' if found.clean else ' NOT CLEAN'}"
        )
    caught = sum(found.caught for found in outcomes)
    print(
        f"{caught} of {len(outcomes)} kinds of bad state are caught by name, in {time.monotonic() - began:.0f} s"
    )
    if caught < len(outcomes):
        raise SystemExit(1)


def run(folder: Path, faults: Sequence[Fault]) -> list[Outcome]:
    """Make each fault in a copy of a sound database.

    Args:
        folder: an empty one.
        faults: which.
    """
    template = folder / "template"
    make_template(template)
    return [attempt(template, folder / str(number), fault) for number, fault in enumerate(faults)]


def attempt(template: Path, folder: Path, fault: Fault) -> Outcome:
    """Make one fault in a copy of the template."""
    with ground_of(template, folder, news=fault.news) as ground:
        fault.make(ground)
        before = ground.visible()
        try:
            fault.then(ground)
        except BurdenError as error:
            refused: tuple[str, ...] = (*_checks(ground), type(error).__name__)
        except Exception as error:  # noqa: BLE001  # one that nobody meant catches nothing, and is shown
            refused = (f"a crash by {type(error).__name__}: {error}"[:200],)
        else:
            refused = ()
        return Outcome(fault, refused, ground.visible() == before)


def _checks(ground: Ground) -> tuple[str, ...]:
    """The names of the checks that refuse, if the database can be read at all."""
    report = ground.out / "refused.json"
    if not report.exists():
        return ()
    return tuple(
        one["name"]
        for one in json.loads(report.read_text())
        if one["required"] and not one["success"] and not one["accepted"]
    )


def sound(folder: Path) -> Built:
    """What a check says of the ground without any fault."""
    make_template(folder / "template")
    with ground_of(folder / "template", folder / "sound") as ground:
        return check_release(ground.engine, ground.out, bounds=BOUNDS)


# How faults are made


def _said(**other: object) -> tuple[Said, ...]:
    """What the usual paper says, with other values for some fields."""
    return tuple((kind, slug, name, other.get(name, value)) for kind, slug, name, value in SAID)  # type: ignore[misc]


def _seconds(number: float) -> Quantity:
    return Quantity.exact(number, "s")


def _slipped_reading(ground: Ground) -> None:
    other = [
        ("run", "net.second", name, value)
        for _, slug, name, value in SAID
        if slug == "net.training" and name != "wall_time"
    ]
    slow = ("run", "net.second", "wall_time", _seconds(345_600 * 0.001 * 0.01))
    usual = ("run", "net.training", "wall_time", _seconds(3_456 * 1))
    ground.read(40, [*(s for s in SAID if s[2] != "wall_time"), *other, usual, slow])  # type: ignore[list-item]


def _hours_as_seconds(ground: Ground) -> None:
    said = ("run", "net.training", "device_time", Quantity.exact(8 * 345_600 / 3600, "device-s"))
    ground.read(40, [*SAID, said])  # type: ignore[list-item]


def _too_fast(ground: Ground) -> None:
    said = ("run", "net.training", "compute", Quantity.exact(1e24, "FLOP"))
    ground.read(40, [*SAID, said])  # type: ignore[list-item]


def _machine_again(ground: Ground) -> None:
    ground.set(REVIEWED, "status", "automatic")
    ground.set(REVIEWED, "reviewers", "[]")
    ground.set(REVIEWED, "decided_at", None)


def _claimed(ground: Ground) -> None:
    ground.set(COUNT, "status", "reviewed")
    ground.set(COUNT, "reviewers", '["mallory"]')
    ground.set(COUNT, "decided_at", "2026-11-21 00:00:00.000000")


def _doubled(ground: Ground) -> None:
    ground.sql(
        "CREATE TABLE other AS SELECT * FROM cell",
        "INSERT INTO other SELECT * FROM cell WHERE field = 'count' LIMIT 1",
        "DROP TABLE cell",
        "ALTER TABLE other RENAME TO cell",
    )


def _twins(ground: Ground) -> None:
    ground.sql(
        "UPDATE file SET sha256 = :other WHERE paper_id = :paper", other=sha256_of(7), paper=paper_of(5),
    )  # fmt: skip
    ground.read(40, sha256=sha256_of(5))


def _withdrawn(ground: Ground) -> None:
    ground.sql(
        "UPDATE paper SET withdrawn_at = '2026-11-21 00:00:00.000000' WHERE paper_id = :paper",
        "DELETE FROM reading WHERE paper_id = :paper",
        paper=paper_of(5),
    )


def _all_withdrawn(ground: Ground) -> None:
    ground.sql(
        "UPDATE paper SET withdrawn_at = '2026-11-21 00:00:00.000000' WHERE paper_id > :paper",
        paper=paper_of(1),
    )


def _no_accelerators(ground: Ground) -> None:
    rest = [said for said in SAID if said[2] != "accelerator"]
    for number in range(1, PAPERS):
        ground.read(number, rest, extractor="burden-0.2.0")


def _audits(ground: Ground) -> None:
    ground.sql(
        "INSERT INTO review_item (paper_id, entity_id, field, why, audit, paper_rank, rank, skips, opened_at, closed_at) "
        "SELECT paper_id, entity_id, field, 'audit', CASE WHEN paper_id < '2403.00013' THEN 'changed' ELSE 'kept' END, "
        "0, 0, 0, '2026-11-21', '2026-11-22' FROM cell WHERE field = 'wall_time'"
    )


def _clock_back(ground: Ground) -> None:
    ground.sql("UPDATE reading SET read_at = '2020-01-01 00:00:00.000000'")
    ground.unlocked("UPDATE event SET at = '2020-01-01 00:00:00.000000'")
    ground.set(REVIEWED, "decided_at", "2020-01-01 00:00:00.000000")


def _altered(ground: Ground, *, seal: bool = False) -> None:
    file, sums = ground.out / "0.1.0" / "papers.csv", ground.out / "0.1.0" / "SHA256SUMS"
    old = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_bytes(file.read_bytes().replace(b"Network", b"Notwork"))
    if seal:
        sums.write_text(sums.read_text().replace(old, hashlib.sha256(file.read_bytes()).hexdigest()))


def _damage(ground: Ground) -> None:
    with ground.database.open("r+b") as file:
        size = file.seek(0, 2)
        for page in range(8, size // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 512)


_RECORDED = "built_at, manifest_sha256, content_sha256, schema_sha256, last_seq"


def _two_builders(ground: Ground) -> None:
    try:
        with drafting(ground.out) as folder:
            with snapshot(ground.engine) as opened:
                slow = prepare(draft_release(opened, folder, last_release(opened), BOUNDS), ground.out)
            ground.sql(f"INSERT INTO release (version, {_RECORDED}) SELECT '0.1.5', {_RECORDED} FROM release")
            with session(ground.engine) as opened:
                record(opened, slow)
    finally:
        settle(ground.out, dict)
        ground.sql("DELETE FROM release WHERE version = '0.1.5'")


def _full_disk(ground: Ground) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        pool.apply(_build_in_little_room, (ground.folder,))


def _build_in_little_room(folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
    engine = open_database(f"sqlite:///{folder / 'burden.sqlite'}")
    try:
        build_release(engine, folder / "releases", bounds=BOUNDS)
    finally:
        engine.dispose()


def _nothing(_ground: Ground) -> None:
    """What is bad is what is asked for."""


def _with(bounds: Bounds) -> Callable[[Ground], object]:
    return lambda ground: build_release(ground.engine, ground.out, bounds=bounds)


def _publish(ground: Ground) -> object:
    return publish(ground.engine, ground.out, "0.1.0", place_of(ground.folder / "published"))


def _other_bytes_there(ground: Ground) -> None:
    _publish(ground)
    _altered_at(ground.folder / "published" / "0.1.0" / "papers.csv")


def _altered_at(path: Path) -> None:
    path.write_bytes(b"mine")


def _yank(ground: Ground) -> None:
    ground.sql(
        "UPDATE release SET yanked_at = '2026-11-22 00:00:00.000000', yanked_reason = 'A unit slipped.'"
    )


def _choose(ground: Ground) -> None:
    with session(ground.engine) as opened:
        choose(opened, replace(MODEL, version="another"), LATER + timedelta(days=1))


FAULTS = (
    # cells that the database holds and that are none
    Fault("a value without evidence", "evidence", lambda g: g.set(TIME, "evidence", None)),
    Fault("a quote that is too long", "readable", lambda g: g.change(TIME, "evidence", quote="long " * 60)),
    Fault("a box that is upside down", "readable", lambda g: g.change(TIME, "evidence", box={"page": 5, "x0": 9, "top": 9, "x1": 1, "bottom": 1})),
    Fault("a box on another page than its evidence", "readable", lambda g: g.change(TIME, "evidence", page=6)),
    Fault("a number that is none (NaN)", "readable", lambda g: g.number(TIME, float("nan"))),
    Fault("an infinite number", "readable", lambda g: g.number(TIME, float("inf"))),
    Fault("a field that is in no registry", "readable", lambda g: g.sql("UPDATE cell SET field = 'colour' WHERE field = 'wall_time'")),
    Fault("a cell that is no JSON", "StoreError", lambda g: g.set(TIME, "value", "{")),
    Fault("a time that is none", "StoreError", lambda g: g.set(REVIEWED, "decided_at", "yesterday")),
    Fault("a cell that is there twice", "doubled", _doubled),
    # values that cannot be
    Fault("a negative time", "readable", lambda g: g.number(TIME, -345_600.0)),
    Fault("a unit that the field does not have", "registry", lambda g: g.change(TIME, "value", unit="days")),
    Fault("a word outside of a closed list", "registry", lambda g: g.change(cell_of(3, "role", "model/net"), "value", id="king")),
    Fault("a probability above 1", "schema", lambda g: g.set(TIME, "probability", 1.5)),
    Fault("control characters", "schema", lambda g: g.set(TIME, "extractor", "burden\x1b[31m")),
    Fault("an accuracy above 100%, an error below 0", "shares", lambda g: g.number(SCORE, 140.0)),
    Fault("an unknown benchmark", "benchmarks", lambda g: g.change(cell_of(3, "benchmark", "result/net.top1"), "value", id="chess")),
    Fault("a run at 100 times the peak of its devices", "physics", _too_fast),
    Fault("a burden beyond any that was ever", "burdens", lambda g: g.read(40, _said(count=Quantity.exact(1e6, "devices"), wall_time=_seconds(3e8), accelerator=Name("NVIDIA H100 SXM", "H100")))),
    # slips
    Fault("a machine's value that slipped by 1000 in the database", "backed", lambda g: g.number(PARAMETERS, 25.6e9)),
    Fault("a machine's value that slipped by 3600 in the database", "backed", lambda g: g.number(TIME, 345_600.0 / 3600)),
    Fault("a time that its reading has 1000 times too short", "slips", _slipped_reading),
    Fault("device-hours read as device-seconds", "slips", _hours_as_seconds),
    # places
    Fault("the hash of another file", "evidence", lambda g: g.change(TIME, "evidence", sha256="e" * 64)),
    Fault("a page beyond the document", "pages", lambda g: g.change(TIME, "evidence", page=99, box={"page": 99, "x0": 1, "top": 1, "x1": 2, "bottom": 2})),
    Fault("a box outside of any page", "boxes", lambda g: g.change(TIME, "evidence", box={"page": 5, "x0": 72, "top": 1, "x1": 9000, "bottom": 2})),
    # people
    Fault("a reviewed cell with another value", "decisions", lambda g: g.number(REVIEWED, 4.0)),
    Fault("a reviewed cell that the machine has again", "decisions", _machine_again),
    Fault("a reviewed cell that is gone", "lost", lambda g: g.sql("DELETE FROM cell WHERE entity_id = :e AND field = 'count'", e=str(REVIEWED.entity))),
    Fault("a cell that is said to be reviewed", "decisions", _claimed),
    Fault("an entity that is said to be removed", "entities", lambda g: g.sql("UPDATE entity SET removed = 1 WHERE entity_id = :e", e=str(REVIEWED.entity))),
    Fault("an entry that is gone from the review log", "log", lambda g: g.unlocked("DELETE FROM event")),
    Fault("a review log that can be changed", "log", lambda g: g.sql("DROP TRIGGER event_no_update")),
    Fault("an entry of the review log that is none", "log-entries", lambda g: g.unlocked("UPDATE event SET body = '{}'")),
    # rows that lead nowhere
    Fault("a link to a model that is not there", "known", lambda g: g.change(cell_of(3, "model"), "value", id="ghost")),
    Fault("a confidence model that is missing", "rows-lead", lambda g: g.sql("DELETE FROM model")),
    Fault("an entity that is missing", "rows-lead", lambda g: g.sql("DELETE FROM entity WHERE entity_id = :e", e=str(TIME.entity))),
    # papers
    Fault("a withdrawn paper that is still in", "gone", _withdrawn),
    Fault("a paper that is in twice, under two ids", "twins", _twins),
    # against earlier releases
    Fault("cells that are gone without a reason", "shrinkage", lambda g: g.sql("DELETE FROM cell WHERE field = 'wall_time'")),
    Fault("a column that an extractor no longer fills", "coverage", _no_accelerators),
    Fault("nearly all papers gone at once", "rows", _all_withdrawn),
    Fault("a clock that goes back", "clock", _clock_back),
    # promises
    Fault("values that another model judged", "stale", _choose),
    Fault("audits that found half of the values wrong", "audits", _audits),
    Fault("too many cells that nobody looked at", "unreviewed", _nothing, _with(replace(BOUNDS, unreviewed=0.5))),
    # releases
    Fault("a published release that was altered", "published", _altered),
    Fault("a published release that was altered and sealed anew", "published", lambda g: _altered(g, seal=True)),
    Fault("a folder of the next version, half written", "GateError", lambda g: (g.out / "0.2.0").mkdir()),
    Fault("a changed schema under a version that hides it", "UsageError", lambda g: g.sql("UPDATE release SET schema_sha256 = :other", other="0" * 64), lambda g: build_release(g.engine, g.out, "0.2.0", bounds=BOUNDS)),
    Fault("two builders at once", "ConflictError", _nothing, _two_builders),
    Fault("nothing new since a release that was yanked", "GateError", _yank, news=False),
    Fault("a full disk", "StoreError", _nothing, _full_disk),
    Fault("a damaged database", "StoreError", _damage),
    # publishing
    Fault("publishing a release that was altered", "DatasetError", _altered, _publish),
    Fault("publishing a release that lacks a file", "DatasetError", lambda g: (g.out / "0.1.0" / "papers.csv").unlink(), _publish),
    Fault("publishing a release that was altered and sealed anew", "GateError", lambda g: _altered(g, seal=True), _publish),
    Fault("publishing a release that was yanked", "GateError", _yank, _publish),
    Fault("publishing over other bytes of a version", "DatasetError", _other_bytes_there, _publish),
    Fault("publishing a release that was never built", "UsageError", _nothing, lambda g: publish(g.engine, g.out, "0.9.0", place_of(g.folder / "published"))),
)  # fmt: skip
"""Every kind, with what catches it."""
