"""The step that decides which papers to read: by the packaged rules, or those that the settings name, batch by batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlmodel import Session

from db.engine import session, snapshot
from db.papers import ALL, Share
from db.runs import BACKFILL
from db.screenings import BATCH, Due, how_many_to_screen, keep_rules, record_decisions, to_screen
from extractors.screening import WANTED, Rules
from extractors.screening import screen as screening_of
from flows.night import Night
from flows.screening_rules import rules_of


def screen(night: Night) -> None:
    """Decide by title, abstract and categories which papers to read: new versions, those whose listing changed, and all after a change of rules.

    A paper that comes in now is fetched by this night; one that was read is not dropped (`db.screenings`). Where a backfill has not come to
    its end, its papers are decided about too, and stay its own to bring.
    """
    rules, share = rules_of(night.settings), night.share if night.kind == BACKFILL else ALL
    with snapshot(night.engine) as opened:
        left = how_many_to_screen(opened, rules.sha256, share)
    with night.telling.phase("screen", left) as phase:
        decided: Counter[str] = Counter()
        # no more than there were: a backfill at work by other rules may make its papers due again at once
        while left > 0 and (due := _screen_some(night, rules, share, decided)):
            left -= len(due)
            for _ in due:
                phase.step()
            phase.result = _told(decided)
        night.counts.update(decided)
        phase.result = _told(night.counts)


def _screen_some(night: Night, rules: Rules, share: Share, decided: Counter[str]) -> Sequence[Due]:
    """Decide about some papers in one transaction, and count those of this run; nothing where none is left."""
    with session(night.engine) as opened:
        due = to_screen(opened, rules.sha256, share=share)
        counted = _decided(opened, night, rules, due)
    decided += counted
    for one in due:
        if one.backfill in {None, night.key}:
            night.take_up((one.paper_id, one.version), "screened")
    return due


def screen_page(opened: Session, night: Night, rules: Rules, papers: Collection[str]) -> None:
    """Decide about papers in the transaction that stores them, so that they are this run's from then on, whosever they were."""
    ordered = sorted(papers)
    for start in range(0, len(ordered), BATCH):
        due = to_screen(opened, rules.sha256, papers=ordered[start : start + BATCH])
        own = [replace(one, backfill=None) for one in due]
        night.counts.update(_decided(opened, night, rules, own))


def _decided(opened: Session, night: Night, rules: Rules, due: Sequence[Due]) -> Counter[str]:
    now = night.clock.now()
    if due:
        keep_rules(opened, rules, now)
    found = [(one, screening_of(one.metadata, rules)) for one in due]
    decided = record_decisions(opened, found, rules, now, night.key)
    return Counter(decided[one.paper_id] for one in due if one.backfill in {None, night.key})


def _told(decided: Counter[str]) -> str:
    wanted = sum(decided[decision] for decision in WANTED)
    return f"{wanted} to read, {decided['uncertain']} of them uncertain, {decided['irrelevant']} not"
