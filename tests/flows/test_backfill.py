"""A backfill loses nothing, does nothing twice, and leaves the nights as they are, whatever it is interleaved with."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import settings as played
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import col, select

from db.engine import migrate, open_database, session, snapshot
from db.harvests import Reached, beside, reached
from db.overview import overview
from db.papers import FileOf, Listing
from db.screening_tables import ScreeningRow
from db.screenings import how_many_to_screen
from db.tables import FileRow, PaperVersionRow, RunRow, SourceStateRow
from extractors.facts.errors import BurdenError, ConflictError, RepeatedRunError, UsageError
from extractors.facts.ids import PaperId
from flows.backfill import PLAIN_BACKFILL, foresee, open_backfill
from flows.clock import PlayedClock
from flows.demo.catalogue import Sample, catalogue
from flows.demo.standin import Fault, StandIn, stand_in
from flows.fetch import Fetched
from flows.files import due, fetched
from flows.night import Night, Order, Steps, Summary, open_night, run
from flows.screening_rules import rules_of
from flows.settings import Settings
from flows.sources import Page, Window
from flows.sources.submitted import Submitted
from flows.status import status_of
from flows.steps import PLAIN

FIRST = catalogue()[0]
NOW = datetime(2024, 4, 1, 2, 30, tzinfo=UTC)
PART = "cs"
OTHER = Order(since=date(2024, 3, 2), until=date(2024, 3, 3), key="another")
DAYS = Order(since=date(2024, 3, 1), until=date(2024, 3, 20))
AGAIN = replace(DAYS, again=True)


def paper(n: int, day: int) -> Sample:
    came = datetime(2024, 3, day, 12, tzinfo=UTC)
    return replace(FIRST, id=f"2403.{n:05}", published=came, updated=came)


OLD = tuple(paper(n, 5 + n) for n in range(6))
NEW = tuple(paper(n, 26 + n % 4) for n in range(10, 14))


def only_fetch(night: Night) -> None:
    for _ in fetched(night, due(night)):
        pass


def nothing(_: Night) -> None:
    """A step left out."""


NIGHT = replace(PLAIN, read=only_fetch, fall_back=nothing, close=nothing)
BACKFILL = replace(PLAIN_BACKFILL, read=only_fetch, fall_back=nothing, close=nothing)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "burden.sqlite"
    engine = open_database(f"sqlite:///{path}")
    migrate(engine)
    engine.dispose()
    return path


@dataclass
class World:
    """A stand-in and a data folder, between which nights and backfills run."""

    arxiv: StandIn
    settings: Settings
    engine: Engine
    clock: PlayedClock

    def backfill(self, order: Order = DAYS, do: Steps = BACKFILL) -> Summary:
        self.clock.sleep(60)
        with open_backfill(self.settings, order, clock=self.clock) as opened:
            return run(opened, do)

    def night(self, order: Order | None = None, do: Steps = NIGHT) -> Summary:
        self.clock.sleep(60)
        with open_night(self.settings, order or Order(), clock=self.clock) as opened:
            return run(opened, do)

    def cut(self, fault: Fault) -> bool:
        """A backfill in which something goes wrong, as by a kill; whether it was cut by that."""
        self.arxiv.misbehave(fault)
        try:
            self.backfill()
        except RepeatedRunError:
            return False
        except BurdenError:
            with session(self.engine) as opened:  # who is killed writes no end
                for row in opened.exec(select(RunRow).where(RunRow.kind == "backfill")):
                    row.outcome, row.ended_at = "running", None
            return True
        finally:
            self.arxiv.behave()
            self.clock.sleep(3 * 3600)
        return False

    def watermark(self) -> Reached:
        with snapshot(self.engine) as opened:
            return reached(opened, "oai", PART)

    def state(self) -> tuple[object, ...]:
        """Everything but times and names of runs."""
        with snapshot(self.engine) as opened:
            versions = sorted(f"{r.paper_id}v{r.version}" for r in opened.exec(select(PaperVersionRow)))
            screened = sorted((r.paper_id, r.decision, r.reason) for r in opened.exec(select(ScreeningRow)))
            files = sorted((r.paper_id, r.version, r.media, r.sha256) for r in opened.exec(select(FileRow)))
            left = [r.token for r in opened.exec(select(SourceStateRow)) if r.token]
        return versions, screened, files, left

    def pdfs(self) -> Counter[str]:
        return Counter(seen.path for seen in self.arxiv.seen if seen.path.startswith("/pdf"))


def world_in(folder: Path, migrated: Path, arxiv: StandIn) -> World:
    folder.mkdir()
    shutil.copy(migrated, folder)
    settings = Settings(
        data_dir=folder,
        arxiv_api_url=arxiv.api_url,
        arxiv_pdf_url=arxiv.pdf_url,
        oai_sets=(PART,),
        request_interval_seconds=0,
        request_tries=1,
        contact="ops@example.org",
        workers=1,
    )
    return World(arxiv, settings, open_database(settings.database), PlayedClock(NOW))


@pytest.fixture
def world(tmp_path: Path, migrated: Path) -> Iterator[World]:
    with stand_in((*OLD, *NEW), as_of=NOW) as arxiv:
        arxiv.per_page = 2
        found = world_in(tmp_path / "data", migrated, arxiv)
        yield found
        found.engine.dispose()


# Beside the nights


def test_a_backfill_brings_its_days_and_leaves_the_watermark_of_the_nights(world: World) -> None:
    world.night()
    before = world.watermark()
    summary = world.backfill()
    assert (summary.outcome, summary.counts["new"], summary.counts["fetched"]) == ("done", 6, 6)
    assert world.watermark() == before
    with snapshot(world.engine) as opened:
        own = reached(opened, beside("oai"), f"{PART}, 2024-03-01 to 2024-03-20")
        assert own == Reached(datetime(2024, 3, 20, 23, 59, 59, 999999, tzinfo=UTC), None)
        assert list(overview(opened).watermarks) == [f"oai: {PART}"], "it is no age of anything"


def test_the_first_night_after_a_backfill_looks_back_as_if_there_had_been_none(world: World) -> None:
    world.backfill()
    assert world.watermark() == Reached(None, None)
    assert world.night().counts["new"] == len(NEW)


def test_a_night_leaves_the_papers_of_a_backfill_that_is_not_over(world: World) -> None:
    assert world.cut(Fault("busy", path="/pdf", after=2, retry_after="7200"))
    summary = world.night(Order(since=DAYS.since))
    assert (summary.counts["listed"], summary.counts["fetched"]) == (10, 4), "it lists them, as they changed"
    assert world.backfill().counts["fetched"] == 4
    assert set(world.pdfs().values()) == {1} | {2}, "only what was refused is asked for again"


def test_new_rules_reach_what_a_backfill_has_left_by_the_next_night_and_it_stays_to_be_brought_by_that(
    world: World, tmp_path: Path
) -> None:
    assert world.cut(Fault("busy", path="/pdf", after=2, retry_after="7200"))
    packaged = (resources.files("extractors") / "ontology" / "screening.toml").read_text("utf-8")
    own = tmp_path / "rules.toml"
    own.write_text(re.sub(r"(?m)^(relevant|uncertain) = .*$", r"\1 = 99", packaged), "utf-8")
    usual, world.settings = world.settings, world.settings.model_copy(update={"screening_rules": own})
    first = world.night()
    with snapshot(world.engine) as opened:
        assert how_many_to_screen(opened, rules_of(world.settings).sha256) == 0
        assert overview(opened).screened == {"irrelevant": 8, "relevant": 2}
        theirs = opened.exec(
            select(ScreeningRow).where(col(ScreeningRow.run_key).startswith("backfill"))
        ).all()
        assert len(theirs) == len(OLD)
    assert (first.counts["irrelevant"], first.counts.get("fetched", 0)) == (len(NEW), 0)
    world.settings = usual
    assert world.night().counts["fetched"] == len(NEW)
    assert world.backfill().counts["fetched"] == 4


def test_what_a_backfill_came_to_its_end_without_falls_to_the_nights(world: World) -> None:
    world.arxiv.misbehave(Fault("challenge", path="/pdf", after=5))
    assert world.backfill().outcome == "partial"
    assert world.night().counts["fetched"] == 1 + len(NEW)


def test_another_backfill_takes_over_what_one_did_not_come_to(world: World) -> None:
    assert world.cut(Fault("busy", path="/pdf", after=2, retry_after="7200"))
    other = Order(since=date(2024, 3, 7), until=date(2024, 3, 20))
    assert world.backfill(other).counts["fetched"] == 4


# Going on


@pytest.mark.parametrize("pages", range(1, 3))
def test_the_same_command_goes_on_behind_the_last_page_that_was_stored(pages: int, world: World) -> None:
    assert world.cut(Fault("error-feed", path="/oai", after=pages))
    asked = len(world.arxiv.seen)
    world.backfill()
    assert len([seen for seen in world.arxiv.seen[asked:] if seen.path.startswith("/oai")]) == 3 - pages
    with pytest.raises(RepeatedRunError, match="already done"):
        world.backfill()


def test_a_backfill_that_is_sent_away_is_not_over_and_says_what_to_do(world: World) -> None:
    world.arxiv.misbehave(Fault("busy", path="/pdf", after=2, retry_after="7200"))
    with pytest.raises(BurdenError, match="Run the same command again later; it goes on where it was"):
        world.backfill()
    (unfinished,) = status_of(world.settings).backfills
    assert unfinished.startswith("backfill oai 2024-03-01 to 2024-03-20 ")
    world.clock.sleep(3 * 3600)
    asked = len(world.arxiv.seen)
    assert world.backfill().outcome == "done"
    assert status_of(world.settings).backfills == ()
    assert not [seen for seen in world.arxiv.seen[asked:] if seen.path.startswith("/oai")], "all was listed"


CUTS = st.one_of(
    st.just(None),
    st.builds(lambda n: Fault("error-feed", path="/oai", after=n), st.integers(0, 2)),
    st.builds(lambda n: Fault("busy", path="/pdf", after=n, retry_after="7200"), st.integers(0, 5)),
)
"""A whole night, or a backfill that is killed at some page or some file."""


@given(st.lists(CUTS, max_size=3))
@played(max_examples=6)
def test_nights_between_a_killed_backfill_and_its_end_come_to_what_each_comes_to_alone(
    migrated: Path, acts: list[Fault | None]
) -> None:
    with stand_in((*OLD, *NEW), as_of=NOW) as arxiv, TemporaryDirectory() as folder:
        arxiv.per_page = 2
        alone = world_in(Path(folder) / "alone", migrated, arxiv)
        alone.night()
        before = alone.watermark()
        alone.backfill()
        arxiv.seen.clear()
        mixed = world_in(Path(folder) / "mixed", migrated, arxiv)
        cuts = 0
        for act in acts:
            if act is None:
                mixed.night()
            else:
                cuts += mixed.cut(act)
        mixed.night()
        with suppress(RepeatedRunError):
            mixed.backfill()
        assert mixed.state() == alone.state()
        assert mixed.watermark() == before
        assert sum(mixed.pdfs().values()) <= len(OLD) + len(NEW) + cuts, "no file twice but one a kill"
        for one in (alone, mixed):
            one.engine.dispose()


# Once more


def test_days_that_are_done_are_asked_for_once_more_where_that_is_said(world: World) -> None:
    world.backfill()
    with pytest.raises(RepeatedRunError, match=r"already done\. Add --again"):
        world.backfill()
    late = replace(paper(7, 12), announced=datetime(2024, 4, 1, 1, tzinfo=UTC))
    world.arxiv.samples = (*OLD, late, *NEW)
    world.arxiv.misbehave(Fault("error-feed", path="/oai", after=1))
    with pytest.raises(BurdenError, match="goes on where it was"):
        world.backfill(AGAIN)
    assert status_of(world.settings).backfills[0].endswith(" (2)")
    summary = world.backfill(AGAIN)
    assert (summary.key[-4:], summary.counts["new"], summary.counts["fetched"]) == (" (2)", 1, 1)
    assert world.backfill(AGAIN).key.endswith(" (3)")
    assert set(world.pdfs().values()) == {1}, "what is here is not fetched again"


# How far it is


@pytest.mark.parametrize("tells_size", [False, True])
def test_how_much_of_the_days_is_had_is_told_by_the_list_or_by_its_days(
    world: World, tells_size: bool
) -> None:
    world.arxiv.tells_size = tells_size
    with open_backfill(world.settings, DAYS, clock=world.clock) as opened:
        (feed,) = opened.source.feeds
        shares = [page.share for page in feed.pages(opened.window)]
        run(opened, BACKFILL)
    by_days = [pytest.approx(5 / 20), pytest.approx(7 / 20), 1.0]
    assert shares == ([pytest.approx(1 / 3), pytest.approx(2 / 3), 1.0] if tells_size else by_days)
    harvest = next(phase for phase in opened.telling.phases if phase.name == "harvest")
    assert (harvest.done, harvest.total, harvest.unit) == (20, 20, "days")


def test_the_spans_of_a_query_tell_how_much_of_the_days_is_had(world: World) -> None:
    order = Order("atom", since=date(2024, 1, 1), until=date(2024, 3, 20))
    with open_backfill(world.settings, order, clock=world.clock) as opened:
        (feed,) = opened.source.feeds
        shares = [page.share for page in feed.pages(opened.window)]
    assert shares[0] == pytest.approx(31 / 80)
    assert shares[-1] == 1.0
    assert shares == sorted(shares, key=lambda share: share or 0.0)


# Twice at once


def test_the_same_backfill_twice_at_once_does_the_work_once(world: World) -> None:
    met = Barrier(2)

    def started(_: int) -> str:
        met.wait()
        try:
            return world.backfill().outcome
        except ConflictError as error:  # at work, or about to be
            return type(error).__name__

    with ThreadPoolExecutor(2) as schedule:
        found = sorted(schedule.map(started, range(2)))
    assert "done" in found
    assert len(world.pdfs()) == sum(world.pdfs().values()) == len(OLD)
    assert len([seen for seen in world.arxiv.seen if seen.path.startswith("/oai")]) == 3


@pytest.mark.parametrize("kind", ["nightly", "backfill"])
def test_a_run_that_is_at_work_is_repeated_by_none_of_its_name(kind: str, world: World) -> None:
    order = DAYS if kind == "backfill" else Order(key="nightly 2024-04-01T02:30:00")
    again = open_backfill if kind == "backfill" else open_night
    tried: list[str] = []

    def meanwhile(_: Night) -> None:
        for one, error, said in (
            (order, RepeatedRunError, "at work already"),
            (OTHER, ConflictError, "another"),
        ):
            with pytest.raises(error, match=said), again(world.settings, one, clock=world.clock):
                pass
        tried.append(kind)

    ran = world.backfill if kind == "backfill" else world.night
    ran(order, replace(BACKFILL if kind == "backfill" else NIGHT, harvest=meanwhile))
    assert tried == [kind]


def test_a_night_and_a_backfill_are_at_work_together(world: World) -> None:
    def meanwhile(night: Night) -> None:
        assert world.night().counts["fetched"] == len(NEW)
        only_fetch(night)

    assert world.backfill(do=replace(BACKFILL, read=meanwhile)).counts["fetched"] == len(OLD)
    assert set(world.pdfs().values()) == {1}


# What is asked


@pytest.mark.parametrize(
    ("order", "said"),
    [
        (Order(since=date(2024, 3, 1)), "needs its first and its last day"),
        (Order(since=date(2024, 3, 1), until=date(2024, 4, 1)), "2024-04-01 is not over"),
        (Order("folder", Path(), date(2024, 3, 1), date(2024, 3, 2)), "have no days"),
    ],
)
def test_a_backfill_without_days_that_are_over_is_refused(order: Order, said: str, world: World) -> None:
    with pytest.raises(UsageError, match=said):
        world.backfill(order)


def test_what_it_will_take_is_told_by_the_nights_so_far_or_not_at_all(world: World) -> None:
    with open_backfill(world.settings, DAYS, clock=world.clock) as opened:
        assert foresee(opened).startswith("No night has asked this source yet")
    world.night(do=replace(NIGHT, close=PLAIN.close))
    world.clock.sleep(60)
    with open_backfill(world.settings, DAYS, clock=world.clock) as opened:
        said = foresee(opened)
    assert said.startswith(
        "By the nights so far, about 11 papers, 11 of them to be read: 12 requests to arXiv"
    )


def listing(n: int, day: int) -> Listing:
    came = datetime(2024, 3, day, 12, tzinfo=UTC)
    return Listing(PaperId(f"2403.0000{n}"), 1, "", "", (), (), came, came, b"")


@dataclass(frozen=True)
class Lying:
    """A source that lists what lies there, whatever it is asked for."""

    name: str = "bulk"
    selection: str = "a folder"
    is_chosen: bool = False

    @property
    def feeds(self) -> "tuple[Lying]":
        return (self,)

    def pages(self, window: Window, token: str | None = None) -> Iterator[Page]:  # noqa: ARG002  # it lists all
        yield Page(tuple(listing(n, day) for n, day in enumerate((3, 10, 25))), is_last=True)

    def can_fetch(self, file: FileOf) -> bool:
        return file.url is not None

    def address(self, file: FileOf) -> str:
        return file.url or ""

    def fetch(self, file: FileOf) -> Fetched:
        return Fetched(self.address(file).encode())


def test_a_source_without_days_is_held_to_those_of_first_submission() -> None:
    window = Window(datetime(2024, 3, 5, tzinfo=UTC), datetime(2024, 3, 20, tzinfo=UTC))
    (page,) = Submitted(Lying()).feeds[0].pages(window)
    assert [one.paper_id for one in page.listings] == ["2403.00001"]
    assert page.is_last
