"""Review in simulation: what a look is worth in the order of the queue, against looks at random.

Annotators are played by the labels: they confirm a value that the labels have, reject one that they do not, and correct
nothing. Each paper is routed and queued by a confidence model that had not seen it. After so many looks a paper, the
scorer says how much of what the labels have is published.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from benchmarks import strangers
from benchmarks.adjudicated import adjudicated
from benchmarks.corpus import Corpus, Json, readings
from benchmarks.unseen import FIELDS, with_strangers
from db.worth import Wait, places
from extractors.confidence import Model, score
from extractors.facts.fields import field_of
from extractors.facts.ids import CellKey, EntityId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name
from extractors.guide import to_guide
from extractors.labels import Labels
from extractors.promise import Promise, route

LOOKS = (0, 1, 2, 5, 10, 20)
"""At each paper."""
_SEEDS = 5
_THEN = datetime(2026, 1, 1, tzinfo=UTC)
_EVERYTHING = 10**6


@dataclass(frozen=True, slots=True)
class Case:
    """A paper with what the machine publishes of it unseen, and what it asks about, in order."""

    file: str
    reading: Reading
    model: Model
    published: frozenset[CellKey]
    queue: tuple[CellKey, ...]
    right: Mapping[CellKey, bool | None]


def report(corpus: Corpus) -> None:
    """Print the length of the queue, and recall by looks in the queue's order and at random."""
    cases = list(_cases(corpus))
    waiting = sorted(len(case.queue) for case in cases)
    print(
        f"{sum(waiting) / len(cases):.1f} values a paper wait for a look, half of the papers have {waiting[len(waiting) // 2]} or fewer"
    )
    print(f"{'looks a paper':24}" + "".join(f"{field:>16}" for field in FIELDS))
    for looks in LOOKS:
        _line(f"{looks}, by the queue", [_recall(corpus, cases, looks, lambda case: case.queue)])
        if looks:
            _line(
                f"{looks}, at random",
                [_recall(corpus, cases, looks, _shuffled(seed)) for seed in range(_SEEDS)],
            )
    _line("everything", [_recall(corpus, cases, _EVERYTHING, lambda case: case.queue)])


def _line(name: str, recalls: Sequence[Mapping[str, float]]) -> None:
    means = (sum(found[field] for found in recalls) / len(recalls) for field in FIELDS)
    print(f"{name:24}" + "".join(f"{mean:16.3f}" for mean in means))


def _cases(corpus: Corpus) -> Iterator[Case]:
    labels = adjudicated(corpus.labels())
    invented = strangers.known_rows()
    for file, reading, model in with_strangers(dict(readings(corpus)), labels, invented):
        yield _case(file, reading, labels[file], model)


def _case(file: str, reading: Reading, labels: Labels, model: Model) -> Case:
    facts = [item for item in reading.proposals if field_of(item.cell).use == "fact"]
    sure = {item.cell: score(item, model) for item in facts}
    goes = {cell: route(field_of(cell).path, p, model, Promise()) for cell, p in sure.items()}
    waits = [Wait(cell, "uncertain", sure[cell], _THEN) for cell in sure if goes[cell] == "queued"]
    place = places(waits, _identities(reading.proposals))
    return Case(
        file,
        reading,
        model,
        frozenset(cell for cell, to in goes.items() if to == "accepted"),
        tuple(sorted(place, key=lambda cell: (place[cell].own, cell))),
        {item.cell: labels.right(item, reading) for item in facts},
    )


def _identities(proposals: Sequence[Proposal]) -> dict[EntityId, dict[str, str]]:
    found: dict[EntityId, dict[str, str]] = {}
    for item in proposals:
        if field_of(item.cell).use == "identity" and isinstance(item.value, Name):
            found.setdefault(item.cell.entity, {})[item.cell.field] = item.value.id
    return found


def _shuffled(seed: int) -> Callable[[Case], Sequence[CellKey]]:
    def order(case: Case) -> Sequence[CellKey]:
        mixed = list(case.queue)
        random.Random(f"{seed} {case.file}").shuffle(mixed)
        return mixed

    return order


def _recall(
    corpus: Corpus, cases: Sequence[Case], looks: int, order: Callable[[Case], Sequence[CellKey]]
) -> dict[str, float]:
    predicted = {case.file: _published(case, set(order(case)[:looks])) for case in cases}
    found, _ = corpus.scorer().score(corpus.gold(), predicted)
    return {field: found[field]["recall"] or 0.0 for field in FIELDS}


def _published(case: Case, looked_at: set[CellKey]) -> Json:
    """The paper as a release would have it after these looks."""
    confirmed = {cell for cell in looked_at if case.right[cell] is not False}
    kept = [
        item
        for item in case.reading.proposals
        if field_of(item.cell).use == "identity" or item.cell in case.published | confirmed
    ]
    return to_guide(
        replace(case.reading, proposals=tuple(kept)), case.file, case.model, Promise(), rejected=True
    )
