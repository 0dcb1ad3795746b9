"""Training runs in tables: each line that tells of the paper's own training becomes a draft for each time it gives.

Columns, or rows, give hardware, times, processor times, total compute and resources; which they are is told in
`rules.headers`, whose in `rules.lines`. Scores and model costs are in `extractors.tables`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from extractors.context import Context
from extractors.documents.model import Table
from extractors.drafts import Dismissal, Draft
from extractors.facts.records import Candidate
from extractors.facts.values import Name
from extractors.language import sentences_of, tokens_of
from extractors.rules.accelerators import named_in
from extractors.rules.asides import SET_ASIDE
from extractors.rules.cells import PACES, CellFact
from extractors.rules.devices import ACCELERATOR
from extractors.rules.findings import Finding
from extractors.rules.lengths import EPOCHS, STEPS
from extractors.rules.lines import CLOCKS, Line, names_part
from extractors.rules.models import names_model
from extractors.rules.phases import phase_in
from extractors.rules.registry import HARDWARE

RULE = "training.table-cell"
_TIMES = (*CLOCKS, *PACES)
_TRAINS = re.compile(r"train|search", re.IGNORECASE)
_TIMED = re.compile(r"\btim(?:es?|ings?)\b|\bruns?\b", re.IGNORECASE)
_INFERS = re.compile(r"\b(?:infer\w*|latenc\w+|throughput|test(?:ing)?[\s-]time)\b", re.IGNORECASE)
"""What a sentence of a caption times; hardware on which models answer is not what they were trained on."""


def table_drafts(context: Context, lines: Iterable[Line]) -> Iterator[Draft]:
    """Drafts of the training runs that the lines of tables state, one for each model and time."""
    own = [line for line in lines if line.own]
    paced = sum(fact.path in PACES for line in own for fact in line.facts)
    for line in own:
        shared = list(_caption_hardware(line.table)) if line.timed else []
        for run in _runs(line.facts):
            draft = _draft(line, context, run, shared)
            yield draft if paced < 2 or _is_complete(run) else _of_several_paces(draft)


def table_dismissals(context: Context, lines: Iterable[Line]) -> Iterator[Dismissal]:
    """What the lines of tables state of trainings that are somebody else's."""
    for line in lines:
        if not line.own:
            yield Dismissal(_candidates(line, context, line.facts), (_whose(line),))


def table_asides(context: Context, lines: Sequence[Line]) -> Iterator[Draft]:
    """Drafts of the hardware and times that lines give of somebody else's trainings."""
    for line in lines:
        facts = [fact for fact in line.facts if fact.path in SET_ASIDE]
        if facts and not line.own:
            for run in _runs(facts):
                yield replace(_draft(line, context, run, ()), reasons=(_whose(line),))


def _whose(line: Line) -> str:
    """Why a line is taken to be somebody else's."""
    named = "the text cites a model of this name" if line.verdict.own else line.verdict.reason
    return named or f"the row “{line.label}” is somebody else's"


def _runs(facts: Sequence[CellFact]) -> Iterator[tuple[CellFact, ...]]:
    """One run for each time of the line, with what else the line says; hardware printed beside a time stays with it."""
    times = [fact for fact in facts if fact.path in _TIMES]
    timed = {id(fact.cell) for fact in times}
    loose = [fact for fact in facts if fact.path not in _TIMES and id(fact.cell) not in timed]
    if len({fact.path for fact in times}) == len(times):
        yield _first_of_each(facts)
        return
    for time in times:
        beside = [fact for fact in facts if fact.cell is time.cell and fact.path not in _TIMES]
        yield _first_of_each((time, *beside, *loose))


def _first_of_each(facts: Sequence[CellFact]) -> tuple[CellFact, ...]:
    """The first fact of each field; a device that is named before one of which only the kind is said."""
    telling = sorted(facts, key=lambda fact: fact.path == ACCELERATOR and not names_part(fact))
    return tuple({fact.path: fact for fact in reversed(telling)}.values())


def _caption_hardware(table: Table) -> Iterator[Finding]:
    """Hardware that the caption states for the whole table."""
    if table.caption is None:
        return
    for sentence in sentences_of(table.caption):
        trains = _TRAINS.search(sentence.text)
        if not (trains or _TIMED.search(sentence.text)) or (not trains and _INFERS.search(sentence.text)):
            continue
        for rule in HARDWARE:
            yield from (finding for finding in rule.read(sentence) if ACCELERATOR in finding.paths)


def _draft(line: Line, context: Context, run: Sequence[CellFact], shared: Sequence[Finding]) -> Draft:
    features = _features(line)
    found = list(_candidates(line, context, run))
    if shared and not any(map(names_part, run)):
        found += _of_caption(line, context, run, shared[0])
    caption = line.table.caption.text if line.table.caption else ""
    cell = next((fact for fact in run if fact.path in CLOCKS), run[0]).cell
    left = line.table.rows[cell.row][0]
    over = " ".join(line.table.header(cell.column))
    phase, printed = phase_in((over, left.text if left else "", line.label, caption))
    found.append(Candidate("run.phase", Name(phase, printed or phase), found[0].evidence, None, features))
    reasons = (line.verdict.reason,) if line.verdict.reason else ()
    name = _without_devices(line.label)
    return Draft("run", name if names_model(name) else None, tuple(found), features, reasons)


def _is_complete(run: Sequence[CellFact]) -> bool:
    """Whether a line that gives a pace gives the epochs or steps too."""
    return bool({EPOCHS, STEPS} & {fact.path for fact in run})


def _of_several_paces(draft: Draft) -> Draft:
    """The draft where a table's other lines have paces too: epochs that the text states may be those of any."""
    marked = tuple(
        replace(c, features={**c.features, "several_paces": 1.0}) if c.path in PACES else c
        for c in draft.candidates
    )
    return replace(draft, candidates=marked)


def _without_devices(label: str) -> str:
    """A label without the accelerator that a column beside the name gives."""
    tokens = tokens_of(label)
    named = named_in(tokens)
    words = [token.text_with_ws for token in tokens if not any(n.start <= token.i < n.end for n in named)]
    return "".join(words).strip()


def _candidates(line: Line, context: Context, facts: Sequence[CellFact]) -> tuple[Candidate, ...]:
    """The facts with their places."""
    sha256, features = context.document.sha256, _features(line)
    return tuple(
        Candidate(
            fact.path,
            fact.value,
            line.table.evidence(sha256, RULE, fact.place),
            None,
            features,
        )
        for fact in facts
    )


def _of_caption(
    line: Line, context: Context, run: Sequence[CellFact], shared: Finding
) -> Iterator[Candidate]:
    """What the caption adds to a run: its devices, and their number where the line does not give it."""
    given = {fact.path for fact in run} - {ACCELERATOR}
    caption, sha256 = line.table.caption, context.document.sha256
    for fact in shared.facts:
        if caption is not None and fact.path not in given:
            evidence = caption.evidence(sha256, RULE, fact.start, fact.end)
            yield Candidate(fact.path, fact.value, evidence, None, _features(line))


def _features(line: Line) -> dict[str, float]:
    """The features of a line; how certain its owner is speaks against it where that is somebody else, and so does a citation."""
    certain = line.verdict.certain if line.own else -line.verdict.certain * (not line.verdict.own)
    cited = {} if line.own else {"cited": float(line.verdict.own)}
    return {"in_table": 1.0, "row_certain": certain, **cited}
