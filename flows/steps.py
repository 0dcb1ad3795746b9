"""The steps of a night as plain functions: each asks the database what is left, does it, and commits as it goes.

Nothing here knows Prefect. A step raises only what ends the night; what goes wrong with one paper is recorded as a
failure and the rest go on. A watermark moves only in the transaction that stored the last rows it stands for. The
steps in between have modules of their own: `flows.harvest`, `flows.screening`, and `flows.papers`, which brings papers' files and reads them.
"""

from __future__ import annotations

from db.cells import PUBLISHED
from db.engine import session, snapshot
from db.models import judge_of
from db.overview import cells_by_status
from db.papers import to_read_again
from db.rejudging import rejudge
from db.runs import BACKFILL, end_run
from db.standing import follow
from db.tables import Outcome
from db.whole import draw
from extractors.facts.errors import SourceError
from flows.files import extractor
from flows.harvest import harvest
from flows.night import Night, Steps, Summary
from flows.papers import fall_back, read
from flows.screening import screen
from flows.watch.closing import close

GO_ON = "Run the same command again later; it goes on where it was"


def route(night: Night) -> None:
    """Decide by the present model and promise what is published, queued or rejected.

    A reading is routed when it is saved; here come the papers that another model or promise had decided, which
    includes the night's own where somebody chose a model meanwhile, and those that a lot sends to people as wholes. What
    waits of papers that were withdrawn, or are the same file as another, leaves the queue until they are back.
    """
    with night.telling.phase("route") as phase:
        with snapshot(night.engine) as opened:
            night.judge = judge_of(opened, night.settings.promise, night.settings.policy)
        for _ in rejudge(night.engine, night.judge, night.clock.now()):
            phase.step()
        with session(night.engine) as opened:
            night.counts["papers to read whole"] = len(draw(opened, night.judge, night.clock.now()))
            followed = follow(opened, night.judge.policy, night.clock.now())
            cells = cells_by_status(opened)
        published = sum(number for status, number in cells.items() if status in PUBLISHED)
        night.counts.update({f"cells {status}": number for status, number in cells.items()})
        night.counts["review items set aside"] = followed.set_aside
        night.counts["review items brought back"] = followed.brought_back
        phase.result = f"{published} cells published, {cells.get('queued', 0)} queued, {cells.get('rejected', 0)} rejected"


def summarise(night: Night) -> Summary:
    """Write how the run went into its row, and tell it.

    Raises:
        SourceError: a backfill was sent away before its end, or its source failed; it is to be gone on with.
    """
    if night.is_sent_away and night.kind == BACKFILL:
        raise SourceError(" ".join(night.notes).rstrip("."), remedy=GO_ON)
    counts = {name: number for name, number in night.counts.items() if number}
    troubled = night.notes or any(name.endswith(("failed", "problems")) for name in counts)
    outcome: Outcome = "partial" if troubled else "done"
    note = " ".join(night.notes)
    with session(night.engine) as opened:
        end_run(opened, night.key, outcome, counts, night.clock.now(), note)
        older = len({file.paper_id for file in to_read_again(opened, extractor())})
    named = "Backfill" if night.kind == BACKFILL else "Night"
    night.telling.table(f"{named} {night.window}: {outcome}", counts)
    for text in night.notes:
        night.telling.note(text)
    if older:
        night.telling.note(
            f"{older:,} papers were read by another extractor: burden reextract tells what differs."
        )
    seconds = {phase.name: phase.seconds for phase in night.telling.phases}
    return Summary(night.key, outcome, counts, note, seconds)


PLAIN = Steps(harvest, screen, read, fall_back, route, summarise, close)
"""The steps as they are, for whoever needs no Prefect."""
