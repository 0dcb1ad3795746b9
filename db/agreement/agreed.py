"""How far annotators agree: everybody, then each two of them, over all, by family and by field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations

from sqlmodel import Session, col, func, select

from db.agreement.answers import Question, read_log
from db.agreement.coefficients import Agreement, Draws, Estimate, Item, agreement
from db.agreement.places import place_order, places_of
from db.dossier import entry_of
from db.tables import EventRow

Json = dict[str, object]
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Agreed:
    """The agreement of everybody, or of two people, in one place."""

    place: str
    """`all`, a family or a field's path."""
    pair: Pair | None
    """None: of everybody."""
    found: Agreement


def agreed(
    questions: Sequence[Question], wanted: Callable[[str, Pair | None], bool] = lambda _place, _pair: True
) -> Iterator[Agreed]:
    """The agreement in each place, of everybody first, then of each pair.

    Args:
        questions: what was asked and answered; what one person alone answered does not count.
        wanted: whether a place is asked for, of everybody or of a pair: each takes its time.
    """
    twice = [question for question in questions if len(question.said) > 1]
    groups: defaultdict[tuple[str, Pair | None], list[Item]] = defaultdict(list)
    for question in twice:
        item = Item(question.key.entity.paper, question.field.path, question.said)
        for place in places_of(question.field):
            if wanted(place, None):
                groups[place, None].append(item)
            for two in combinations(sorted(question.said), 2):
                if wanted(place, two):
                    groups[place, two].append(item.of(two))
    draws = Draws.of(question.key.entity.paper for question in twice)
    for place, pair in sorted(groups, key=lambda key: (key[1] or (), place_order(key[0]))):
        yield Agreed(place, pair, agreement(groups[place, pair], draws, pair))


def answered_twice(opened: Session) -> tuple[Question, ...]:
    """The questions that two people or more answered, each in a slot of their own; other entries of the log are not read.

    What was said of another paper and is said again of this one is no answer: nobody looked twice.
    """
    several = (
        select(EventRow.entity_id, EventRow.field)
        .where(col(EventRow.slot).is_not(None), col(EventRow.field).is_not(None))
        .group_by(EventRow.entity_id, EventRow.field)  # type: ignore[arg-type]  # SQLModel has no type for columns of a class
        .having(func.count(func.distinct(EventRow.slot)) > 1)
        .subquery()
    )
    query = select(EventRow).join(
        several, (col(EventRow.entity_id) == several.c.entity_id) & (col(EventRow.field) == several.c.field)
    )
    entries = map(entry_of, opened.exec(query))
    log = read_log(entry for entry in entries if not entry.envelope.is_repeated)
    return tuple(question for question in log.questions() if len(question.said) > 1)


def agreed_json(item: Agreed) -> Json:
    """As plain JSON; figures rounded to four places, so that the same log gives the same bytes."""
    found = item.found
    return {
        "place": item.place,
        "pair": list(item.pair) if item.pair else None,
        "items": found.items,
        "papers": found.papers,
        "percent": estimate_json(found.percent),
        "kappa": estimate_json(found.kappa) if found.kappa else None,
        "alpha": estimate_json(found.alpha),
    }


def estimate_json(found: Estimate) -> Json:
    """A figure as plain JSON."""
    return rounded(asdict(found))


def rounded(found: Json) -> Json:
    """What has numbers, with them rounded to four places."""
    return {name: round(item, 4) if isinstance(item, float) else item for name, item in found.items()}
