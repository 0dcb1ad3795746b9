"""Benchmark scores of a paper's own models from its tables.

The story of one table: its cells with headers and labels, what each measures, whose it is, and a draft for each own
number that can be a score of that benchmark. Which of a paper's results is its best is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from extractors.context import Context
from extractors.documents.model import Table
from extractors.drafts import Draft
from extractors.facts.benchmarks import Direction
from extractors.facts.fields import Setting
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity
from extractors.language import Sentence
from extractors.mentions import OTHER_DATA, benchmark_hits, setting_in, vocabulary
from extractors.places import place_of_table
from extractors.tables.citations import cited_names, key, says_cited, without_citations
from extractors.tables.marks import Legend, legend_of, said_by_marks
from extractors.tables.meaning import Meaning, Surroundings, header_metrics, meaning_of
from extractors.tables.names import RowNames
from extractors.tables.numbers import Printed
from extractors.tables.owners import (
    Habits,
    Verdict,
    bears_one_of,
    habits_of,
    judge,
    marked_names,
    speaks_of_ours,
)
from extractors.tables.parts import parts_of_header
from extractors.tables.repeats import Repeats
from extractors.tables.rows import Row
from extractors.tables.slots import Slot, names_metric, order_of, slots_of

RULE = "scores.table"
_OTHER_CONDITIONS = re.compile(
    r"\badversar\w+|\battacks?\b|\bcorrupt\w+|\b(?:label|random) noises?\b|\bnoisy labels\b|\boccluded\b|\bout[- ]of[- ]distribution\b|\bproposal (?:results|recall)\b",
    re.IGNORECASE,
)
"""Tables of the benchmark under conditions that are not its own."""
_PARTIAL = re.compile(
    r"\b(?:per|by|for each|across)[\s-](?:the )?(?:\w+[\s-]){0,2}?(?:class(?:es)?|categor(?:y|ies)|lengths?|positions?|frequenc(?:y|ies)|types?|speakers?|joints?|buckets?)\b",
    re.IGNORECASE,
)
"""Tables of parts of the test set, none of which is the result."""
_ABLATION = re.compile(
    r"\bablat\w*|\b(?:effects?|impact|influence|analysis|importance|sensitivity|contribution) of\b|\bdifferent (?:\w+ ){0,2}"
    r"(?:values|settings|choices|strategies|sizes|numbers|locations|designs|architectures for)\b|\bdesign choices\b",
    re.IGNORECASE,
)
"""Tables of variants, whose best row need not be the model that the paper proposes in the end."""
_TITLE_ENDS = re.compile(r"\.\s")
_OF_OTHERS = re.compile(r"\bby\s*[\[(]|\b(?:reported|published|results) (?:in|by|from|of)\b", re.IGNORECASE)
"""Headers of columns that are taken from elsewhere, where they cite: `Jigsaw, by [5]`."""
_UNMARKED = 0.2
"""Up to this certainty a row is taken to be of others only because it is not marked."""
_BY_HEADER = 0.8
"""How sure a proposed model over a column is, in tables that compare it on several networks."""
_BY_MARK = 0.8
"""How sure a row is whose name another table marks as the authors' own."""
_BY_CAPTION = 0.5
"""How sure all rows of a table are whose caption speaks of the authors' models."""
_BARE_LINES = 8
"""Tables with more columns than this and no metric over any of them print a score per class or task."""


_Said = tuple[str, str, str]
"""Label, group and notes of a row."""


@dataclass(frozen=True, slots=True)
class PaperScores:
    """What holds for all the tables of a paper."""

    context: Context
    benchmarks: tuple[str, ...]
    """The benchmarks it names, most often first."""
    foreign: frozenset[str]
    """Keys of the names that it cites."""
    marked: frozenset[str]
    """The names that rows of its tables mark as the authors' own."""
    repeats: Repeats
    """Which of its tables print rows of others."""
    naming_tables: tuple[Sentence, ...]
    """Its sentences that name tables, captions aside."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """What holds for all the cells of a table."""

    table: Table
    slots: Sequence[Slot]
    sha256: str
    around: Surroundings
    habits: Habits
    judged: Mapping[_Said, Verdict]
    """Whose each of its rows is by what the row says."""
    is_study: bool
    """Whether it is one of variants."""
    is_ours_alone: bool
    """Whether it is one of the authors' own results, by its caption."""
    paper: PaperScores
    bare: bool
    """Whether no header names a metric and the columns are few."""
    at_half: bool
    """Whether a header names average precision at 0.50, beside which a plain one is the mean over thresholds."""
    order: Direction | None
    """Which scores its own numbers show to be better."""
    stated: frozenset[Setting]
    """Ways of testing that rows name: where there are several, what the caption says of one is said of its rows."""
    own_columns: bool
    """Whether the proposed model stands over columns: what was done to the models of the rows."""
    names: RowNames
    """What the rows' models are called."""
    legend: Legend
    """What its rows' marks mean."""
    place: Mapping[str, float]
    """Features of the place where the table stands."""


