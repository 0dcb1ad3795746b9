"""An explanation tells where each value was read, what agreed and what was rejected for which reason."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph, Table
from extractors.explain import Explanation, explain
from extractors.facts.records import Candidate
from extractors.facts.values import Name, Quantity
from extractors.paper import drafts_of
from extractors.rules.training import training_dismissals

SETTING = "We train every network with a learning rate of 0.1."
Explain = Callable[..., Explanation]


def said(candidate: Candidate) -> float | str:
    value = candidate.value
    return value.value if isinstance(value, Quantity) else value.id if isinstance(value, Name) else ""


def rejected(found: Explanation) -> list[tuple[float | str, str]]:
    return [(said(item.candidate), reason) for item in found.rejected for reason in item.reasons]


@pytest.fixture
def explained(paragraph: Callable[..., Paragraph], document: Callable[..., Document]) -> Explain:
    """The explanation of one field of a paper of a few paragraphs."""

    def read(path: str, *texts: str, tables: tuple[Table, ...] = ()) -> Explanation:
        paper = document(paragraph(SETTING), *map(paragraph, texts), tables=tables)
        (found,) = explain(paper, [path])
        return found

    return read


def test_a_value_has_its_places_and_those_that_agree_in_reading_order(explained: Explain) -> None:
    found = explained("run.count", "We train on 8 V100 GPUs.", "Training took 3 days on 8 V100 GPUs.")
    (cell,) = found.cells
    assert cell.proposal.value == Quantity.exact(8, "devices", "8")
    assert (cell.proposal.evidence.rule, cell.proposal.evidence.page) == ("training.accelerator-count", 1)
    assert [said(candidate) for candidate in cell.agreeing] == [8]
    assert cell.agreeing[0].evidence.quote != cell.proposal.evidence.quote
    assert (found.apart, found.rejected) == ((), ())


def test_an_explanation_has_what_the_rest_of_the_paper_says(explained: Explain) -> None:
    texts = ("We train our model for 90 epochs in 3 days on 8 V100 GPUs.", "We fine-tune it for 5 epochs.")
    first, second = explained("run.epochs", *texts).cells
    assert first.proposal.features["paper:others_timed"] < second.proposal.features["paper:others_timed"]
    assert "other runs have a time, this one has none" in second.proposal.reasons


def test_other_values_of_a_cell_are_its_rivals(explained: Explain) -> None:
    found = explained(
        "run.number_format", "We train our model in bf16.", "We train our model with mixed precision."
    )
    (cell,) = found.cells
    assert cell.proposal.value == Name("bf16", "bf16")
    assert [[said(candidate) for candidate in group] for group in cell.rivals] == [["mixed"]]


@pytest.mark.parametrize(
    ("text", "field", "value", "reason"),
    [
        ("We measure 40 frames per second on 1 V100 GPU.", "run.count", 1, "words about inference or speed"),
        ("Earlier systems [12] used 800 GPUs for training.", "run.count", 800, "a citation"),
        ("Training would take 90 days on 4 V100 GPUs.", "run.wall_time", 90 * 86_400, "supposes rather than reports"),
        ("Unlike previous work, which used 64 V100 GPUs for training, ours is small.", "run.count", 64, "compares with other work"),
        ("We thank the centre for the donation of 2 V100 GPUs.", "run.count", 2, "thanks for hardware"),
        ("A V100 has 640 tensor cores.", "run.accelerator", "NVIDIA Tesla V100", "describes the device"),
        ("We train on 8 V100 GPUs with an Intel Xeon CPU.", "run.accelerator", "Intel Xeon", "its host"),
        ("Mixed precision training needs care.", "run.number_format", "mixed", "not said to be used"),
        ("[12] used 40 MWh of energy to train their model.", "run.energy", 40e3, "a citation"),
    ],
)  # fmt: skip
def test_what_is_rejected_has_its_reason(
    text: str, field: str, value: float | str, reason: str, explained: Explain
) -> None:
    found = explained(field, text)
    assert any(item == value and reason in words for item, words in rejected(found)), rejected(found)
    assert value not in [
        getattr(cell.proposal.value, "id", getattr(cell.proposal.value, "value", None))
        for cell in found.cells
    ]


def test_a_row_of_somebody_else_is_rejected_by_the_mark_of_the_row(
    explained: Explain, table: Callable[..., Table]
) -> None:
    rows = [["Model", "GPUs", "Training time (h)"], ["OldNet [12]", "64", "90"], ["ZipNet (ours)", "8", "12"]]
    found = explained("run.wall_time", tables=(table(rows, "Training cost."),))
    assert [cell.proposal.value for cell in found.cells] == [Quantity.exact(12 * 3600, "s", "12")]
    ((value, reason),) = rejected(found)
    assert value == 90 * 3600
    assert reason


def test_a_row_with_a_name_that_the_text_cites_is_rejected_for_that(
    table: Callable[..., Table], paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    rows = [["Model", "Energy (MWh)"], ["OldNet", "64"], ["ZipNet", "8"]]
    paper = document(
        paragraph("We propose ZipNet, a small network.", region="abstract"),
        paragraph("It is smaller than OldNet (Ulm et al., 2019)."),
        tables=(table(rows, "Energy of training."),),
    )
    (found,) = explain(paper, ["run.energy"])
    assert [cell.proposal.value for cell in found.cells] == [Quantity.exact(8e3, "kWh", "8")]
    assert rejected(found) == [(64e3, "the text cites a model of this name")]


def test_a_field_that_nothing_speaks_of_has_an_empty_explanation(explained: Explain) -> None:
    found = explained("run.emissions", "We train on 8 V100 GPUs.")
    assert (found.cells, found.apart, found.rejected) == ((), (), ())


def test_every_finding_of_a_rule_is_told_once_as_draft_or_dismissal(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    text = (
        "We train on 8 V100 GPUs for 3 days with mixed precision. Others [12] used 64 A100 GPUs for 9 days. "
        "Inference runs on 1 T4 GPU. Training would take 40 days on 2 P100 GPUs."
    )
    context = context_of(document(paragraph(SETTING), paragraph(text)))
    taken = [said(c) for draft in drafts_of(context) for c in draft.candidates if c.path == "run.count"]
    dismissed = [
        said(c) for item in training_dismissals(context) for c in item.candidates if c.path == "run.count"
    ]
    assert sorted([*taken, *dismissed], key=str) == [1, 2, 64, 8]
    assert taken == [8]
