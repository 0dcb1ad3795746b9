"""The step that decides which papers to read: by the packaged rules, or those that the settings name, batch by batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from sqlmodel import Session

from db.engine import session, snapshot
from db.screenings import BATCH, Due, how_many_to_screen, keep_rules, record_decisions, to_screen
from extractors.screening import WANTED, Rules
from extractors.screening import screen as screening_of
from flows.night import Night
from flows.screening_rules import rules_of


def screen(night: Night) -> None:
    """Decide by title, abstract and categories which papers to read: new versions, those whose listing changed, and all after a change of rules.

    A paper that comes in now is fetched by this night; one that was read is not dropped (`db.screenings`).
    """
    rules = rules_of(night.settings)
    with snapshot(night.engine) as opened:
        number = how_many_to_screen(opened, rules.sha256, night.share)
    with night.telling.phase("screen", number) as phase:
        decided: Counter[str] = Counter()
        while True:
            batch = _screen_some(night, rules)
            if not batch:
                break
            decided += batch
            for _ in range(batch.total()):
                phase.step()
            phase.result = _told(decided)
        night.counts.update(decided)
        phase.result = _told(night.counts)


def _screen_some(night: Night, rules: Rules) -> Counter[str]:
    """Decide about some papers in one transaction; nothing where none is left."""
    with session(night.engine) as opened:
        due = to_screen(opened, rules.sha256, share=night.share)
        decided = _decided(opened, night, rules, due)
    for one in due:
        night.take_up((one.paper_id, one.version), "screened")
    return decided


def screen_page(opened: Session, night: Night, rules: Rules, papers: Collection[str]) -> None:
    """Decide about papers in the transaction that stores them, so that they are this run's from then on."""
    ordered = sorted(papers)
    for start in range(0, len(ordered), BATCH):
        due = to_screen(opened, rules.sha256, papers=ordered[start : start + BATCH])
        night.counts.update(_decided(opened, night, rules, due))


def _decided(opened: Session, night: Night, rules: Rules, due: Sequence[Due]) -> Counter[str]:
    now = night.clock.now()
    if due:
        keep_rules(opened, rules, now)
    found = [(one, screening_of(one.metadata, rules)) for one in due]
    return Counter(record_decisions(opened, found, rules, now, night.key).values())


def _told(decided: Counter[str]) -> str:
    wanted = sum(decided[decision] for decision in WANTED)
    return f"{wanted} to read, {decided['uncertain']} of them uncertain, {decided['irrelevant']} not"
