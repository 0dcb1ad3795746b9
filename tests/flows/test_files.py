"""Files that were here: fetched again where the store lost them, asked about where they may be others, and never replaced unsaid."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from db.engine import session, snapshot
from db.former import FormerFileRow
from db.papers import to_read
from db.refetching import lost, note_lost
from db.runs import open_failures
from db.store import open_store
from db.tables import FileRow, ReadingRow
from flows.adding import add_papers
from flows.clock import PlayedClock
from flows.demo.catalogue import catalogue, pdf_of
from flows.demo.standin import Fault, StandIn
from flows.night import Summary
from flows.settings import Settings
from flows.steps import PLAIN

FIRST = catalogue()[0]
PDF, OTHER = pdf_of(FIRST), pdf_of(catalogue()[1])
DAY = 86_400


@pytest.fixture
def arxiv(arxiv: StandIn) -> StandIn:
    """The stand-in with one paper."""
    arxiv.samples = (FIRST,)
    return arxiv


def file_row(engine: Engine) -> FileRow:
    with snapshot(engine) as opened:
        row = opened.exec(select(FileRow)).one()
        opened.expunge(row)
        return row


def asked_for(arxiv: StandIn) -> list[str]:
    """What the client said it knew with each request for a PDF; empty where it asked for all of it."""
    return [request.unless for request in arxiv.seen if request.path.startswith("/pdf/")]


def lose(settings: Settings, engine: Engine, left: bytes | None = None) -> Path:
    """Remove the file from the store, or damage it, as the doctor would note it."""
    sha256 = file_row(engine).sha256
    path = Path(settings.store) / sha256[:2] / sha256[2:4] / sha256
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    with session(engine) as opened:
        assert note_lost(opened, [sha256], file_row(engine).fetched_at) == 1
    return path


@pytest.mark.parametrize("left", [None, b"%PDF-1.7 half of it"], ids=["gone", "damaged"])
def test_what_the_store_lost_is_fetched_again_whole(
    left: bytes | None, night: Callable[..., Summary], arxiv: StandIn, settings: Settings, engine: Engine
) -> None:
    night()
    before = file_row(engine)
    path = lose(settings, engine, left)
    summary = night()
    assert (summary.outcome, summary.counts["fetched again"]) == ("done", 1)
    assert path.read_bytes() == PDF
    assert asked_for(arxiv) == ["", ""], "who has lost a file cannot say that it knows it"
    assert (file_row(engine).sha256, file_row(engine).fetched_at) == (before.sha256, before.fetched_at)
    assert "fetched again" not in night().counts


def test_other_bytes_than_were_lost_are_a_new_file_of_the_version_and_the_old_one_is_told_of(
    night: Callable[..., Summary], arxiv: StandIn, settings: Settings, engine: Engine
) -> None:
    night()
    before = file_row(engine)
    lose(settings, engine)
    arxiv.pdf = lambda _: OTHER
    assert night().counts["replaced"] == 1
    after = file_row(engine)
    with snapshot(engine) as opened:
        (former,) = opened.exec(select(FormerFileRow))
        assert (former.sha256, former.fetched_at) == (before.sha256, before.fetched_at)
        assert [file.sha256 for file in to_read(opened)] == [after.sha256]
        assert lost(opened) == frozenset()
    assert after.sha256 != before.sha256
    assert open_store(settings.store).get(after.sha256) == OTHER
    assert "replaced" not in night().counts, "the old one is gone, and nobody asks for it again"


def test_what_does_not_come_again_is_asked_for_as_often_as_any_file(
    night: Callable[..., Summary], arxiv: StandIn, settings: Settings, engine: Engine
) -> None:
    night()
    lose(settings, engine)
    arxiv.misbehave(Fault("truncated", path="/pdf", times=9))
    assert [night(tries_per_paper=2).counts.get("fetch failed") for _ in range(3)] == [1, 1, None]


def test_a_paper_that_could_not_be_read_because_its_file_was_lost_is_read_when_it_is_back(
    night: Callable[..., Summary], arxiv: StandIn, settings: Settings, engine: Engine
) -> None:
    night()
    sha256 = file_row(engine).sha256
    (Path(settings.store) / sha256[:2] / sha256[2:4] / sha256).unlink()
    assert night(do=PLAIN).counts["read failed"] == 1
    with session(engine) as opened:
        note_lost(opened, [sha256], file_row(engine).fetched_at)
    assert night(do=PLAIN).counts["read"] == 1
    with snapshot(engine) as opened:
        assert not open_failures(opened)
        assert len(opened.exec(select(ReadingRow)).all()) == 1


def test_a_lost_file_that_is_added_again_is_whole_again(
    night: Callable[..., Summary], settings: Settings, engine: Engine, clock: PlayedClock, tmp_path: Path
) -> None:
    night(do=PLAIN)
    path = lose(settings, engine, b"%PDF-1.7 half of it")
    (tmp_path / "copy.pdf").write_bytes(PDF)
    (one,) = add_papers(settings, [str(tmp_path / "copy.pdf")], "ann", clock=clock)
    assert (one.end, one.paper, path.read_bytes() == PDF) == ("known", FIRST.id, True)
    with snapshot(engine) as opened:
        assert lost(opened) == frozenset()


# Asking whether a file is as it was


def test_a_file_is_asked_about_after_so_many_days_and_not_sent_again(
    night: Callable[..., Summary], arxiv: StandIn, clock: PlayedClock, engine: Engine
) -> None:
    night()
    known_by = file_row(engine).etag
    assert known_by
    unchanged = []
    for days in (6, 2, 6, 2):
        clock.sleep(days * DAY)
        unchanged.append(night(recheck_days=7).counts.get("unchanged"))
    assert unchanged == [None, 1, None, 1]
    assert asked_for(arxiv) == ["", known_by, known_by]
    clock.sleep(30 * DAY)
    assert "unchanged" not in night().counts, "nobody is asked unless the settings say so"


def test_a_file_that_is_another_by_now_is_kept_beside_the_one_that_was(
    night: Callable[..., Summary], arxiv: StandIn, clock: PlayedClock, settings: Settings, engine: Engine
) -> None:
    night()
    before = file_row(engine)
    arxiv.pdf = lambda _: OTHER
    clock.sleep(8 * DAY)
    assert night(recheck_days=7).counts["replaced"] == 1
    store = open_store(settings.store)
    assert (store.get(before.sha256), store.get(file_row(engine).sha256)) == (PDF, OTHER)
    assert "unchanged" not in night(recheck_days=7).counts


def test_an_address_that_is_added_again_is_asked_whether_it_has_changed(
    arxiv: StandIn, settings: Settings, clock: PlayedClock
) -> None:
    address = f"{arxiv.pdf_url}/{FIRST.name}"
    ends = []
    for _ in range(2):
        clock.sleep(60)
        ends += [one.end for one in add_papers(settings, [address], "ann", clock=clock)]
    assert ends == ["read", "known"]
    first, second = asked_for(arxiv)
    assert (first, bool(second)) == ("", True)
