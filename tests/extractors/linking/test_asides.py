"""What was set aside gets runs of its own, without a trace in those of the paper's own."""

from __future__ import annotations

import pytest

from extractors.confidence import Linear, Model
from extractors.drafts import Draft
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId
from extractors.facts.records import Candidate, Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.guide import to_guide
from extractors.linking.asides import set_aside
from extractors.promise import Promise

PAPER = PaperId("2401.00001")
V100, A100 = Name("NVIDIA Tesla V100", "V100"), Name("NVIDIA A100", "A100")
REASON = "a citation stands beside it"


def devices(number: float) -> Quantity:
    return Quantity.exact(number, "devices")


def words(page: int) -> Evidence:
    return Evidence("0" * 64, page, None, "Setup", f"words on page {page}", "test.rule")


def draft(page: int = 1, mention: str | None = None, **facts: Value) -> Draft:
    found = tuple(Candidate(f"run.{name}", value, words(page)) for name, value in facts.items())
    return Draft("run", mention, found, {}, (REASON,))


def own(kind: EntityKind = "run", slug: str = "all", **cells: Value) -> list[Proposal]:
    return [
        Proposal(CellKey(EntityId(PAPER, kind, slug), name), value, words(1)) for name, value in cells.items()
    ]


def told(proposals: tuple[Proposal, ...]) -> dict[str, Value]:
    return {f"{item.cell.entity.slug}.{item.cell.field}": item.value for item in proposals}


def test_each_statement_is_a_run_of_its_own_with_its_reason() -> None:
    found = set_aside(PAPER, [draft(accelerator=V100, count=devices(64)), draft(accelerator=A100)], [])
    assert told(found) == {
        "aside.accelerator": V100,
        "aside.count": devices(64),
        "aside-2.accelerator": A100,
    }
    assert all(item.features["aside"] == 1.0 and item.reasons == (REASON,) for item in found)


def test_what_a_run_of_the_papers_own_says_anyway_is_no_statement_of_its_own() -> None:
    kept = own(accelerator=V100, count=devices(8))
    assert set_aside(PAPER, [draft(accelerator=V100), draft(count=devices(8))], kept) == ()


def test_another_number_of_the_same_device_is_told_with_what_the_paper_says_of_its_own() -> None:
    found = set_aside(
        PAPER, [draft(accelerator=V100, count=devices(1))], own(accelerator=V100, count=devices(8))
    )
    accelerator, count = found
    assert (accelerator.features["own_value"], accelerator.reasons) == (0.0, (REASON,))
    assert (count.features["own_value"], count.reasons) == (
        1.0,
        (REASON, "of its own training the paper says 8"),
    )


def test_a_statement_that_says_less_joins_the_one_that_says_more() -> None:
    drafts = [draft(1, accelerator=V100), draft(2, accelerator=V100, count=devices(64))]
    accelerator, count = set_aside(PAPER, drafts, [])
    assert accelerator.cell.entity == count.cell.entity
    assert (accelerator.features["agreeing"], count.features["agreeing"]) == (1.0, 0.0)


def test_a_run_that_has_the_name_keeps_it() -> None:
    (found,) = set_aside(PAPER, [draft(count=devices(64))], own(slug="aside", count=devices(8)))
    assert found.cell.entity.slug == "aside-2"


@pytest.mark.parametrize(("mention", "linked"), [("OldNet", True), ("NewNet", False), (None, False)])
def test_it_is_linked_to_a_model_that_is_there_and_makes_none(mention: str | None, linked: bool) -> None:
    kept = own("model", "oldnet", name=Name("OldNet", "OldNet"))
    found = set_aside(PAPER, [draft(mention=mention, count=devices(64))], kept)
    assert {item.cell.entity.kind for item in found} == {"run"}
    assert [item.value for item in found if item.cell.field == "model"] == [Name("oldnet", "OldNet")] * linked


@pytest.mark.parametrize(("weight", "route"), [(-9.0, "rejected"), (-2.0, "queued")])
def test_it_is_printed_only_where_everything_is_asked_for(weight: float, route: str) -> None:
    kept = own(accelerator=V100, count=devices(8))
    proposals = (*kept, *set_aside(PAPER, [draft(count=devices(64))], kept))
    reading = Reading("0" * 64, "test-1", PAPER, "A Net", 9, proposals)
    model = Model("test", {"training": Linear(1.0), "asides": Linear(1.0 + weight)})

    def counts(*, rejected: bool) -> list[object]:
        entries = to_guide(reading, "net.pdf", model, Promise(), rejected=rejected)["training"]
        assert isinstance(entries, list)
        return [(entry["count"], entry["status"]) for entry in entries]

    assert counts(rejected=False) == [(8.0, "queued")]
    assert counts(rejected=True) == [(8.0, "queued"), (64.0, route)]
