"""What `burden calibrate` does: gather what was judged, fit and try a model, write the report, install what is not worse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from annotation.calibration.calibrating import Calibration, calibrate
from annotation.calibration.report import write
from db.engine import migrate, open_database, session, snapshot
from db.judgements import judgements
from db.models import choose, current, judge_of
from db.papers import papers_of
from db.rejudging import rejudge
from extractors.confidence import Model, default_model
from extractors.facts.errors import BurdenError, ConflictError
from extractors.facts.ids import PaperId
from extractors.judgements import Judgement
from extractors.labels import judged, read_labels
from flows.workers import FailedPaper, Job, read_many

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from flows.clock import Clock
    from flows.settings import Settings


@dataclass(frozen=True, slots=True)
class Labelled:
    """Judgements that labels gave, and what could not be read for them."""

    judgements: Sequence[Judgement] = ()
    unread: Sequence[BurdenError] = ()
    files: Mapping[PaperId, str] = field(default_factory=dict)
    """The sha256 of what was read of each paper."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a calibration came to."""

    calibration: Calibration
    folder: Path
    files: tuple[str, ...]
    """Of the report, which is the first."""
    installed: bool
    renewed: int
    """Papers whose cells the new model judged anew."""


def read_labelled(labels: Path, papers: Path, workers: int) -> Labelled:
    """What labels say of their papers as they are read now.

    Args:
        labels: one JSON object a line, in the layout of the labelling guide.
        papers: the folder with the files that they are about.
        workers: processes to read with.

    Raises:
        UsageError: the labels cannot be read or are none.
    """
    known = read_labels(labels)
    found, unread, files = list[Judgement](), list[BurdenError](), dict[PaperId, str]()
    jobs = [Job(name, papers / name) for name in sorted(known)]
    for job, outcome in read_many(jobs, workers=max(1, min(workers, len(jobs)))):
        if isinstance(outcome, FailedPaper):
            unread.append(outcome.error)
        else:
            found += judged(known[job.subject], outcome)
            files[outcome.paper] = outcome.sha256
    return Labelled(found, unread, files)


def run(settings: Settings, clock: Clock, labelled: Labelled, out: Path | None, *, install: bool) -> Done:
    """Fit a model to labels and to what people decided, report on it, and let it judge from now on.

    Of a paper that is labelled the labels count, for they judge all of it; where there is no database yet, they are all there is.

    Args:
        settings: where the database is, and what is promised.
        clock: what time it is.
        labelled: what labels say.
        out: folder of the report; by default in the data folder.
        install: whether to install the model, unless it is refused.

    Raises:
        UsageError: too little was judged, scikit-learn is missing, or the report cannot be written.
        StoreError: the database cannot be read or written.
        ConflictError: somebody chose another model meanwhile.
    """
    with _database(settings) as engine:
        reviewed, present = _reviewed(engine, settings) if engine else ([], default_model())
        labels = _known_as(engine, labelled) if engine and labelled.files else labelled.judgements
        known = {row.paper for row in labels}
        rows = [*labels, *(row for row in reviewed if row.paper not in known)]
        done = calibrate(rows, present, settings.promise, f"{clock.now():%Y-%m-%d}")
        folder = out or settings.data_dir / "calibration"
        files = write(done, folder)
        if engine is None or not install or done.refused:
            return Done(done, folder, files, installed=False, renewed=0)
        return Done(done, folder, files, True, _install(engine, done.model, present, settings, clock))


def _reviewed(engine: Engine, settings: Settings) -> tuple[list[Judgement], Model]:
    with snapshot(engine) as opened:
        return list(judgements(opened, settings.audit_share)), current(opened)


def _known_as(engine: Engine, labelled: Labelled) -> list[Judgement]:
    """What labels say, of papers as the database calls them: a file without a stamp does not say which paper it is.

    Under two names a paper would be judged by a model that had seen it.
    """
    with snapshot(engine) as opened:
        papers = papers_of(opened, labelled.files.values())
    names = {paper: papers.get(sha256, paper) for paper, sha256 in labelled.files.items()}
    return [replace(row, paper=names.get(row.paper, row.paper)) for row in labelled.judgements]


def _install(engine: Engine, model: Model, present: Model, settings: Settings, clock: Clock) -> int:
    """Let the model judge, and bring all cells up to date; how many papers had some that changed hands."""
    with session(engine) as opened:
        if current(opened).sha256 != present.sha256:
            raise ConflictError(
                "meanwhile somebody chose another confidence model, with which the new one was not compared",
                remedy="Run burden calibrate again",
            )
        choose(opened, model, clock.now())
    with snapshot(engine) as opened:
        judge = judge_of(opened, settings.promise, settings.policy)
    return sum(1 for _ in rejudge(engine, judge, clock.now()))


@contextmanager
def _database(settings: Settings) -> Iterator[Engine | None]:
    """The database, if there is one."""
    engine = open_database(settings.database)
    try:
        there = engine.dialect.name != "sqlite" or Path(engine.url.database or "").is_file()
        if there:
            migrate(engine)
        yield engine if there else None
    finally:
        engine.dispose()
