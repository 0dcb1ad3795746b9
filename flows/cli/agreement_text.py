"""The report on agreement as tables of 80 columns. What strangers and annotators wrote does not steer the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.table import Table

from annotation.agreement.corrections import Correction
from annotation.agreement.report import Report, corrected_by_field
from annotation.safe_text import safe
from annotation.values import show
from db.agreement.agreed import Agreed, Pair
from db.agreement.coefficients import WORDS, Agreement, Estimate
from db.agreement.places import ALL
from extractors.facts.fields import FIELDS, field_of

_NAME = 20
"""Columns that a person's name has at most."""


def told(report: Report) -> Iterator[str | Table]:
    """The report, part by part."""
    yield _head(report)
    yield from _agreement(report)
    yield from _rulings(report)
    yield from _corrected(report)
    yield from _pace(report)
    if report.wanted.person is None:
        yield from _precision(report)


def _head(report: Report) -> str:
    wanted = report.wanted
    narrowed = [f"as {safe(wanted.person)}"] * bool(wanted.person)
    narrowed += [f"since {wanted.since:%Y-%m-%d}"] if wanted.since else []
    narrowed += [f"{len(wanted.fields)} of {len(FIELDS)} fields"] * bool(wanted.fields)
    people = f"{report.answers:,} answers of {len(report.people):,} people"
    part = f" ({', '.join(narrowed)})" if narrowed else ""
    return f"{people}{part}."


# Who agrees


def _agreement(report: Report) -> Iterator[str | Table]:
    yield "\nAGREEMENT, before adjudication"
    if not report.agreed:
        yield "Nothing was answered by two people, each alone, so there is none to measure."
        return
    for pair, found in groupby(report.agreed, key=lambda item: item.pair):
        listed = list(found)
        if pair is not None:
            yield f"\n{_pair_name(pair)}"
        yield _agreement_table(listed, pair)
    yield from _words(report.agreed)


def _pair_name(pair: Pair) -> str:
    return " and ".join(safe(name) for name in pair)


def _agreement_table(found: Sequence[Agreed], pair: Pair | None) -> Table:
    if pair is None:
        table = _table("", "items", "papers", "the same", "alpha", numbers=(1, 2))
    else:  # so narrow that kappa and alpha fit beside each other
        table = _table("", "items", "the same", "kappa", "alpha", numbers=(1,), gap=1)
    for item in found:
        one = item.found
        second = _coefficient(one.kappa) if one.kappa else None
        sizes = [f"{one.items:,}", *([f"{one.papers:,}"] if pair is None else [])]
        table.add_row(
            _indented(item.place),
            *sizes,
            _share(one.percent),
            *([second] if second is not None else []),
            _coefficient(one.alpha),
        )
    return table


def _words(found: Sequence[Agreed]) -> Iterator[str]:
    used = {figure.why for item in found for figure in _figures(item.found)}
    lines = [f"{word}: {meaning}" for word, meaning in WORDS.items() if word in used]
    yield "\n" + "\n".join(["In brackets: 95% intervals, papers drawn with replacement.", *lines])


def _figures(found: Agreement) -> list[Estimate]:
    return [found.percent, found.alpha, *([found.kappa] if found.kappa else [])]


def _share(found: Estimate) -> str:
    value = f"{100 * (found.value or 0):.0f}%"
    if found.low is None or found.high is None:
        return value
    return f"{value} [{100 * found.low:.0f}, {100 * found.high:.0f}]"


def _coefficient(found: Estimate) -> str:
    if found.value is None:
        return found.why
    if found.low is None or found.high is None:
        return f"{found.value:.2f} {found.why}"
    return f"{found.value:.2f} [{found.low:.2f}, {found.high:.2f}]"


# Who was right


