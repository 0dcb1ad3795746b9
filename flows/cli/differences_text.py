"""What another reading would change, as text of at most 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import get_args

from annotation.safe_text import cut, safe
from annotation.values import brief
from db.differences import Differences, Kind, OfField, kind_of
from db.refresh import Change

_WIDTH = 80
_KINDS: tuple[Kind, ...] = get_args(Kind)
_NAMED = 10
"""Papers of a list that are named."""


def rendered(
    found: Differences, extractor: str, *, missing: Sequence[str] = (), unreadable: Sequence[str] = ()
) -> str:
    """The differences for a person: by field, then what readers and reviewers would notice, then what is lost.

    Args:
        found: the differences.
        extractor: who read now.
        missing: versions whose bytes are not there.
        unreadable: versions that could not be read.
    """
    lines = [f"By {extractor}, {found.changed_papers:,} of {found.papers:,} papers would change."]
    if found.fields:
        lines += ["", *_table(found)]
    lines += ["", *_published(found), *_reviewed(found)]
    lines += _named("Without their file", missing)
    lines += _named("Cannot be read, and stay as they are", unreadable)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _table(found: Differences) -> Iterator[str]:
    width = max(len(path) for path, _ in found.ordered)
    yield f"{'':<{width}} {''.join(f'{kind:>9}' for kind in _KINDS)}  by (median)"
    for path, of in found.ordered:
        numbers = "".join(f"{of.counts[kind] or '':>9}" for kind in _KINDS)
        yield f"{path:<{width}} {numbers}  {_by(of)}"
    if any(of.counts["moved"] for _, of in found.ordered):
        yield "moved: the same value, published where it was not, or not where it was"


def _by(of: OfField) -> str:
    """Up to twofold as a share, beyond that as a factor."""
    return "" if of.shift is None else f"{of.shift:.1%}" if of.shift <= 1 else f"x {of.shift + 1:,.3g}"


def _published(found: Differences) -> Iterator[str]:
    published = found.published
    yield f"Published cells: {published.number:,} would change or go, {found.newly_published:,} would come."
    for change in published.first:
        yield from _change(change)
    if published.number > len(published.first):
        yield f"  and {published.number - len(published.first):,} more; --json lists all"


def _change(change: Change) -> Iterator[str]:
    """The cell, and beneath it from what to what."""
    before, after, name = change.before, change.after, change.after.key.field
    yield cut(f"  {safe(change.after.key)}", _WIDTH)
    was = brief(before.value, name) if before else ""
    now = "gone" if kind_of(change) == "gone" else brief(after.value, name)
    if kind_of(change) == "moved":
        now = after.status
    yield cut(f"    {safe(was)} → {safe(now)}", _WIDTH)


def _reviewed(found: Differences) -> Iterator[str]:
    if found.overwritten:
        yield f"Reviewed cells: {found.overwritten:,} WOULD BE OVERWRITTEN; their papers will be refused."
        return
    again = f"; people would be asked again about {found.reopened:,}:" if found.reopened else "."
    yield f"Reviewed cells: no value is overwritten{again}"
    for key in found.asked_again:
        yield cut(f"  {safe(key)}", _WIDTH)
    if found.reopened > len(found.asked_again):
        yield f"  and {found.reopened - len(found.asked_again):,} more"


def _named(what: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return wrap(f"{what} ({len(names):,}): {', '.join(map(safe, names[:_NAMED]))}{more}.", _WIDTH)
