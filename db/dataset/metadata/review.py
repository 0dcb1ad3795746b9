"""What review found, as the card and the README show it: audits and agreement with intervals, or plainly that there were none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from db.agreement.agreed import Agreed
from db.agreement.coefficients import WORDS, Estimate
from db.dataset.metadata.markdown import grid
from db.dataset.metadata.markup import CLOSED, head, heading, opened, row, text
from db.dataset.quality import AuditFigure, Quality

REVIEW = "review.json"
"""The same as data."""
NO_AUDITS = (
    "No audit was decided: of the values that were published unseen nobody has checked a random sample, so that how many of them are right rests on "
    "the confidence model alone."
)
NO_AGREEMENT = (
    "No value was answered by two people, each alone, so that how far annotators agree was not measured."
)
_AGREEING = (
    "Values that two people or more answered, each alone and before anybody settled what differs. Brackets hold 95% intervals from draws of whole "
    "papers. Alpha (Krippendorff) and kappa (Cohen, of two people) count agreement beyond chance."
)
_AUDITS = ("values of", "checked", "right", "share right", "at least", "at most")
_PLACES = ("values of", "answered twice", "papers", "the same", "alpha")
_PAIRS = ("people", "answered by both", "papers", "the same", "kappa")
_Rows = Sequence[tuple[str, ...]]


def section(found: Quality) -> Iterator[str]:
    """The part of the card."""
    yield heading("review", "What review found")
    yield f"<p>{text(_audits(found))}</p>"
    yield from _table("Audits, by what the values are of", _AUDITS, _audit_rows(found.audits))
    yield f"<p>{text(_agreement(found))}</p>"
    for caption, names, rows in _agreement_tables(found):
        yield from _table(caption, names, rows)
    yield "".join(f'<p class="soft">{text(said)}</p>' for said in _words(found))


def lines(found: Quality) -> Iterator[str]:
    """The part of the README, in Markdown."""
    yield from ("## What review found", "", _audits(found), "")
    if found.audits:
        yield from (*grid(_AUDITS, _audit_rows(found.audits)), "")
    yield from (_agreement(found), "")
    for _, names, rows in _agreement_tables(found):
        yield from (*grid(names, rows), "")
    for said in _words(found):
        yield from (said, "")


def _audits(found: Quality) -> str:
    if not found.audits:
        return NO_AUDITS
    share = f"{100 * (found.audit_share or 0):g}%"
    return (
        f"A lot sent {share} of the values that were published unseen to people, whose share right is promised to be {100 * (found.promised or 0):g}% or more. "
        "Bounds hold with 90% each."
    )


def _audit_rows(audits: Sequence[AuditFigure]) -> _Rows:
    return [
        (one.family, f"{one.decided:,}", f"{one.right:,}", *map(_percent, (one.precision, one.low, one.high)))
        for one in audits
    ]


def _agreement(found: Quality) -> str:
    return _AGREEING if found.agreement else NO_AGREEMENT


def _agreement_tables(found: Quality) -> Iterator[tuple[str, Sequence[str], _Rows]]:
    everybody = [item for item in found.agreement if item.pair is None]
    pairs = [item for item in found.agreement if item.pair is not None]
    if everybody:
        yield "Agreement of all annotators", _PLACES, [_place_row(item) for item in everybody]
    if pairs:
        yield "Agreement of each two", _PAIRS, [_pair_row(item) for item in pairs]


def _place_row(item: Agreed) -> tuple[str, ...]:
    found = item.found
    return item.place, f"{found.items:,}", f"{found.papers:,}", _share(found.percent), _beyond(found.alpha)


def _pair_row(item: Agreed) -> tuple[str, ...]:
    found, names = item.found, " and ".join(item.pair or ())
    kappa = _beyond(found.kappa) if found.kappa else ""
    return names, f"{found.items:,}", f"{found.papers:,}", _share(found.percent), kappa


def _words(found: Quality) -> Iterator[str]:
    """What the words mean that stand where there is no figure or no interval."""
    used = {
        estimate.why
        for item in found.agreement
        for estimate in (item.found.percent, item.found.alpha, item.found.kappa)
        if estimate is not None and estimate.why
    }
    yield from (f"{word}: {meaning}." for word, meaning in WORDS.items() if word in used)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}%"


def _share(found: Estimate) -> str:
    return _with_interval(found, _percent)


def _beyond(found: Estimate) -> str:
    return _with_interval(found, lambda number: f"{number:.2f}")


def _with_interval(found: Estimate, shown: Callable[[float], str]) -> str:
    if found.value is None:
        return found.why
    value = shown(found.value)
    if found.low is None or found.high is None:
        return f"{value} ({found.why})" if found.why else value
    return f"{value} [{shown(found.low)}, {shown(found.high)}]"


def _table(caption: str, names: Sequence[str], rows: _Rows) -> Iterator[str]:
    if rows:
        first, *others = names
        yield opened(caption) + head((first, False), *((name, True) for name in others))
        for first, *others in rows:
            yield row((text(first), False), *((text(cell), True) for cell in others))
        yield CLOSED
