"""The step that stores what a source lists, page by page: nothing is lost when it is killed, and nothing believed lightly.

A page, the token that leads behind it and everything else it changes are stored in one transaction, so that the next
night goes on behind the last page that was stored. A watermark is the source's own time when the harvest began, and moves with
the last page. What a source is asked is in `flows.sources`; nothing here knows Prefect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from db.engine import session, snapshot
from db.harvests import Unfinished, move_watermark, note_unfinished, reached
from db.papers import record_listings, record_withdrawals, take_over
from db.runs import BACKFILL
from db.screenings import record_screening
from extractors.facts.errors import SilentSourceError, SourceError
from extractors.facts.ids import PaperId
from extractors.screening import Rules
from flows.night import Night
from flows.progress import Phase
from flows.screening import screen_page
from flows.screening_rules import rules_of
from flows.sources import Feed, Page, Window

_SATURDAY = 5
_CLOCKS_DIFFER = timedelta(days=1)
"""How far a source's clock may be before ours; a watermark in the future would pass over papers."""


@dataclass(slots=True)
class _Harvest:
    """One feed at work."""

    feed: Feed
    window: Window
    left: Unfinished | None
    """Where the last run left it, if that was in this very window."""
    rules: Rules
    """By which a backfill screens what it lists."""
    began_at: datetime | None = None
    """What time the source said it was when the window began."""
    brought: bool = False
    """Whether anything came, tonight or before the harvest was left."""
    is_over: bool = False
    """Whether the window was harvested to its end before; only of backfills, whose windows do not move."""

    @property
    def until(self) -> datetime | None:
        """The window's end; None where it is open."""
        return None if self.window.is_open else self.window.until


def harvest(night: Night) -> None:
    """Store what the source lists, page by page and feed by feed; a watermark moves with its feed's last page.

    A source that wants to be left alone, or fails, is left alone for the night; what is here already can still be read. The
    pages before are kept, and where it goes on.

    Raises:
        SilentSourceError: no papers on days that should have some.
    """
    with night.telling.phase("harvest") as phase:
        rules = rules_of(night.settings)
        works = [_begun(night, feed, rules) for feed in night.source.feeds]
        try:
            _store_feeds(night, works, phase)
        except SourceError as error:
            night.feed_error = type(error).__name__
            night.send_away(error)
            return
        if not any(work.brought for work in works) and _expects_papers(night):
            raise SilentSourceError(
                "no papers came where some should have",
                where=f"{night.source.name}: {' '.join(work.feed.selection for work in works)}, {night.window}",
                remedy="Check the source, the categories and the dates",
            )


def _store_feeds(night: Night, works: Sequence[_Harvest], phase: Phase) -> None:
    seen = set[PaperId]()
    days = max((work.window.days for work in works), default=0)
    for number, work in ((number, work) for number, work in enumerate(works) if not work.is_over):
        for page in work.feed.pages(work.window, work.left.token if work.left else None):
            _store_page(night, work, page)
            seen |= {listing.paper_id for listing in page.listings}
            night.counts["listed"] = len(seen)
            phase.result = _brought(night)
            if page.share is not None:
                phase.unit = "days"
                phase.reach(int((number + page.share) * days), len(works) * days)
            elif phase.total is None:
                phase.step()


def _begun(night: Night, feed: Feed, rules: Rules) -> _Harvest:
    """The harvest of a feed, from where it was left; a token of another window is not used."""
    work = _Harvest(feed, night.windows[feed.selection], None, rules)
    with snapshot(night.engine) as opened:
        known = reached(opened, *night.ledger(feed.selection))
    if night.kind == BACKFILL and known.watermark is not None:
        work.is_over = work.brought = True
    left = known.unfinished
    if left is not None and (left.since, left.until) == (work.window.since, work.until):
        work.left, work.began_at, work.brought = left, left.began_at, True
        night.is_resumed = True
    return work


def _store_page(night: Night, work: _Harvest, page: Page) -> None:
    """A page with all that it changes, in one transaction."""
    now = night.clock.now()
    work.began_at = page.told_at if page.is_first else work.began_at
    work.brought |= bool(page.listings or page.withdrawn)
    with session(night.engine) as opened:
        found = record_listings(opened, night.source.name, page.listings, now)
        withdrawn = record_withdrawals(opened, page.withdrawn, page.standing)
        if night.source.is_chosen:
            _choose(opened, night, page)
        if night.kind == BACKFILL:
            _claim(opened, night, work, page)
        if page.is_last and work.brought:
            _move_watermark(opened, night, work)
        else:
            _note_where(opened, night, work, page.token)
    for version in found.added:
        night.take_up(version, "identified")
    night.counts.update(new=found.new, revised=found.revised, relisted=found.relisted, withdrawn=withdrawn)
    night.known += found.known
    for remark in page.remarks:
        night.telling.note(remark)
    night.counts["listing problems"] += len(page.problems)
    night.notes += page.problems


def _choose(opened: Session, night: Night, page: Page) -> None:
    """What a person chose is read, whatever screening would say."""
    for listing in page.listings:
        record_screening(
            opened,
            listing.paper_id,
            listing.version,
            stage="listing",
            decision="relevant",
            domains=(),
            reason="Chosen by the operator.",
            at=night.clock.now(),
            run_key=night.key,
        )


def _claim(opened: Session, night: Night, work: _Harvest, page: Page) -> None:
    """Screen what a backfill lists at once, for who screened a paper brings and reads it: a night leaves such papers alone."""
    papers = {listing.paper_id for listing in page.listings}
    screen_page(opened, night, work.rules, papers)
    take_over(opened, papers, night.key)


def _note_where(opened: Session, night: Night, work: _Harvest, token: str | None) -> None:
    left = Unfinished(token, work.window.since, work.until, work.began_at) if token else None
    note_unfinished(opened, *night.ledger(work.feed.selection), left, night.clock.now())


def _move_watermark(opened: Session, night: Night, work: _Harvest) -> None:
    """Move it to when the harvest began, by the source's own clock, or to the window's end if that was before.

    Not where that would leave days between that nobody asked for, and not where one of the clocks must be wrong.
    """
    now, ledger = night.clock.now(), night.ledger(work.feed.selection)
    to = min(work.began_at or now, work.until or datetime.max.replace(tzinfo=UTC))
    known = reached(opened, *ledger).watermark
    if to > now + _CLOCKS_DIFFER:
        night.notes.append(
            f"{night.source.name} says that it is {to:%Y-%m-%d %H:%M} and our clock says {now:%Y-%m-%d %H:%M}: "
            f"the watermark of {work.feed.selection} stays until they agree."
        )
    elif known is None or work.window.since <= known:
        move_watermark(opened, *ledger, to, now)
        return
    _note_where(opened, night, work, None)


def _brought(night: Night) -> str:
    told = [f"{night.counts[name]} {name}" for name in ("listed", "new", "revised")]
    return ", ".join(told + [f"{night.counts['withdrawn']} withdrawn"] * (night.counts["withdrawn"] > 0))


def _expects_papers(night: Night) -> bool:
    """A chosen folder should hold something, and arXiv brings papers on every day that is not a weekend."""
    if night.source.is_chosen:
        return True
    days = (night.window.until - night.window.since) // timedelta(days=1) + 1
    return any((night.window.since + timedelta(days=n)).weekday() < _SATURDAY for n in range(min(days, 7)))
