"""The part of the card that tells what was checked: what failed or was let through first, all that held below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from db.dataset.checks import Check
from db.dataset.metadata.markup import CLOSED, head, heading, opened, row, text


def outcomes(checks: Sequence[Check]) -> Iterator[str]:
    """The section on checks."""
    held = [check for check in checks if check.success]
    others = [check for check in checks if not check.success]
    yield heading("checks", "Checks before publication")
    yield f'<p>{text(_sum(checks, others))} <a href="checks.json">checks.json</a> has all that was observed.</p>'
    if others:
        yield from _table("What did not hold", others)
    yield f"<details><summary>The {len(held)} checks that hold</summary>"
    yield from _table("Checks that hold", held)
    yield "</details>"


def _sum(checks: Sequence[Check], others: Sequence[Check]) -> str:
    required = sum(check.required for check in checks)
    accepted = sum(bool(check.accepted) for check in others)
    told = len(others) - accepted
    parts = [f"{required} checks had to hold, or nothing would have been published"]
    parts.append(
        f"{accepted} of them did not, and somebody took responsibility, with a reason"
        if accepted
        else "all of them do"
    )
    parts.append(
        f"of {len(checks) - required} more, which are for people to read, {f'{told} found something' if told else 'none found anything'}"
    )
    return f"{parts[0]}; {parts[1]}. {parts[2][0].upper()}{parts[2][1:]}."


def _table(caption: str, checks: Sequence[Check]) -> Iterator[str]:
    yield opened(caption, "stacked") + head(("check", False), ("found", True), ("what it asks", False))
    for check in checks:
        said = text(check.description)
        if check.accepted:
            said += f'<br><span class="soft">Let through: {text(check.accepted)}</span>'
        if check.notes:
            said += f'<br><span class="soft">{text(check.notes)}</span>'
        yield row(
            (f"<code>{text(check.name)}</code>", False), (text(f"{check.observed:,g}"), True), (said, False)
        )
    yield CLOSED
