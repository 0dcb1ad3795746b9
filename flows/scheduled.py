"""The other flows, as schedules and work pools start them: backfill, reextract, release. Each task body is one call into the library.

This module imports Prefect; see `flows.nightly`, whose ways it follows.
"""

# No `from __future__ import annotations`: see `flows.nightly`.

from dataclasses import replace
from datetime import date
from pathlib import Path

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from sqlalchemy import Engine

from db.dataset.release import Built, build_release
from db.runs import BACKFILL
from extractors.facts.errors import UsageError
from flows import reextract as rereading
from flows.backfill import open_backfill, weigh
from flows.cli.differences_text import rendered
from flows.night import Order, SourceName, Summary, present_database
from flows.nightly import TASKS, as_task, once, told, with_server
from flows.progress import on_terminal
from flows.settings import load_settings

_BACKFILL_TASKS = replace(TASKS, screen=as_task(weigh))
_read, _compare, _store = as_task(rereading.read), as_task(rereading.compare), as_task(rereading.store)


def build(what: tuple[Engine, Path, str | None]) -> Built:
    """A release of a database, in the folder of all releases, perhaps under a version of one's choice."""
    return build_release(*what, bounds=load_settings().bounds)


_build = as_task(build)


@flow(name=BACKFILL, persist_result=False)
def backfill(
    since: date,
    until: date,
    source: SourceName = "arxiv",
    folder: Path | str | None = None,
    again: bool = False,
) -> Summary | State[Summary]:
    """The nightly flow for days of the past; what was done of the same days is not done again.

    Args:
        since: first day.
        until: last day; at most yesterday.
        source: `arxiv`, `atom` or `bulk`.
        folder: the folder of bulk files.
        again: whether to ask once more for days that are done.

    Raises:
        BurdenError: it did not come to its end; the same order goes on where it was.
    """
    order = Order(source, folder, since, until, again=again)
    return once(lambda: told(open_backfill(load_settings(), order, telling=on_terminal()), _BACKFILL_TASKS))


def run_backfill(order: Order) -> Summary | None:
    """Run the flow now, in this process; None where the same run is done, or at work elsewhere.

    Raises:
        UsageError: the order names no days.
        BurdenError: it did not come to its end; the same order goes on where it was.
        StoreError: Prefect's server did not start, or the one that `PREFECT_API_URL` names does not answer.
    """
    since, until = order.since, order.until
    if since is None or until is None:
        raise UsageError("a backfill needs its first and its last day")
    found = with_server(lambda: backfill(since, until, order.source, order.folder, order.again))
    return found if isinstance(found, Summary) else None


@flow(name=rereading.REEXTRACT, persist_result=False)
def reextract(
    store: bool = False, papers: tuple[str, ...] = ()
) -> dict[str, object] | State[dict[str, object]]:
    """Read stored papers with the extractor of now, and tell what would change as an artifact.

    Args:
        store: whether to store the readings then; what was read is kept meanwhile, so that a second run only stores.
        papers: only these.

    Raises:
        BurdenError: it failed as a whole; what was read is kept.
    """
    return once(lambda: _read_again(papers, is_stored=store))


def _read_again(papers: tuple[str, ...], *, is_stored: bool) -> dict[str, object]:
    with rereading.open_rereading(load_settings(), papers, telling=on_terminal()) as work:
        _read(work)
        found = _compare(work)
        text = rendered(found, work.extractor, missing=work.missing, unreadable=work.unreadable)
        create_markdown_artifact(
            f"```\n{text}```\n", key="burden-reextract", description=text.splitlines()[0]
        )
        if is_stored and found.papers:
            _store(work)
        return found.as_json()


@flow(name="release", persist_result=False)
def release(version: str | None = None) -> str:
    """Publish the present state as a new version of the dataset; nothing where nothing changed.

    Args:
        version: by default what the changes since the last release ask for.

    Raises:
        GateError: a check failed, and nothing was published.
        BurdenError: the release could not be built.
    """
    settings = load_settings()
    with present_database(settings) as engine:
        return _build((engine, settings.releases, version)).version