def _rulings(report: Report) -> Iterator[str | Table]:
    if not report.rulings:
        return
    yield "\nADJUDICATIONS"
    table = _table("", "number", "upheld one side", "neither", "both", numbers=(1, 2, 3, 4))
    for item in report.rulings:
        counts = (item.number, item.upheld_one, item.upheld_none, item.upheld_all)
        table.add_row(_indented(item.place), *(f"{count:,}" for count in counts))
    yield table
    yield "\n" + "\n".join(
        f"{safe(item.person)}: upheld in {item.upheld:,} of {item.number:,}" for item in report.upheld
    )


def _corrected(report: Report) -> Iterator[str | Table]:
    if report.wanted.person is not None:
        yield f"\nHOW {safe(report.wanted.person)} WAS CORRECTED"
    else:
        yield "\nCORRECTED: answers that are not what stands now, by another's word"
    if not report.corrections:
        yield "Nobody's answer was." if report.wanted.person is None else "No answer was."
        return
    if report.wanted.person is not None:
        yield "\n".join(line for item in report.corrections for line in _correction(item))
        yield ""
    yield _corrected_table(report)


def _correction(item: Correction) -> Iterator[str]:
    yield f"  {safe(item.key)}"
    yield f"      said {safe(show(item.said))}, on {item.said_at:%Y-%m-%d}"
    stands = "there is no such thing" if item.how == "no such entity" else safe(show(item.stands))
    yield f"      now  {stands}"
    reason = f": “{safe(item.reason)}”" if item.reason else ", without a reason"
    yield f"      {_how(item)} {safe(item.by)} ({item.by_kind}), {item.at:%Y-%m-%d}{reason}"


def _how(item: Correction) -> str:
    return "adjudicated by" if item.how == "adjudicated" else "decided by"


def _corrected_table(report: Report) -> Table:
    counted = Counter((item.person, field_of(item.key).path) for item in report.corrections)
    table = _table("", "person", "answers", numbers=(2,))
    for path in corrected_by_field(report):
        for person in sorted(person for person, of in counted if of == path):
            table.add_row(path, _short(person), f"{counted[person, path]:,}")
    return table


# How quick, how right


def _pace(report: Report) -> Iterator[str | Table]:
    found = [item for item in report.pace if item.person is None or item.place == ALL]
    if report.wanted.person is not None:
        found = list(report.pace)
    if not found:
        return
    yield "\nSECONDS AN ITEM"
    table = _table("", "person", "items", "median", "quartiles", "items/hour", numbers=(2, 3, 4, 5))
    for item in found:
        table.add_row(
            _indented(item.place),
            "everybody" if item.person is None else _short(item.person),
            f"{item.items:,}",
            f"{item.median:.1f}",
            f"{item.lower_quartile:.1f} to {item.upper_quartile:.1f}",
            "" if item.per_hour is None else f"{item.per_hour:,.0f}",
        )
    yield table


def _precision(report: Report) -> Iterator[str | Table]:
    if not report.precision:
        return
    yield "\nTHE MACHINE: proposed values that people left as they were"
    table = _table("", "from", "version", "items", "left", "share", numbers=(3, 4))
    for item in report.precision:
        version = "all" if item.extractor is None else _short(item.extractor)
        table.add_row(
            _indented(item.place),
            item.source,
            version,
            f"{item.items:,}",
            f"{item.kept:,}",
            _share(item.share),
        )
    yield table
    lines = ["Audits are a random sample of what is published unseen; the queue is what was doubted."] + [
        f"Items of which people still disagree are left out: {report.unsettled:,}."
    ] * bool(report.unsettled)
    yield "\n" + "\n".join(lines)


def _table(*columns: str, numbers: Sequence[int], gap: int = 2) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, gap, 0, 0))
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place in numbers else "left")
    return table


def _indented(place: str) -> str:
    return f"  {place}" if place in FIELDS else place


def _short(name: str) -> str:
    text = safe(name)
    return text if len(text) <= _NAME else text[: _NAME - 1] + "…"