def table_scores(context: Context) -> Iterator[Draft]:
    """Drafts of the own results in all the tables of a paper, in reading order."""
    naming = tuple(s for s in context.sentences if s.paragraph.kind != "caption" and s.has("tab"))
    labels = (row.label for _, rows in context.tables for row in rows)
    marked = marked_names(labels, context.cited_anywhere)
    repeats = Repeats(context.tables)
    paper = PaperScores(context, context.benchmarks, context.cited, marked, repeats, naming)
    for table, rows in context.tables:
        yield from _scores_of(table, rows, paper)


def _scores_of(table: Table, rows: Sequence[Row], paper: PaperScores) -> Iterator[Draft]:
    if table.caption and (
        _OTHER_CONDITIONS.search(table.caption.text) or _PARTIAL.search(table.caption.text)
    ):
        return
    slots = _without_cited_groups(_without_shared(slots_of(table, rows)))
    if not slots:
        return
    owner = paper.context.ownership
    named = any(owner.is_own(slot.label) for slot in slots)
    caption = table.caption.text if table.caption else ""
    habits = replace(habits_of((f"{slot.notes} {slot.group}" for slot in slots), caption), has_named=named)
    cited = cited_names(slot.notes for slot in slots)
    paper = replace(paper, foreign=paper.foreign | cited)
    around = replace(_surroundings(table, paper), headers=_headers(slots))
    bare = not names_metric(slots) and len({slot.line for slot in slots}) <= _BARE_LINES
    place = place_of_table(paper.context.document, table)
    at_half = any(map(_at_half, {slot.header for slot in slots}))
    names = RowNames(table, rows, paper.context.naming)
    study = _is_study(table, around, habits)
    reader = _Reader(
        table,
        slots,
        paper.context.document.sha256,
        around,
        habits,
        {said: judge(*said, owner, habits, paper.foreign) for said in set(map(_said_of, slots))},
        study,
        not study and _is_ours_alone(around, habits, slots),
        paper,
        bare,
        at_half,
        order_of(slots),
        frozenset(setting for slot in slots if not slot.turned and (setting := setting_in(slot.label))),
        any(owner.is_own(line) for slot in slots if not slot.turned for line in slot.header),
        names,
        legend_of(f"{around.caption} {around.references}"),
        place,
    )
    lines: dict[int, list[Slot]] = {}
    for slot in slots:
        lines.setdefault(slot.line, []).append(slot)
    for slot in slots:
        yield from _drafts(slot, lines[slot.line], reader)


