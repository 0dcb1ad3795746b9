"""What a paper tells of others' trainings where it tells of others, cited or not, is not its own; what it says of itself there is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from extractors.context import context_of
from extractors.documents.model import Document, Paragraph
from extractors.facts.values import Quantity
from extractors.ownership import Ownership
from extractors.rules.accounts import accounts_of, is_survey
from extractors.rules.training import trainings

Told = Callable[..., list[object]]
Make = Callable[..., Paragraph]
MakeDocument = Callable[..., Document]
RELATED, INTRODUCTION = "2 Related work", "1 Introduction"


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("OldNet has 540 billion weights and was trained on 512 V100 GPUs.", INTRODUCTION),
        ("Agents have grown. OldNet played for years. It was trained on 512 V100 GPUs for 9 days.", RELATED),
        ("Training with 512 V100 GPUs has brought the time down to 47 minutes.", RELATED),
        ("OldNet [3] plays chess; for each game it used 512 V100 GPUs for training.", INTRODUCTION),
        ("OldNet knows entities. Pre-training it took 30 days on 512 V100 GPUs.", INTRODUCTION),
        ("OldNet was trained on 512 V100 GPUs for 9 days; we say nothing of that scale.", RELATED),
        ("OldNet replaces them by a model that was trained on 512 V100 GPUs.", "Main"),
    ],
)
def test_a_training_in_an_account_of_others_is_theirs(text: str, section: str, told: Told) -> None:
    assert told("run.count", text, section) == []


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("Unlike OldNet, we trained all networks on 512 V100 GPUs.", INTRODUCTION),
        ("Training took 9 days on 512 V100 GPUs.", INTRODUCTION),
        ("All networks were trained on 512 V100 GPUs.", "2 Background and experimental set-up"),
        ("OldNet has many layers. All networks were trained on 512 V100 GPUs.", "3 Training"),
    ],
)
def test_what_a_paper_says_of_itself_is_its_own_wherever_it_stands(
    text: str, section: str, told: Told
) -> None:
    assert told("run.count", text, section) == [512.0]


def test_the_parts_of_a_section_on_others_are_on_others(paragraph: Make, document: MakeDocument) -> None:
    titles = ("1 Introduction", "2 Related work", "2.1 Boundaries", "2.2 Sizes", "3 Method", "3.1 Encoder")
    paper = document(*(paragraph("Words.", title) for title in titles))
    assert accounts_of(paper, Ownership()).related == {"2 Related work", "2.1 Boundaries", "2.2 Sizes"}


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Training Large Models: A Survey of Hardware", ""),
        ("An overview of optimizers", ""),
        ("Who pays?", "We collect what 160 papers say about their training."),
        ("Small models", "This position paper argues. We review how 58 papers describe data."),
        ("Small models", "This survey is about means."),
    ],
)
def test_a_survey_says_so(title: str, abstract: str, paragraph: Make, document: MakeDocument) -> None:
    assert is_survey(document(paragraph(abstract or "Words.", region="abstract"), title=title))


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("ZipNet: A Network for Satellite Surveys", "We propose ZipNet. It reads surveys of the sky."),
        ("Review Helpfulness with ZipNet", "We train ZipNet on 40,000 reviews of books."),
    ],
)
def test_a_paper_on_surveys_or_reviews_is_none(
    title: str, abstract: str, paragraph: Make, document: MakeDocument
) -> None:
    assert not is_survey(document(paragraph(abstract, region="abstract"), title=title))


@pytest.mark.parametrize(
    ("text", "own", "aside"),
    [
        ("The largest run used 512 V100 GPUs for 9 days of training.", [], [512.0]),
        ("For this survey we trained one network on 512 V100 GPUs.", [512.0], []),
    ],
)
def test_a_survey_tells_of_others_unless_it_says_that_its_authors_trained(
    text: str, own: list[float], aside: list[float], paragraph: Make, document: MakeDocument
) -> None:
    setting = "Networks are trained with a learning rate of 0.1."
    paper = document(paragraph(setting), paragraph(text, "3 Hardware"), title="Training: A Survey")
    found = trainings(context_of(paper))
    counts = [
        [c.value.value for d in drafts for c in d.candidates if c.path == "run.count" and isinstance(c.value, Quantity)]
        for drafts in (found.own, found.aside)
    ]  # fmt: skip
    assert counts == [own, aside]


@pytest.mark.parametrize("section", ["5 Discussion", "6 Limitations", "Broader impact", "Ethics statement"])
def test_a_paper_that_names_its_models_speaks_of_others_where_it_sets_them_beside_its_own(
    section: str, paragraph: Make, document: MakeDocument
) -> None:
    abstract = paragraph("We propose ZipNet, a network for images.", region="abstract")
    others = paragraph("OldNet and FarNet-2 are larger. FarNet-2 used 384 V100 GPUs for 9 days.", section)
    own = paragraph("ZipNet was trained on 8 V100 GPUs for 2 days.", section)
    found = trainings(context_of(document(abstract, others, own))).own
    counts = [c.value for draft in found for c in draft.candidates if c.path == "run.count"]
    assert [count.value for count in counts if isinstance(count, Quantity)] == [8.0]


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("Others report that OldNet took 9 days on 64 V100 GPUs. Training of BLOOM took 4 months on 384 A100 GPUs.", []),
        ("Others report that OldNet took 9 days on 64 V100 GPUs. Training took 4 months on 384 A100 GPUs.", [384.0]),
        ("Others report that OldNet took 9 days on 64 V100 GPUs. Training our BLOOM took 4 months on 384 A100 GPUs.", [384.0]),
        ("Layers are thin. Training of BLOOM took 4 months on 384 A100 GPUs.", [384.0]),
    ],
)  # fmt: skip
def test_what_goes_on_with_a_well_known_model_after_others_account_is_of_others(
    text: str, counts: list[float], told: Told
) -> None:
    assert told("run.count", text, "5 Costs") == counts


@pytest.mark.parametrize("opening", ["For context", "For scale", "For perspective"])
def test_what_a_paper_gives_for_scale_may_be_its_own(opening: str, told: Told) -> None:
    assert told("run.count", f"{opening}, training took 9 days on 64 V100 GPUs.", "5 Costs") == [64.0]
