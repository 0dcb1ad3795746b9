"""What the rest of a paper says of a fact goes with it, in features and in words; no value changes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId
from extractors.facts.records import Proposal
from extractors.facts.values import Name, Quantity, Value
from extractors.ownership import Ownership
from extractors.physics import FITTING
from extractors.surroundings import PREFIX, surrounded

PAPER = PaperId("2007.05558")
NOBODY = Ownership()
THIRD, THIRDS = round(1 / 3, 9), round(2 / 3, 9)
TWO, THREE, FOUR, FIVE, SIX = (round(math.log(number), 9) for number in range(2, 7))
"""Logarithms as the features have them: of one more than the count, or than the distance in points."""


def entity(
    kind: EntityKind, slug: str, values: Mapping[str, Value], table: str = "", page: int = 1
) -> list[Proposal]:
    """The proposals of one entity, all from one table or from the text."""
    where = Evidence("0" * 64, page, None, table or "Training", "words", "test.rule")
    id = EntityId(PAPER, kind, slug)
    features = {"in_table": float(bool(table)), "seen_by_a_rule": 1.0}
    return [Proposal(CellKey(id, field), value, where, (), features) for field, value in values.items()]


def result(
    slug: str,
    score: float,
    table: str = "",
    page: int = 1,
    *,
    benchmark: str = "imagenet",
    metric: str = "top1_accuracy",
    model: str = "",
    standing: str = "other",
) -> list[Proposal]:
    names = {"model": model or slug, "benchmark": benchmark, "metric": metric, "standing": standing}
    said = {field: Name(id, id) for field, id in names.items()}
    return entity("result", slug, {**said, "score": Quantity.exact(score, "percent")}, table, page)


def model(slug: str, parameters: float, table: str = "", role: str = "own") -> list[Proposal]:
    size = Quantity.exact(parameters, "parameters")
    return entity("model", slug, {"role": Name(role, role), "parameters": size}, table)


def run(slug: str, phase: str = "training", **values: Value) -> list[Proposal]:
    return entity("run", slug, {"phase": Name(phase, phase), **values})


def epochs(number: float) -> Value:
    return Quantity.exact(number, "epochs")


DAY: Value = Quantity.exact(86_400, "s")


def around(proposals: Sequence[Proposal], slug: str, field: str) -> dict[str, float]:
    """What is said about one cell."""
    (item,) = [
        one
        for one in surrounded(proposals, NOBODY)
        if (one.cell.entity.slug, one.cell.field) == (slug, field)
    ]
    assert item.features["seen_by_a_rule"]
    return {name.removeprefix(PREFIX): value for name, value in item.features.items() if PREFIX in name}


def about(proposals: Sequence[Proposal], field: str, name: str) -> dict[str, float]:
    """One feature of all cells of a field, by the slugs of their entities."""
    found = {one.cell.entity.slug: one for one in surrounded(proposals, NOBODY) if one.cell.field == field}
    return {slug: round(one.features[PREFIX + name], 9) for slug, one in found.items()}


MAIN = [
    *result("small", 76.0, "Table 2", 5),
    *result("large", 79.0, "Table 2", 5, standing="best"),
    *result("trial", 74.0, "Table 1", 6),
    *result("said", 79.0),
    *result("elsewhere", 1.0, "Table 2", 5, benchmark="cifar-10", metric="error"),
]


def test_a_score_has_its_standing_in_its_benchmark() -> None:
    assert about(MAIN, "score", "best") == {"small": 0, "large": 1, "trial": 0, "said": 0, "elsewhere": 0}
    behind = {"small": FOUR, "large": 0, "trial": SIX, "said": 0, "elsewhere": 0}
    assert about(MAIN, "score", "behind") == behind
    assert about(MAIN, "score", "beaten") == {
        "small": 0.5,
        "large": 0,
        "trial": 0.75,
        "said": 0,
        "elsewhere": 0,
    }
    assert about(MAIN, "score", "repeated")["large"] == TWO


def test_the_catalogue_tells_which_scores_are_better() -> None:
    errors = [
        *result("worse", 24.0, metric="top1_error"),
        *result("better", 21.0, metric="top1_error"),
    ]
    assert about(errors, "score", "beaten") == {"worse": 0.5, "better": 0}


def test_a_score_knows_what_its_table_is_to_its_benchmark() -> None:
    def said(name: str) -> dict[str, float]:
        return {slug: value for slug, value in about(MAIN, "score", name).items() if slug != "elsewhere"}

    assert said("scores_here") == {"small": THREE, "large": THREE, "trial": TWO, "said": TWO}
    assert said("first_table") == {"small": 1, "large": 1, "trial": 0, "said": 0}
    assert said("table_behind") == {"small": 0, "large": 0, "trial": SIX, "said": 0}
    assert said("best_of_table") == {"small": THIRD, "large": THIRD, "trial": 0, "said": 0}


def test_a_score_knows_how_much_the_paper_has_of_its_benchmark() -> None:
    assert about(MAIN, "score", "benchmark_scores")["trial"] == FIVE
    assert about(MAIN, "score", "benchmark_places")["trial"] == FOUR
    assert about(MAIN, "score", "benchmark_scores")["elsewhere"] == TWO


def test_scores_of_a_model_whose_training_is_told() -> None:
    told = [*MAIN, *run("net", model=Name("large", "Large"), epochs=epochs(90))]
    assert about(MAIN, "score", "trained")["large"] == 0
    assert about(told, "score", "trained")["large"] == 1


SIZES = [*model("small", 1e7, "Table 2"), *model("middle", 1e8, "Table 2"), *model("large", 1e10, "Table 3")]


def test_a_size_is_compared_with_the_others_of_the_paper() -> None:
    assert about(SIZES, "parameters", "from_middle") == {"small": 1, "middle": 0, "large": 2}
    assert about(SIZES, "parameters", "sizes") == dict.fromkeys(("small", "middle", "large"), FOUR)
    assert about(SIZES, "parameters", "sizes_here") == {"small": THREE, "middle": THREE, "large": TWO}


def test_a_size_beside_the_best_score_of_the_paper() -> None:
    assert about([*SIZES, *MAIN], "parameters", "best_here") == {"small": 1, "middle": 1, "large": 0}
    in_text = [*model("net", 1e8), *result("said", 79.0, standing="best")]
    assert about(in_text, "parameters", "best_here") == {"net": 0}


def test_of_models_of_others_only_their_number_is_said() -> None:
    proposals = [*model("theirs", 1e8, role="baseline"), *SIZES]
    assert around(proposals, "theirs", "parameters") == {}
    said = around(proposals, "small", "parameters")
    assert said == {**around(SIZES, "small", "parameters"), "baselines": math.log(2)}


def test_a_size_of_a_proposed_model() -> None:
    sizes = [*model("net", 1e8, role="headline"), *SIZES]
    assert about(sizes, "parameters", "headline") == {"net": 1, "small": 0, "middle": 0, "large": 0}


def test_a_run_knows_whether_its_model_is_named_and_scored() -> None:
    runs = [
        *run("ours", model=Name("large", "Large"), epochs=epochs(90)),
        *run("theirs", model=Name("old", "Old"), epochs=epochs(90)),
        *run("all", epochs=epochs(90)),
    ]
    assert about([*MAIN, *runs], "epochs", "model") == {"ours": 1, "theirs": 1, "all": 0}
    assert about([*MAIN, *runs], "epochs", "scored") == {"ours": TWO, "theirs": 0, "all": 0}


def test_a_bare_kind_of_accelerator_beside_runs_that_name_theirs() -> None:
    bare, named = run("a", accelerator=device("GPU"), epochs=epochs(3)), run("b", accelerator=device("A100"))
    assert about([*bare, *named], "accelerator", "bare_among_named") == {"a": 1, "b": 0}
    assert about([*bare, *named], "epochs", "bare_among_named") == {"a": 0}
    assert about(bare, "accelerator", "bare_among_named") == {"a": 0}


def test_runs_agree_or_do_not() -> None:
    runs = [
        *run("a", epochs=epochs(90), wall_time=DAY),
        *run("b", epochs=epochs(90)),
        *run("c", epochs=epochs(300)),
        *run("d", "finetuning", epochs=epochs(3), accelerator=Name("NVIDIA Tesla V100", "V100")),
    ]
    assert about(runs, "epochs", "agrees") == {"a": 1, "b": 1, "c": 0, "d": 0}
    assert about(runs, "epochs", "agreeing_share") == {"a": 0.5, "b": 0.5, "c": 0.25, "d": 0.25}
    assert about(runs, "epochs", "agreeing_in_phase") == {"a": THIRDS, "b": THIRDS, "c": THIRD, "d": 1}
    assert about(runs, "epochs", "phases") == dict.fromkeys("abcd", THREE)
    assert about(runs, "epochs", "circumstances") == {"a": 1, "b": 0, "c": 0, "d": 1}
    assert about(runs, "epochs", "others_timed") == {"a": 0, "b": 1, "c": 1, "d": 1}
    assert about(runs, "wall_time", "agreeing_share") == {"a": 1}


def doubts(proposals: Sequence[Proposal], slug: str, field: str) -> tuple[str, ...]:
    """What is said against one cell, in words."""
    return next(
        one.reasons
        for one in surrounded(proposals, NOBODY)
        if (one.cell.entity.slug, one.cell.field) == (slug, field)
    )


def test_a_score_is_doubted_where_the_best_stands_elsewhere() -> None:
    assert doubts(MAIN, "large", "score") == ()
    assert "the best score, 79, stands in Table 2" in doubts(MAIN, "trial", "score")
    in_text = [*result("said", 79.0, standing="best"), *result("trial", 74.0, "Table 1", 6)]
    assert doubts(in_text, "trial", "score") == ()


def test_a_score_is_doubted_in_a_table_that_compares_many() -> None:
    many = [said for n in range(11) for said in result(f"r{n}", 70.0 + n, "Table 3")]
    assert doubts(many, "r3", "score") == ("ten other scores of this benchmark in this table",)
    fewer = [item for item in many if item.cell.entity.slug != "r10"]
    assert doubts(fewer, "r3", "score") == ()


def test_a_score_is_doubted_whose_model_has_several_or_no_name() -> None:
    trials = [said for n in range(4) for said in result(f"r{n}", 70.0 + n, model="net")]
    assert doubts(trials, "r1", "score") == ("three other scores of the same model",)
    assert doubts(trials[:10], "r1", "score") == ()
    nameless = [item for item in result("r", 70.0) if item.cell.field != "model"]
    assert doubts(nameless, "r", "score") == ("nothing names the model",)


def test_a_size_is_doubted_that_is_far_from_the_others() -> None:
    sizes = [*model("a", 1e6), *model("b", 2e8), *model("c", 1e9), *model("d", 3e11), *model("e", 1.5e8)]
    named = [
        *sizes,
        *(said for slug in "abcde" for said in entity("model", slug, {"name": Name(slug, slug)})),
    ]
    assert doubts(named, "d", "parameters") == ("1,500 times the median of the paper's models",)
    assert doubts(named, "a", "parameters") == ("the median of the paper's models is 200 times as large",)
    assert doubts(named, "c", "parameters") == ()
    assert doubts(sizes, "c", "parameters") == ("nothing names the model",)


def device(name: str) -> Value:
    return Name(name, name)


def test_a_run_is_doubted_that_is_alone_with_its_schedule_or_device() -> None:
    schedules = [*run("a", epochs=epochs(90)), *run("b", epochs=epochs(300)), *run("c", epochs=epochs(300))]
    assert doubts(schedules, "a", "epochs") == ("one other number of epochs in this paper: 300",)
    assert doubts(schedules, "b", "epochs") == ()
    many = [said for n in (3, 6, 12, 50, 150) for said in run(f"r{n}", epochs=epochs(n))]
    assert doubts(many, "r3", "epochs") == ("four other numbers of epochs in this paper",)
    assert doubts(many[:8], "r3", "epochs") == ("three other numbers of epochs in this paper: 6, 12 or 50",)
    devices = [*run("a", accelerator=device("GPU")), *run("b", accelerator=device("NVIDIA A100"))]
    assert doubts(devices, "a", "accelerator") == ("one other accelerator in this paper: NVIDIA A100",)
    assert doubts(devices, "b", "accelerator") == ()


def test_a_run_is_doubted_that_lacks_what_others_have() -> None:
    runs = [
        *run("told", model=Name("net", "Net"), epochs=epochs(90), wall_time=DAY),
        *run("bare", epochs=epochs(90)),
    ]
    assert doubts(runs, "told", "epochs") == ()
    assert doubts(runs, "bare", "epochs") == (
        "other runs name their model, this one does not",
        "other runs have a time, this one has none",
    )


def test_doubts_stand_between_those_that_are_known_and_what_physics_bears_out() -> None:
    fits = FITTING + "implied utilisation 30%"
    known = [replace(item, reasons=("a doubt", fits)) for item in result("trial", 74.0, "Table 1", 6)]
    reasons = doubts([*MAIN[:10], *known], "trial", "score")
    assert reasons == ("a doubt", "the best score, 79, stands in Table 2", fits)


def test_doubts_are_counted_whoever_has_them() -> None:
    known = [
        replace(item, reasons=("a doubt", FITTING + "this")) for item in result("trial", 74.0, "Table 1")
    ]
    assert about(known, "score", "doubts") == {"trial": TWO}
    assert about([*MAIN[:10], *known], "score", "doubts")["trial"] == THREE


def test_what_says_who_and_which_has_no_features() -> None:
    assert all(
        not any(name.startswith(PREFIX) for name in item.features)
        for item in surrounded([*MAIN, *SIZES, *run("a", epochs=epochs(90))], NOBODY)
        if item.cell.field not in ("score", "parameters", "epochs")
    )


SLUGS = st.sampled_from("abcdef")
TABLES = st.sampled_from(("", "Table 1", "Table 2"))
RESULTS = st.builds(
    result,
    SLUGS,
    st.sampled_from((0.1, 20.0, 76.8, 76.9)),
    TABLES,
    st.integers(1, 9),
    metric=st.sampled_from(("top1_accuracy", "top1_error", "unheard-of")),
    standing=st.sampled_from(("best", "other")),
)
MODELS = st.builds(
    model, SLUGS, st.sampled_from((1e6, 3.3e6, 7e9)), TABLES, st.sampled_from(("own", "baseline"))
)
RUNS = st.builds(
    run, SLUGS, st.sampled_from(("training", "search")), epochs=st.sampled_from((3.0, 90.0)).map(epochs)
)


@st.composite
def papers(draw: st.DrawFn) -> list[Proposal]:
    """Proposals of one paper, each cell once."""
    found = draw(st.lists(st.one_of(RESULTS, MODELS, RUNS), max_size=12))
    once = {(said[0].cell.entity): said for said in found}
    return [item for said in once.values() for item in said]


@given(papers(), st.data())
def test_order_does_not_matter_and_values_never_change(paper: list[Proposal], data: st.DataObject) -> None:
    marked = surrounded(paper, NOBODY)
    assert [(one.cell, one.value, one.evidence, one.rivals) for one in marked] == [
        (one.cell, one.value, one.evidence, one.rivals) for one in paper
    ]
    shuffled = data.draw(st.permutations(paper))
    assert {one.cell: one for one in surrounded(shuffled, NOBODY)} == {one.cell: one for one in marked}
    assert all(0 <= value < 7 for one in marked for value in one.features.values())


# Models of other papers


def test_a_well_known_model_is_doubted_in_all_papers_but_its_own() -> None:
    size = Quantity.exact(25.6e6, "parameters")
    paper = [
        *entity("model", "a", {"name": Name("ResNet-50", "ResNet-50"), "parameters": size}),
        *entity("model", "b", {"name": Name("ZipNet-50", "ZipNet-50"), "parameters": size}),
    ]

    def told(ownership: Ownership) -> list[tuple[float, bool]]:
        sizes = (one for one in surrounded(paper, ownership) if one.cell.field == "parameters")
        doubt = "ResNet-50 is a model of another paper"
        return [(one.features[PREFIX + "known_elsewhere"], doubt in one.reasons) for one in sizes]

    assert told(Ownership(title="ZipNet: Nets That Close")) == [(1.0, True), (0.0, False)]
    assert told(Ownership(title="Deep Residual Learning for Image Recognition")) == [
        (0.0, False),
        (0.0, False),
    ]
    assert told(Ownership(("ResNet",))) == [(0.0, False), (0.0, False)]
