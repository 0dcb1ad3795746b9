"""Letting a check fail once, for which somebody takes responsibility with a reason that the release keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from db.dataset.checks import Check
from extractors.facts.errors import UsageError


def accept(checks: Iterable[Check], accepted: Mapping[str, str]) -> tuple[Check, ...]:
    """The checks, with those that failed and that somebody takes responsibility for marked so.

    Args:
        checks: the outcomes.
        accepted: the reason for each check that may fail this once, by its name.

    Raises:
        UsageError: there is no such check, it may never fail, or no reason is given.
    """
    found = tuple(checks)
    known = {check.name: check for check in found}
    for name, reason in accepted.items():
        check = known.get(name)
        if check is None or not check.acceptable:
            may = ", ".join(sorted(check.name for check in found if check.acceptable))
            what = f"there is no check {name!r}" if check is None else f"{name} may never fail"
            raise UsageError(what, remedy=f"These may be accepted: {may}")
        if not reason.strip():
            raise UsageError(f"{name} is accepted for a reason", remedy="Say why with --reason")
    return tuple(
        replace(check, accepted=accepted[check.name].strip())
        if check.name in accepted and not check.success
        else check
        for check in found
    )
