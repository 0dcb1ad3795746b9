"""Costs of models from sentences and tables, each given to the model it is said of."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractors.confidence import default_model
from extractors.context import Context, context_of
from extractors.costs import cost_drafts, flops_are_multiply_adds
from extractors.documents.model import Document, Paragraph, Table
from extractors.facts.records import Reading
from extractors.facts.values import Name, Quantity
from extractors.guide import to_guide
from extractors.linking import link
from extractors.paper import EXTRACTOR, drafts_of, paper_id
from extractors.promise import Promise

STYLES = Path(__file__).with_name("cost_styles.txt").read_text("utf-8").strip().split("\n\n")
"""Invented papers of a few words, written without a look at what the rules did with them; lines with `=` say what is own."""
MakeContext = Callable[..., Context]


@pytest.fixture
def context(paragraph: Callable[..., Paragraph], document: Callable[..., Document]) -> MakeContext:
    def make(*texts: str) -> Context:
        abstract = paragraph("We propose ZipNet, a small network.", region="abstract")
        return context_of(document(abstract, *map(paragraph, texts)))

    return make


def found(context: Context) -> list[tuple[str | None, str, float]]:
    return [
        (draft.mention, c.path, c.value.value)
        for draft in cost_drafts(context)
        for c in draft.candidates
        if isinstance(c.value, Quantity)
    ]


def test_a_cost_belongs_to_the_nearest_name(context: MakeContext) -> None:
    assert found(context("ZipNet has 4.2M parameters.")) == [("ZipNet", "model.parameters", 4.2e6)]


@pytest.mark.parametrize(
    ("text", "models"),
    [
        (
            "ZipNet-A, ZipNet-B, and ZipNet-C contain 3.1, 5.4 and 9.8 million parameters, respectively.",
            "ABC",
        ),
        ("The parameters of ZipNet-A, ZipNet-B and ZipNet-C are 3M, 5M and 9M, respectively.", "ABC"),
        ("ZipNet-A and ZipNet-B, respectively, need 0.3 and 0.6 GFLOPs.", "AB"),
        ("ZipNet-A needs 0.3 GFLOPs, ZipNet-B 0.6 GFLOPs.", "AB"),
    ],
)
def test_costs_in_a_list_are_of_the_models_of_a_list(text: str, models: str, context: MakeContext) -> None:
    assert [mention for mention, _, _ in found(context(text))] == [f"ZipNet-{letter}" for letter in models]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Quill uses 24 layers, for a parameter count of 354M.", "Quill"),
        ("We pre-train a 1.5 billion parameter model, Quill, on web text.", "Quill"),
        ("Behind it stands Quill-2.", None),
    ],
)
def test_a_name_that_the_paper_announces_may_be_a_plain_word(
    text: str, name: str | None, paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    abstract = paragraph("We introduce Quill, a decoder-only language model.", region="abstract")
    mentions = [mention for mention, _, _ in found(context_of(document(abstract, paragraph(text))))]
    assert mentions == ([name] if name else [])


def test_all_numbers_of_a_bound_are_of_no_model_in_particular(context: MakeContext) -> None:
    drafts = cost_drafts(context("One could train models of up to 7B, 14B and 128B parameters."))
    roles = [c.value.id for d in drafts for c in d.candidates if isinstance(c.value, Name)]
    assert roles == ["baseline"] * 3


def test_the_end_of_a_word_is_no_name(context: MakeContext) -> None:
    text = "ZipNet reaches 81.2% mIOU accuracy with 4.2M parameters."
    assert found(context(text)) == [("ZipNet", "model.parameters", 4.2e6)]


def test_a_cost_without_a_name_says_so(context: MakeContext) -> None:
    assert found(context("The network has 4.2M parameters.")) == [(None, "model.parameters", 4.2e6)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("On 64 GB we run the 7B-parameter model.", None),
        ("With PyTorch the network has 4.2M parameters.", None),
        ("We compare BigNet and the 739M parameter HugeNet.", "HugeNet"),
        ("Against the previous one, OtherNet 8.3B parameters are few.", "OtherNet"),
        (
            "SmallNet has 16 layers, a wide field of view and 20M parameters, while BigNet has more.",
            "SmallNet",
        ),
        ("With 20M parameters, BigNet is larger.", "BigNet"),
        ("SmallNet is far below the 25M parameters of BigNet.", "BigNet"),
        ("On C4 the network has 4.2M parameters.", None),
        ("Earlier, 1.5 billion parameters [RWC+19] were many.", None),
    ],
)
def test_units_machines_and_data_sets_are_no_models(
    text: str, name: str | None, context: MakeContext
) -> None:
    assert [mention for mention, _, _ in found(context(text))] == [name]


def test_a_cost_knows_its_place(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    paper = document(paragraph("ZipNet has 4.2M parameters.", "1 Introduction"))
    (draft,) = cost_drafts(context_of(paper))
    assert draft.features["in_passing"] == 1.0


def test_a_cited_model_is_a_baseline(context: MakeContext) -> None:
    drafts = cost_drafts(context("OldNet [3] has 60M parameters."))
    assert [c.value.id for d in drafts for c in d.candidates if isinstance(c.value, Name)] == ["baseline"]


@pytest.mark.parametrize(
    "text",
    [
        "The largest model in the literature has 9B parameters.",
        "Later 17 billion parameters [Tur20] were reached.",
        "For example, a model with 90 billion parameters needs several machines.",
        "The network explored in Miller et al. (2017) uses 90M parameters.",
        "Miller et al. (2017) employ a 90M-parameter network.",
    ],
)
def test_what_others_have_or_nobody_has_is_a_baseline(text: str, context: MakeContext) -> None:
    drafts = cost_drafts(context(text))
    assert [c.value.id for d in drafts for c in d.candidates if isinstance(c.value, Name)] == ["baseline"]


@pytest.mark.parametrize(
    "text",
    [
        "As the concrete example in the figure, a 7B-parameter model takes 31 GB.",
        "Models with up to 20 billion parameters fit a server.",
        "As in CitedNet-XL, 11 billion parameters are many. CitedNet [4] is older.",
    ],
)
def test_examples_bounds_and_sizes_of_cited_models_are_baselines(text: str, context: MakeContext) -> None:
    drafts = cost_drafts(context(text))
    assert [c.value.id for d in drafts for c in d.candidates if isinstance(c.value, Name)] == ["baseline"]


def test_what_we_use_is_ours_though_it_is_an_example(context: MakeContext) -> None:
    drafts = cost_drafts(
        context("For scaling, e.g. on two nodes, we use a model with 15 billion parameters.")
    )
    assert not [c for d in drafts for c in d.candidates if isinstance(c.value, Name)]


def test_what_is_compared_with_others_may_be_ours(context: MakeContext) -> None:
    drafts = cost_drafts(context("Unlike the largest model in the literature, ZipNet has 4.2M parameters."))
    assert not [c for d in drafts for c in d.candidates if isinstance(c.value, Name)]


@pytest.mark.parametrize(
    ("text", "alike"),
    [
        ("We report FLOPs (multiply-adds) per image.", True),
        ("FLOPs denotes the number of multiply-adds.", True),
        ("FLOPs, i.e. the number of floating-point multiplication-adds, are given.", True),
        ("We define FLOPs as multiply-adds.", True),
        ("The cost in multiply-adds (FLOPs) is small.", True),
        ("We count a multiply-add as one FLOP.", True),
        ("FLOPs are given; a multiply-accumulate counts as a single floating-point operation.", True),
        ("We count a multiply-add as two FLOPs.", False),
        ("Operations are multiply-adds counted as one FLOP by the cited authors.", False),
        ("We give FLOPs and, apart from them, time.", False),
        ("It needs 4.1B FLOPs (2.05B multiply-adds).", False),
        ("FLOPs (a multiply-add counts as two) are given.", False),
        ("We report FLOPs, parameters and multiply-adds.", False),
    ],
)
def test_a_paper_may_call_multiply_adds_flops(text: str, alike: bool, context: MakeContext) -> None:
    made = context(text, "ZipNet takes 4.3 GFLOPs.")
    assert flops_are_multiply_adds(made.document) is alike
    (path,) = [path for _, path, value in found(made) if value == 4.3e9]
    assert path == ("model.multiply_adds" if alike else "model.flops")


def test_tables_are_read_too(
    paragraph: Callable[..., Paragraph], table: Callable[..., Table], document: Callable[..., Document]
) -> None:
    paper = document(
        paragraph("We propose ZipNet."), tables=[table([["Model", "Params"], ["ZipNet", "4.2M"]])]
    )
    assert found(context_of(paper)) == [("ZipNet", "model.parameters", 4.2e6)]


def test_a_paper_without_costs_has_none(context: MakeContext) -> None:
    assert cost_drafts(context("Layers can be thin.")) == ()


def test_what_a_row_cites_is_a_baseline_in_sentences_and_other_tables(
    paragraph: Callable[..., Paragraph], table: Callable[..., Table], document: Callable[..., Document]
) -> None:
    first = table([["Model", "Top-1"], ["OldNet (wide) (Miller et al., 2017)", "70.1"], ["ZipNet", "76.0"]])
    second = table([["Model", "Params"], ["OldNet (thin)", "9M"], ["ZipNet", "4M"]])
    texts = [paragraph("We propose ZipNet.", region="abstract"), paragraph("OldNet has 12M parameters.")]
    drafts = cost_drafts(context_of(document(*texts, tables=[first, second])))
    roles = {
        draft.mention: [c.value.id for c in draft.candidates if isinstance(c.value, Name)] for draft in drafts
    }
    assert roles == {"OldNet": ["baseline"], "OldNet (thin)": ["baseline"], "ZipNet": []}


@pytest.mark.parametrize(
    "text",
    [
        "Our network outperforms existing methods while using 0.7M parameters.",
        "The network surpasses previous methods with only 0.7M parameters.",
        "For example, we pre-train a net of 0.7M parameters.",
    ],
)
def test_what_follows_a_comparison_in_a_clause_of_its_own_is_said_of_the_subject(
    text: str, paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    (draft,) = cost_drafts(context_of(document(paragraph(text))))
    assert all(candidate.path != "model.role" for candidate in draft.candidates)


def test_energy_is_no_model(context: MakeContext) -> None:
    assert found(context("Training our 7B models consumed 239 MWh.")) == [(None, "model.parameters", 7e9)]


def test_billions_of_operations_may_be_listed_with_their_letter(context: MakeContext) -> None:
    values = [value for _, _, value in found(context("ZipNet S/M/L need 4.6G/8.7G/15.4G FLOPs."))]
    assert values == pytest.approx([4.6e9, 8.7e9, 15.4e9])


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.splitlines()[0])
def test_costs_are_read_in_the_styles_that_papers_have(
    style: str,
    paragraph: Callable[..., Paragraph],
    document: Callable[..., Document],
    styled_tables: Callable[[list[str]], list[Table]],
) -> None:
    _, abstract, *lines = style.splitlines()
    texts = [paragraph(line, "Model") for line in lines if not line.startswith(("|", "=", "table "))]
    paper = document(paragraph(abstract, region="abstract"), *texts, tables=styled_tables(lines))
    wanted = dict(map(_cost, (line for line in lines if line.startswith("= ") and line != "= nothing")))
    read = _own_costs(paper)
    assert [kind for kind, _ in sorted(read)] == [kind for kind, _ in sorted(wanted)]
    assert [value for _, value in sorted(read)] == pytest.approx([value for _, value in sorted(wanted)])
    names = zip((read[key] for key in sorted(read)), (wanted[key] for key in sorted(wanted)), strict=True)
    assert all(name.lower() in str(found).lower() for found, name in names)


def _cost(line: str) -> tuple[tuple[str, float], str]:
    kind, value, *name = line.removeprefix("= ").split(" ")
    return (kind, float(value)), " ".join(name)


def _own_costs(paper: Document) -> dict[tuple[str, float], str | None]:
    context = context_of(paper)
    known_as = paper_id(paper)
    proposals = link(known_as, drafts_of(context), context.ownership)
    reading = Reading(paper.sha256, EXTRACTOR, known_as, paper.title, 1, proposals, ())
    found: dict[str, Any] = to_guide(reading, "a.pdf", default_model(), Promise(), rejected=True)
    parameters = {("parameters", e["value"]): e["model"] for e in found["parameters"] if e["own"]}
    return parameters | {(e["kind"], e["value"]): e["model"] for e in found["operations"] if e["own"]}


def test_examples_of_other_models_are_others(
    paragraph: Callable[..., Paragraph], document: Callable[..., Document]
) -> None:
    said = paragraph("Larger models such as BigNet-3 (175B parameters) are costly.")
    (draft,) = cost_drafts(context_of(document(said)))
    assert any(candidate.path == "model.role" for candidate in draft.candidates)
