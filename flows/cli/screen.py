"""`burden screen`: why a paper is read or left out, by the rules of screening; and the papers that were left out."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.paper import paper_id
from flows.cli.queue import open_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from db.screenings import Screened
    from extractors.facts.ids import PaperId
    from extractors.screening import Reason, Rules, Screening

Json = dict[str, object]
_WIDTH = 80
_POINTS = 6
"""Columns for points."""


def screen(
    id: Annotated[
        str | None, typer.Argument(metavar="ID", help="A paper of the database, as 2007.05558.")
    ] = None,
    title: Annotated[str, typer.Option(help="A title to screen instead.")] = "",
    text: Annotated[str, typer.Option(help="An abstract to screen instead.")] = "",
    category: Annotated[
        list[str] | None,
        typer.Option(metavar="CATEGORY", help="Where it is listed, as cs.CV; may be repeated."),
    ] = None,
    left_out: Annotated[
        bool,
        typer.Option("--left-out", help="The papers that were left out, the nearest to the border first."),
    ] = False,
    find: Annotated[
        str,
        typer.Option(
            metavar="WORDS", help="Of these, only those with all of the words in title or abstract."
        ),
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many of them.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")] = False,
) -> None:
    """Tell why a paper is read or left out, with its score; or list what was left out."""
    from extractors.facts.errors import UsageError

    asked = [id is not None, bool(title or text), left_out or bool(find)]
    if sum(asked) != 1:
        raise UsageError(
            "one of three things can be screened", remedy="Give an ID, or --title and --text, or --left-out"
        )
    if id is not None:
        found, lines = _of_paper(paper_id(id))
    elif title or text:
        found, lines = _of_text(title, text, tuple(category or ()))
    else:
        found, lines = _left_out(find.split(), limit)
    said = json.dumps(found, indent=2, ensure_ascii=False) if as_json else "\n".join(lines)
    sys.stdout.write(f"{said}\n")


Told = tuple[Json, list[str]]
"""For scripts, and as lines for people."""


def _of_paper(id: PaperId) -> Told:
    """What was decided of a paper, and what the rules of now say, where that is something else."""
    from db.engine import snapshot
    from db.screenings import metadata_of, screened
    from extractors.facts.errors import UsageError
    from extractors.screening import screen as by_rules

    rules, engine = _rules(), open_data()
    with snapshot(engine) as opened:
        metadata, kept = metadata_of(opened, id), screened(opened, id)
    engine.dispose()
    if metadata is None:
        raise UsageError(f"there is no paper {id}", remedy="Bring it in with burden add")
    now = by_rules(metadata, rules)
    found: Json = {
        "paper": id,
        "title": metadata.title,
        "decided": _kept_object(kept) if kept else None,
        "now": _object(now, rules),
    }
    return found, [*_headed(id, metadata.title), *_kept_lines(kept), *_now_lines(kept, now, rules)]


def _of_text(title: str, text: str, categories: tuple[str, ...]) -> Told:
    from extractors.screening import Metadata
    from extractors.screening import screen as by_rules

    rules = _rules()
    found = by_rules(Metadata(title, text, categories), rules)
    return _object(found, rules), [*_outcome(found, rules), *_reason_lines(found.reasons)]


def _left_out(words: Sequence[str], limit: int) -> Told:
    from annotation.safe_text import wrapped
    from db.engine import snapshot
    from db.screenings import left_out

    engine = open_data()
    with snapshot(engine) as opened:
        found = left_out(opened, words, limit)
    engine.dispose()
    lines = []
    for paper in found:
        score = "" if paper.score is None else f"{paper.score:g}"
        lines += [f"{score:>{_POINTS}}  {paper.paper_id}v{paper.version}  {paper.reason}"]
        lines += wrapped(paper.title, _WIDTH, indent=" " * (_POINTS + 2), most=2)
    return {"left_out": [_kept_object(paper) for paper in found]}, lines or ["No such paper was left out."]


def _rules() -> Rules:
    from flows.screening_rules import rules_of
    from flows.settings import load_settings

    return rules_of(load_settings())


# For scripts


def _object(found: Screening, rules: Rules) -> Json:
    return {
        "decision": found.decision,
        "score": found.score,
        "reason": found.reason,
        "reasons": _reason_objects(found.reasons),
        "domains": list(found.domains),
        "rules": rules.sha256,
    }


def _kept_object(kept: Screened) -> Json:
    return {
        "paper": kept.paper_id,
        "version": kept.version,
        "title": kept.title,
        "decision": kept.decision,
        "score": kept.score,
        "reason": kept.reason,
        "reasons": _reason_objects(kept.reasons),
        "domains": list(kept.domains),
        "rules": kept.rules,
        "decided_at": kept.decided_at.isoformat(),
    }


def _reason_objects(reasons: Sequence[Reason]) -> list[Json]:
    return [
        {"rule": one.rule, "points": one.points, "text": one.text, "found": list(one.found)}
        for one in reasons
    ]


# For people


def _headed(id: PaperId, title: str) -> Iterator[str]:
    from annotation.safe_text import wrapped

    yield from wrapped(f"{id}  {title or 'without a title'}", _WIDTH)


def _kept_lines(kept: Screened | None) -> Iterator[str]:
    from annotation.safe_text import wrapped

    if kept is None:
        yield "Not screened yet; the next night does it."
        return
    by = f" by rules {kept.rules[:8]}" if kept.rules else ""
    score = "" if kept.score is None else f", score {kept.score:g}"
    why = f": {kept.reason}" if _tells_more(kept) else "."
    yield from wrapped(
        f"v{kept.version} is {kept.decision}{score}, decided on {kept.decided_at:%Y-%m-%d}{by}{why}", _WIDTH
    )
    yield from _reason_lines(kept.reasons)


def _tells_more(kept: Screened) -> bool:
    """Whether the sentence says what the reasons do not: that a paper was left out, kept or chosen."""
    from extractors.screening import Screening

    return not kept.reasons or kept.reason != Screening(0, "relevant", kept.reasons, ()).reason


def _now_lines(kept: Screened | None, now: Screening, rules: Rules) -> Iterator[str]:
    """What the rules of now say, where that is not what was decided."""
    if kept is not None and (kept.rules, kept.score, kept.reasons) == (rules.sha256, now.score, now.reasons):
        return
    yield from ("", "By the rules of now:", *_outcome(now, rules), *_reason_lines(now.reasons))


def _outcome(found: Screening, rules: Rules) -> Iterator[str]:
    by = rules.file
    borders = f"relevant from {by.relevant:g}, uncertain from {by.uncertain:g}"
    yield f"{found.decision}, score {found.score:g} ({borders}; rules {rules.version})"


def _reason_lines(reasons: Sequence[Reason]) -> Iterator[str]:
    from annotation.safe_text import wrapped

    for one in reasons:
        indent = " " * (_POINTS + 2)
        said = f"{one.text}: {', '.join(one.found)}" if one.found else one.text
        first, *more = wrapped(said, _WIDTH, indent=indent)
        yield f"{one.points:>+{_POINTS}g}  {first[len(indent) :]}"
        yield from more