def _without_shared(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """The cells without a citation with which all labels begin: what all rows are built on is not where they are from."""
    rows = {slot.cell.row for slot in slots}
    words = zip(*(slot.label.split() for slot in slots), strict=False)
    shared = (
        " ".join(same[0] for same in takewhile(lambda same: len(set(same)) == 1, words))
        if len(rows) > 1
        else ""
    )
    if not says_cited(shared):
        return tuple(slots)
    bare = without_citations(shared)
    return tuple(
        replace(slot, label=slot.label.replace(shared, bare, 1), notes=slot.notes.replace(shared, bare, 1))
        for slot in slots
    )


def _headers(slots: Sequence[Slot]) -> str:
    """What stands over the columns of numbers."""
    lines = dict.fromkeys(line for slot in slots if not slot.turned for line in slot.header)
    return " | ".join(lines)


def _without_cited_groups(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """The cells, where rows under a title cite on their own, without the citation of the title: it is of a data set or a task."""
    citing = {slot.group for slot in slots if says_cited(slot.notes)}
    return tuple(
        replace(slot, group=without_citations(slot.group)) if slot.group in citing else slot for slot in slots
    )


def _surroundings(table: Table, paper: PaperScores) -> Surroundings:
    caption = table.caption.text if table.caption else ""
    section = table.caption.section if table.caption else ""
    title = paper.context.document.title
    number = re.search(r"\w+$", table.label)
    if number is None:
        return Surroundings(caption, "", section, paper.benchmarks, title)
    named = re.compile(
        rf"\bTab(?:le|\.)s?\s*(?:\w+\s*(?:,|and|&)\s*)?{re.escape(number[0])}\b", re.IGNORECASE
    )
    beside = [sentence for sentence in paper.naming_tables if named.search(sentence.text)]
    references = " ".join(sentence.text for sentence in beside)
    sections = " ".join(dict.fromkeys(sentence.paragraph.section for sentence in beside))
    if not benchmark_hits(f"{caption} {references}"):
        references = " ".join((references, *paper.repeats.captions_of(table)))
    return Surroundings(caption, references, section, paper.benchmarks, title, sections)


def _drafts(slot: Slot, line: Sequence[Slot], reader: _Reader) -> Iterator[Draft]:
    verdict = _verdict(slot, reader)
    if not verdict.own:
        return
    headers = (
        parts_of_header(slot.header, len(slot.numbers), slot.notes, reader.around.caption)
        or _em_and_f1(slot)
        or _at_thresholds(slot)
    )
    around = reader.around
    marked = said_by_marks(reader.table, slot.cell.row, slot.label, reader.legend)
    row = f"{slot.notes} {marked}".strip()
    for place, header in enumerate(headers):
        values = [other.numbers[place].value for other in line if place < len(other.numbers)]
        factor = _factor(values)
        scaled = [value * factor for value in values]
        group = f"{slot.stub} {slot.group}".strip()
        meaning = meaning_of(header, group, row, around, scaled, bare=reader.bare, order=reader.order)
        if meaning is not None and meaning.metric == "map" and reader.at_half and not _at_half(header):
            continue
        counted = meaning is not None and meaning.metric_distance > 0 and not any(v % 1 for v in scaled)
        if meaning is not None and not counted:
            own_words = " ".join((*header, group, row))
            if len(reader.stated) > 1 and meaning.setting in reader.stated and not setting_in(own_words):
                meaning = replace(meaning, setting=None)
            yield from _draft(slot, slot.numbers[place], factor, meaning, verdict, reader)


def _at_half(header: Sequence[str]) -> bool:
    return "ap50" in header_metrics(header)


def _em_and_f1(slot: Slot) -> tuple[tuple[str, ...], ...]:
    """Headers for two numbers under a question answering benchmark: F1 is never below exact match."""
    benchmarks = {id for line in slot.header for hit in benchmark_hits(line) for id in hit.ids}
    if len(slot.numbers) != 2 or not any(
        "em" in vocabulary().benchmarks[id].ranges for id in benchmarks if id != OTHER_DATA
    ):
        return ()
    order = ("EM", "F1") if slot.numbers[0].value <= slot.numbers[1].value else ("F1", "EM")
    return tuple((*slot.header, metric) for metric in order)


def _at_thresholds(slot: Slot) -> tuple[tuple[str, ...], ...]:
    """Headers for three numbers under one of average precision: over all thresholds, at 0.50 and at 0.75."""
    if len(slot.numbers) != 3 or not set(header_metrics(slot.header)) & {"box_ap", "mask_ap", "keypoint_ap"}:
        return ()
    return (slot.header, (*slot.header[:-1], "AP50"), (*slot.header[:-1], "AP75"))


def _verdict(slot: Slot, reader: _Reader) -> Verdict:
    cited = [line for line in slot.header if says_cited(line) and not header_metrics([line])]
    of_others = any(map(_OF_OTHERS.search, cited)) or (cited and reader.names.has_change(slot))
    if not slot.turned and (of_others or _is_other_method(slot, cited, reader)):
        return Verdict(own=False, certain=0.8)
    verdict = reader.judged[_said_of(slot)]
    base = None if verdict.own or verdict.certain > _UNMARKED else reader.names.changed(slot)
    above = (other for other in reader.slots if other.cell.row == base)
    if base is not None and (named := next(above, None)):
        return _verdict(named, reader)
    if not verdict.own or verdict.certain:
        return verdict
    if bears_one_of(slot.label, reader.paper.marked):
        return Verdict(own=True, certain=_BY_MARK)
    if any(map(reader.paper.context.ownership.is_own, slot.header)):
        return Verdict(own=True, certain=_BY_HEADER)
    return Verdict(own=True, certain=_BY_CAPTION) if reader.is_ours_alone else verdict


def _said_of(slot: Slot) -> _Said:
    return slot.label, slot.group, slot.notes


def _is_other_method(slot: Slot, cited: Sequence[str], reader: _Reader) -> bool:
    """Whether a column beside one of the proposed model is cited, or taken from elsewhere as the caption says."""
    taken = any(key(without_citations(line)) in reader.habits.taken for line in slot.header)
    return reader.own_columns and (bool(cited) or taken)


def _is_ours_alone(around: Surroundings, habits: Habits, slots: Sequence[Slot]) -> bool:
    """Whether a caption speaks of the authors' models in a table that marks none, and cites none or only at its top."""
    if habits.has_ours or habits.has_named or not speaks_of_ours(around.caption):
        return False
    cites = [says_cited(slot.notes) for slot in slots]
    return cites == sorted(cites, reverse=True)


def _factor(values: Sequence[float]) -> float:
    """100 where a column of scores is printed as fractions of one."""
    return 100.0 if values and max(values) <= 1 and any(value % 1 for value in values) else 1.0


def _draft(
    slot: Slot, number: Printed, factor: float, meaning: Meaning, verdict: Verdict, reader: _Reader
) -> Iterator[Draft]:
    value, spread = round(number.value * factor, 6), number.spread * factor
    benchmark = vocabulary().benchmarks[meaning.benchmark]
    metric = vocabulary().metrics[meaning.metric]
    if not benchmark.plausible(metric.id, value):
        return
    evidence = reader.table.evidence(reader.sha256, RULE, slot.cell)
    names = {
        "benchmark": Name(benchmark.id, benchmark.name),
        "metric": Name(metric.id, " ".join(slot.header) or metric.name),
        "split": _named(meaning.split or benchmark.usual_split),
        "setting": _named(meaning.setting or "unspecified"),
    }
    score = Quantity(value, value - spread, value + spread, metric.unit, number.text)
    candidates = [Candidate(f"result.{field}", name, evidence) for field, name in names.items() if name]
    candidates.append(Candidate("result.score", score, evidence))
    yield Draft(
        "result",
        reader.names.of(slot),
        tuple(candidates),
        _features(slot, meaning, verdict, reader),
        _reasons(slot, meaning, verdict, reader),
    )


def _named(id: str) -> Name | None:
    return Name(id, id) if id else None


def _features(slot: Slot, meaning: Meaning, verdict: Verdict, reader: _Reader) -> dict[str, float]:
    return {
        **reader.place,
        "own_certain": verdict.certain,
        "benchmark_distance": float(meaning.benchmark_distance),
        "metric_distance": float(meaning.metric_distance),
        "benchmark_alternatives": float(meaning.alternatives),
        "values_decide_metric": float(meaning.values_decide),
        "split_printed": float(meaning.split is not None),
        "bold": float(slot.cell.bold),
        "several_numbers": float(len(slot.numbers) > 1),
        "ablation": float(reader.is_study),
    }


def _is_study(table: Table, around: Surroundings, habits: Habits) -> bool:
    """Whether a table is one of variants: its title says so, and unless it says `ablation` it has no rows of others."""
    title = _TITLE_ENDS.split(around.caption.removeprefix(table.label).lstrip(" .:"), maxsplit=1)[0]
    said = _ABLATION.search(f"{title} {around.section}")
    return said is not None and (said[0].lower().startswith("ablat") or not habits.has_cited)


def _reasons(slot: Slot, meaning: Meaning, verdict: Verdict, reader: _Reader) -> tuple[str, ...]:
    found = [verdict.reason] if verdict.reason else []
    if reader.is_study:
        found.append("the table compares variants")
    if len(slot.numbers) > 1:
        found.append("several numbers stand in its cell")
    if meaning.alternatives:
        found.append("the place that names the benchmark names others too")
    if meaning.benchmark_distance > 2:
        found.append("neither the table nor its caption names the benchmark")
    if meaning.values_decide:
        found.append("only the values tell error from accuracy")
    return tuple(found)
