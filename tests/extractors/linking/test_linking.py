"""Statements of one thing in several places become one entity; statements of two things stay two."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from extractors.drafts import Draft
from extractors.facts.evidence import Evidence
from extractors.facts.ids import SLUG_LIMIT, EntityId, PaperId
from extractors.facts.records import Candidate, Proposal
from extractors.facts.values import Name, Quantity, Value
from extractors.linking import link
from extractors.linking.slugs import SlugMint
from extractors.ownership import Ownership

PAPER = PaperId("2007.05558")
V100 = {"run.accelerator": Name("NVIDIA Tesla V100", "V100")}
EIGHT = {"run.count": Quantity.exact(8, "devices")}


def seconds(value: float) -> dict[str, Value]:
    return {"run.wall_time": Quantity.exact(value, "s")}


def draft(kind: str, mention: str | None, values: Mapping[str, Value], page: int = 1) -> Draft:
    evidence = Evidence("0" * 64, page, None, "Training", f"words on page {page}", "test.rule")
    found = tuple(Candidate(path, value, evidence) for path, value in values.items())
    match kind:
        case "model" | "run" | "result":
            return Draft(kind, mention, found)
    raise ValueError(kind)


def cells(proposals: tuple[Proposal, ...]) -> dict[str, Value]:
    return {str(p.cell).removeprefix(f"{PAPER}/"): p.value for p in proposals}


def accuracy(value: float, setting: str = "unspecified") -> dict[str, Value]:
    return {
        "result.benchmark": Name("imagenet-1k", "ImageNet"),
        "result.metric": Name("top1_accuracy", "top-1"),
        "result.split": Name("val", "val"),
        "result.setting": Name(setting, setting),
        "result.score": Quantity.exact(value, "percent"),
    }


def test_a_time_and_the_hardware_it_names_again_are_one_run() -> None:
    drafts = [
        draft("run", None, {**V100, **EIGHT}),
        draft("run", None, {**V100, **EIGHT, **seconds(3600)}, 2),
    ]
    found = cells(link(PAPER, drafts, Ownership()))
    assert set(found) == {"run/all#accelerator", "run/all#count", "run/all#wall_time"}


def test_two_times_on_the_same_hardware_are_two_runs() -> None:
    drafts = [
        draft("run", "Base", {**V100, **EIGHT, **seconds(3600)}),
        draft("run", "Big", {**V100, **EIGHT, **seconds(7200)}),
    ]
    found = cells(link(PAPER, drafts, Ownership()))
    assert found["run/base#wall_time"] == Quantity.exact(3600, "s")
    assert found["run/big#wall_time"] == Quantity.exact(7200, "s")
    assert found["run/big#model"] == Name("big", "Big")


def test_a_time_without_hardware_takes_the_only_hardware_the_paper_states() -> None:
    drafts = [draft("run", None, {**V100, **EIGHT}), draft("run", "Big", seconds(7200), 3)]
    proposals = link(PAPER, drafts, Ownership())
    found = cells(proposals)
    assert found["run/big#count"] == Quantity.exact(8, "devices")
    assert next(p for p in proposals if p.cell.field == "count").features["lent_hardware"] == 1.0
    assert not [name for name in found if name.startswith("run/all")]


def test_with_two_stated_hardwares_a_bare_time_takes_neither() -> None:
    other: dict[str, Value] = {
        "run.accelerator": Name("NVIDIA A100", "A100"),
        "run.count": Quantity.exact(4, "devices"),
    }
    drafts = [
        draft("run", None, {**V100, **EIGHT}),
        draft("run", None, other),
        draft("run", "Big", seconds(7200)),
    ]
    assert set(cells(link(PAPER, drafts, Ownership()))) >= {
        "run/big#wall_time",
        "run/all#count",
        "run/all-2#count",
    }
    assert "run/big#count" not in cells(link(PAPER, drafts, Ownership()))


def test_a_time_with_the_stated_accelerator_but_no_count_takes_its_count() -> None:
    drafts = [draft("run", None, {**V100, **EIGHT}), draft("run", "Big", {**V100, **seconds(7200)}, 3)]
    assert cells(link(PAPER, drafts, Ownership()))["run/big#count"] == EIGHT["run.count"]


def test_a_number_of_bare_gpus_takes_the_one_name_that_the_paper_says() -> None:
    many: dict[str, Value] = {
        "run.accelerator": Name("GPU", "GPUs"),
        "run.count": Quantity.exact(64, "devices"),
    }
    drafts = [draft("run", None, {**V100, **EIGHT}), draft("run", "Big", {**many, **seconds(7200)}, 3)]
    assert cells(link(PAPER, drafts, Ownership()))["run/big#accelerator"] == V100["run.accelerator"]
    other = draft("run", None, {"run.accelerator": Name("NVIDIA A100", "A100"), **EIGHT}, 4)
    assert cells(link(PAPER, [*drafts, other], Ownership()))["run/big#accelerator"] == Name("GPU", "GPUs")


@pytest.mark.parametrize(
    ("lesser", "better"),
    [
        ({"points": 2.0}, {"points": 4.0}),
        ({"points": 4.0, "in_footnote": 1.0}, {"points": 2.0}),
        ({"points": 4.0, "generic_name": 1.0}, {"points": 4.0}),
    ],
)
def test_a_fact_is_cited_where_it_is_said_of_training_in_full(
    lesser: dict[str, float], better: dict[str, float]
) -> None:
    first, second = draft("run", None, {**V100, **EIGHT}, 1), draft("run", None, {**V100, **EIGHT}, 2)
    drafts = [replace(first, features=lesser), replace(second, features=better)]
    assert {proposal.evidence.page for proposal in link(PAPER, drafts, Ownership())} == {2}


def test_a_time_of_no_model_is_the_one_proposed_models() -> None:
    known = draft("model", "DemoNet", {"model.parameters": Quantity.exact(1e6, "parameters")})
    timed = draft("run", None, {**V100, **EIGHT, **seconds(7200)})
    named = cells(link(PAPER, [known, timed], Ownership(("DemoNet",))))
    assert named["run/demonet#model"] == Name("demonet", "DemoNet")
    of_all = replace(
        timed, candidates=tuple(replace(c, features={"all_work": 1.0}) for c in timed.candidates)
    )
    assert "run/all#wall_time" in cells(link(PAPER, [known, of_all], Ownership(("DemoNet",))))


def test_a_bare_gpu_gives_way_to_the_name_said_elsewhere() -> None:
    gpu = {"run.accelerator": Name("GPU", "GPUs")}
    drafts = [draft("run", None, {**gpu, **EIGHT}), draft("run", None, {**V100, **EIGHT, **seconds(60)})]
    found = cells(link(PAPER, drafts, Ownership()))
    assert found["run/all#accelerator"] == V100["run.accelerator"]
    assert len([name for name in found if name.endswith("#accelerator")]) == 1


def test_the_value_that_most_places_state_is_proposed_and_the_other_is_its_rival() -> None:
    sizes = [25.6e6, 25.5e6, 23.0e6]
    drafts = [
        draft("model", "Net", {"model.parameters": Quantity.exact(size, "parameters")}, page)
        for page, size in enumerate([23.0e6, *sizes[:2]], start=1)
    ]
    proposal = next(p for p in link(PAPER, drafts, Ownership()) if p.cell.field == "parameters")
    assert proposal.value == Quantity.exact(25.6e6, "parameters")
    assert [rival.value for rival in proposal.rivals] == [Quantity.exact(23.0e6, "parameters")]
    assert proposal.features["agreeing"] == 1.0
    assert proposal.reasons == ("the paper also says 2.3e+07",)


def test_prints_of_one_name_are_one_model_with_its_role() -> None:
    drafts = [
        draft("model", "DemoNet-50", {"model.parameters": Quantity.exact(1e6, "parameters")}),
        draft("result", "DemoNet50 (ours)", accuracy(76.3)),
    ]
    found = cells(link(PAPER, drafts, Ownership(("DemoNet-50",))))
    assert found["model/demonet-50#role"] == Name("headline", "DemoNet-50")
    assert found["result/demonet-50.imagenet-1k.top1-accuracy.val#model"] == Name(
        "demonet-50", "DemoNet50 (ours)"
    )
    assert len([name for name in found if name.endswith("#name")]) == 1


def test_a_result_without_a_name_belongs_to_the_one_proposed_model() -> None:
    found = cells(link(PAPER, [draft("result", None, accuracy(76.3))], Ownership(("DemoNet",))))
    assert found["result/demonet.imagenet-1k.top1-accuracy.val#model"] == Name("demonet", "DemoNet")


def test_single_and_ensemble_are_two_results() -> None:
    drafts = [draft("result", "Net", accuracy(76.3)), draft("result", "Net", accuracy(78.0, "ensemble"))]
    scores = {k: v for k, v in cells(link(PAPER, drafts, Ownership())).items() if k.endswith("#score")}
    assert len(scores) == 2


def test_costs_without_any_name_belong_to_an_unnamed_model() -> None:
    size: dict[str, Value] = {"model.parameters": Quantity.exact(1e6, "parameters")}
    assert cells(link(PAPER, [draft("model", None, size)], Ownership())) == {
        "model/unnamed#parameters": Quantity.exact(1e6, "parameters")
    }


def test_no_drafts_no_proposals() -> None:
    assert link(PAPER, [], Ownership()) == ()


def test_a_sentence_that_repeats_a_tables_number_is_that_tables_result() -> None:
    row = replace(draft("result", "Net-50", accuracy(76.3)), features={"in_table": 1.0})
    said = draft("result", None, accuracy(76.3), 2)
    found = [p for p in link(PAPER, [said, row], Ownership()) if p.cell.field == "score"]
    assert [str(p.cell.entity) for p in found] == [f"{PAPER}/result/net-50.imagenet-1k.top1-accuracy.val"]
    assert (found[0].evidence.page, found[0].features["agreeing"]) == (1, 1.0)


def test_a_row_of_a_study_or_the_appendix_that_repeats_a_result_is_that_result() -> None:
    row = replace(draft("result", "Net-50", accuracy(76.3), 4), features={"in_table": 1.0})
    again = replace(draft("result", "full", accuracy(76.3), 2), features={"in_table": 1.0, "ablation": 1.0})
    other = replace(again, mention="half", candidates=draft("result", None, accuracy(75.1), 2).candidates)
    found = [p for p in link(PAPER, [again, other, row], Ownership()) if p.cell.field == "score"]
    assert [(p.value, p.evidence.page) for p in found] == [
        (Quantity.exact(76.3, "percent"), 4),
        (Quantity.exact(75.1, "percent"), 2),
    ]
    assert (
        len(
            [
                p
                for p in link(PAPER, [row, replace(row, mention="Net-101")], Ownership())
                if p.cell.field == "score"
            ]
        )
        == 2
    )


def test_a_row_knows_its_model_and_setting_better_than_sentences_that_repeat_its_number() -> None:
    row = replace(draft("result", "Net-50", accuracy(76.3, "single")), features={"in_table": 1.0})
    said = [draft("result", "Net", accuracy(76.3), page) for page in (2, 3)]
    found = cells(link(PAPER, [row, *said], Ownership(("Net",))))
    result = "result/net-50.imagenet-1k.top1-accuracy.val.single"
    assert found[f"{result}#model"] == Name("net-50", "Net-50")
    assert found[f"{result}#setting"] == Name("single", "single")


def test_a_sentence_with_another_number_is_another_result() -> None:
    row = replace(draft("result", "Net-50", accuracy(76.3)), features={"in_table": 1.0})
    proposals = link(PAPER, [row, draft("result", "Net-101", accuracy(77.9))], Ownership())
    assert len([p for p in proposals if p.cell.field == "score"]) == 2


def test_rows_of_one_name_with_different_scores_are_two_results() -> None:
    first = replace(draft("result", "Net-50", accuracy(76.3)), features={"in_table": 1.0})
    second = replace(draft("result", "Net-50", accuracy(77.9), 2), features={"in_table": 1.0})
    found = cells(link(PAPER, [first, second, first], Ownership()))
    scores = {key: value for key, value in found.items() if key.endswith("#score")}
    assert list(scores.values()) == [Quantity.exact(76.3, "percent"), Quantity.exact(77.9, "percent")]


def test_a_sentence_that_repeats_a_rows_cost_speaks_of_that_rows_model() -> None:
    size: dict[str, Value] = {"model.parameters": Quantity.exact(52e6, "parameters")}
    row = replace(draft("model", "Net-L (1536)", size), features={"in_table": 1.0})
    found = link(PAPER, [draft("model", None, size, 2), draft("model", "Net-L", size, 3), row], Ownership())
    sizes = [p for p in found if p.cell.field == "parameters"]
    assert [(str(p.cell.entity), p.features["agreeing"]) for p in sizes] == [
        (f"{PAPER}/model/net-l-1536", 2.0)
    ]


def test_a_slug_cut_at_a_hyphen_is_still_one() -> None:
    mint, name = SlugMint(), "x" * (SLUG_LIMIT - 6) + "-large"
    slugs = [mint.mint(name), mint.mint(name)]
    assert len(set(slugs)) == 2
    assert [EntityId(PAPER, "model", slug).slug for slug in slugs] == slugs


def test_whose_a_model_is_most_places_that_give_its_costs_say() -> None:
    size: dict[str, Value] = {"model.parameters": Quantity.exact(9e9, "parameters")}
    cited: dict[str, Value] = {**size, "model.role": Name("baseline", "OldNet")}

    def role(*drafts: Draft) -> Value:
        return cells(link(PAPER, drafts, Ownership(("ZipNet",))))["model/oldnet#role"]

    assert role(draft("model", "OldNet", cited)) == Name("baseline", "OldNet")
    assert role(draft("model", "OldNet", cited), draft("model", "OldNet", size)) == Name("baseline", "OldNet")
    assert role(*[draft("model", "OldNet", size)] * 2, draft("model", "OldNet", cited)) == Name(
        "own", "OldNet"
    )


def test_a_proposed_model_is_the_papers_own_whatever_else_is_said() -> None:
    cited: dict[str, Value] = {
        "model.parameters": Quantity.exact(4e6, "parameters"),
        "model.role": Name("baseline", "ZipNet"),
    }
    found = cells(link(PAPER, [draft("model", "ZipNet", cited)], Ownership(("ZipNet",))))
    assert found["model/zipnet#role"] == Name("headline", "ZipNet")


def parameters(value: float, *, foreign: bool = False) -> dict[str, Value]:
    role: dict[str, Value] = {"model.role": Name("baseline", "it")} if foreign else {}
    return {"model.parameters": Quantity.exact(value, "parameters"), **role}


def test_sizes_of_one_name_are_models_of_their_own() -> None:
    drafts = [
        draft("model", "ZipNet", parameters(1.3e9)),
        draft("model", "ZipNet", parameters(7e9), 2),
        draft("model", "ZipNet", parameters(7.1e9), 3),
        draft("model", "ZipNet", parameters(7e9), 4),
    ]
    found = cells(link(PAPER, drafts, Ownership()))
    assert found["model/zipnet#parameters"] == Quantity.exact(7e9, "parameters")
    assert found["model/zipnet-2#parameters"] == Quantity.exact(1.3e9, "parameters")


def test_what_a_cited_row_and_an_own_one_give_otherwise_is_of_two_models() -> None:
    drafts = [
        draft("model", "OldNet [9]", parameters(3.9e9, foreign=True)),
        draft("model", "OldNet", parameters(3.8e9), 5),
    ]
    found = cells(link(PAPER, drafts, Ownership()))
    assert found["model/oldnet-9#role"] == Name("baseline", "OldNet [9]")
    assert found["model/oldnet-9-2#parameters"] == Quantity.exact(3.8e9, "parameters")
    assert found["model/oldnet-9-2#role"] == Name("own", "OldNet")


def test_a_cited_model_without_a_name_is_not_the_proposed_one() -> None:
    drafts = [
        draft("model", "ZipNet", parameters(340e6)),
        draft("model", None, parameters(100e6, foreign=True)),
    ]
    found = cells(link(PAPER, drafts, Ownership(("ZipNet",))))
    assert [
        value.id for path, value in found.items() if path.endswith("#role") and isinstance(value, Name)
    ] == [
        "headline",
        "baseline",
    ]


ENERGY = {"run.energy": Quantity.exact(239e3, "kWh")}
PEBBLES = {"run.training_set": Name("pebbles", "Pebbles")}
MIXED, BF16 = ({"run.number_format": Name(id, id)} for id in ("mixed", "bf16"))


def test_resources_told_elsewhere_are_those_of_the_only_run() -> None:
    found = cells(
        link(PAPER, [draft("run", None, {**V100, **EIGHT}), draft("run", "Net", ENERGY, 4)], Ownership())
    )
    assert found["run/all#energy"] == ENERGY["run.energy"]
    assert {key.partition("#")[0] for key in found} == {"run/all", "model/net"}


def test_resources_go_to_the_run_of_the_same_model_or_data() -> None:
    drafts = [
        draft("run", "Base", {**V100, **EIGHT, **seconds(3600)}),
        draft("run", "Big", {**V100, **EIGHT, **seconds(7200), **PEBBLES}),
        draft("run", "Base", ENERGY, 4),
        draft("run", None, {**PEBBLES, "run.training_set_size": Quantity.exact(2e6, "examples")}, 5),
    ]
    found = cells(link(PAPER, drafts, Ownership()))
    assert found["run/base#energy"] == ENERGY["run.energy"]
    assert "run/big#training_set_size" in found
    assert {key for key in found if key.startswith("run/all")} == set()


def test_a_schedule_that_may_be_of_several_runs_is_said_of_each_and_the_resources_beside_it_of_one() -> None:
    epochs: dict[str, Value] = {"run.epochs": Quantity.exact(90, "epochs")}
    drafts = [
        draft("run", "Net", {**V100, **EIGHT, **seconds(3600)}),
        draft("run", "Net", {**V100, **EIGHT, **seconds(7200)}),
        draft("run", "Net", {**epochs, **PEBBLES}, 4),
    ]
    found = cells(link(PAPER, drafts, Ownership()))
    assert [value for key, value in found.items() if key.endswith("#training_set")] == [
        PEBBLES["run.training_set"]
    ]
    assert found["run/net#epochs"] == found["run/net-2#epochs"] == epochs["run.epochs"]


def test_processor_time_is_not_of_devices_that_make_much_less_of_it() -> None:
    thousand: dict[str, Value] = {"run.device_time": Quantity.exact(3.6e6, "device-s")}
    drafts = [
        draft("run", "Net", {**V100, **EIGHT, **seconds(3600)}),
        draft("run", "Net", {**V100, **thousand}, 4),
    ]
    found = cells(link(PAPER, drafts, Ownership()))
    assert "run/net#device_time" not in found
    assert found["run/net-2#device_time"] == thousand["run.device_time"]


def test_a_schedule_that_contradicts_all_runs_of_a_model_is_one_of_its_own() -> None:
    ninety: dict[str, Value] = {"run.epochs": Quantity.exact(90, "epochs")}
    three: dict[str, Value] = {"run.epochs": Quantity.exact(3, "epochs")}
    drafts = [
        draft("run", "Net", {**V100, **EIGHT, **seconds(3600), **ninety}),
        draft("run", "Net", {**V100, **EIGHT, **seconds(7200), **ninety}),
        draft("run", "Net", three, 4),
    ]
    found = cells(link(PAPER, drafts, Ownership()))
    assert found["run/net-3#epochs"] == three["run.epochs"]


def test_resources_that_no_run_can_be_found_for_stand_together_as_one() -> None:
    drafts = [
        draft("run", "Base", {**V100, **EIGHT, **seconds(3600)}),
        draft("run", "Big", {**V100, **EIGHT, **seconds(7200)}),
        draft("run", None, MIXED, 4),
        draft("run", None, ENERGY, 5),
        draft("run", None, {"run.energy": Quantity.exact(5.0, "kWh")}, 6),
    ]
    found = cells(link(PAPER, drafts, Ownership()))
    assert {key for key in found if key.startswith("run/all")} == {
        "run/all#number_format",
        "run/all#energy",
        "run/all-2#energy",
    }


def test_mixed_precision_stands_back_behind_a_named_format() -> None:
    drafts = [
        draft("run", None, {**V100, **EIGHT}),
        draft("run", None, MIXED, 2),
        draft("run", None, MIXED, 3),
        draft("run", None, BF16, 4),
    ]
    (format,) = [p for p in link(PAPER, drafts, Ownership()) if p.cell.field == "number_format"]
    assert format.value == BF16["run.number_format"]
    assert [rival.value for rival in format.rivals] == [MIXED["run.number_format"]]


def printed_parameters(printed: str, value: float) -> dict[str, Value]:
    return {"model.parameters": Quantity.exact(value, "parameters", printed)}


def test_a_rounded_cost_gives_way_to_the_exact_one() -> None:
    drafts = [
        draft("model", "ZipNet", printed_parameters("1.6T", 1.6e12)),
        draft("model", "ZipNet", printed_parameters("1.6 trillion", 1.6e12), 2),
        draft("model", "ZipNet", printed_parameters("1571B", 1571e9), 3),
    ]
    found = cells(link(PAPER, drafts, Ownership()))
    assert found["model/zipnet#parameters"] == Quantity.exact(1571e9, "parameters", "1571B")


def test_a_cost_with_one_digit_more_is_no_better() -> None:
    drafts = [
        draft("model", "ZipNet", printed_parameters("340M", 340e6)),
        draft("model", "ZipNet", printed_parameters("340M", 340e6), 2),
        draft("model", "ZipNet", printed_parameters("335M", 335e6), 3),
    ]
    found = cells(link(PAPER, drafts, Ownership()))
    assert found["model/zipnet#parameters"] == Quantity.exact(340e6, "parameters", "340M")


def test_whose_a_cited_name_is_follows_what_gives_its_costs() -> None:
    drafts = [
        draft("model", "UpNet [69] Slim-S", parameters(81e6)),
        draft("result", "OldNet [3]", accuracy(76.0)),
    ]
    found = cells(link(PAPER, drafts, Ownership(("Slim Transformer",))))
    roles = {
        path: value.id for path, value in found.items() if path.endswith("#role") and isinstance(value, Name)
    }
    assert roles == {"model/upnet-69-slim-s#role": "own", "model/oldnet-3#role": "baseline"}


def test_a_sentence_is_of_the_row_that_it_names_in_part_or_not_at_all() -> None:
    def flops(printed: str, value: float) -> dict[str, Value]:
        return {"model.flops": Quantity.exact(value, "FLOP", printed)}

    row = draft("model", "Old-50 [13]", {**flops("3.86", 3.86e9), "model.role": Name("baseline", "Old-50")})
    own = draft("model", "SG-Old-50 (wide)", flops("3.91", 3.91e9))
    rows = [replace(one, features={"in_table": 1.0}) for one in (row, own)]
    said = [
        draft("model", "SG-Old-50", flops("3.86 GFLOPs", 3.86e9)),
        draft("model", "Old-50", flops("3.9 GFLOPs", 3.9e9)),
        draft("model", None, flops("3.91 GFLOPs", 3.91e9)),
    ]
    found = cells(link(PAPER, [*rows, *said], Ownership()))
    names = {
        value.printed for path, value in found.items() if path.endswith("#name") and isinstance(value, Name)
    }
    assert names == {"Old-50 [13]", "SG-Old-50 (wide)", "SG-Old-50"}


def test_a_table_tells_whose_a_model_is_before_sentences_do() -> None:
    row = replace(draft("model", "Spine-53", parameters(27.6e6)), features={"in_table": 1.0})
    said = [draft("model", "Spine-53", parameters(27.6e6, foreign=True), page) for page in (2, 3)]
    found = cells(link(PAPER, [*said, row], Ownership()))
    assert found["model/spine-53#role"] == Name("own", "Spine-53")


def test_no_link_leads_to_a_model_that_is_not_there() -> None:
    drafts = [draft("result", None, accuracy(76.3)), draft("run", "our ZipNet", {**EIGHT, **V100})]
    found = cells(link(PAPER, drafts, Ownership(("ZipNet",))))
    linked = {
        value.id for cell, value in found.items() if cell.endswith("#model") and isinstance(value, Name)
    }
    assert linked == {"our-zipnet", "zipnet"}
    assert found["model/zipnet#name"] == Name("zipnet", "ZipNet")
