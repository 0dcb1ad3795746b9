"""A second reading lands on the entities that exist, whatever it calls them and in whatever order it finds them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.errors import UsageError
from extractors.facts.evidence import Evidence
from extractors.facts.ids import CellKey, EntityId, EntityKind, PaperId
from extractors.facts.records import Proposal, Reading
from extractors.facts.values import Name, Quantity, Value
from extractors.reconcile import Known, KnownEntity, Reconciliation, reconcile

PAPER = PaperId("2401.00001")
Facts = Mapping[str, Value]


def name(text: str) -> Name:
    return Name(text, text)


def amount(value: float, unit: str) -> Quantity:
    return Quantity.exact(value, unit)


def entity(kind: EntityKind, slug: str) -> EntityId:
    return EntityId(PAPER, kind, slug)


def proposals(id: EntityId, facts: Facts, place: str, sha256: str = "a" * 64) -> tuple[Proposal, ...]:
    """Proposals of one entity, each with its own words at `place`."""
    return tuple(
        Proposal(
            CellKey(id, field), value, Evidence(sha256, 1, None, "Training", f"{place}: {field}", "test.rule")
        )
        for field, value in facts.items()
    )


def reading(*parts: Iterable[Proposal], sha256: str = "a" * 64, extractor: str = "test-1") -> Reading:
    return Reading(sha256, extractor, PAPER, "A title", 9, tuple(item for part in parts for item in part))


def known_after(known: Known, done: Reconciliation) -> Known:
    """What is known once a reconciled reading is stored."""
    fresh = {item.id: item for item in Known.from_reading(done.reading).entities}
    kept = (replace(item, current=False) for item in known.entities if item.id not in fresh)
    return Known((*kept, *fresh.values()))


# Papers of a few models, each with runs and results; hardware is often one statement for all.

SHARED: Facts = {"accelerator": name("NVIDIA Tesla V100"), "count": amount(8, "devices")}


@st.composite
def papers(draw: st.DrawFn) -> Reading:
    found: list[Proposal] = []
    for slug in draw(
        st.lists(st.sampled_from(["net-s", "net-m", "net-l", "other"]), min_size=1, unique=True)
    ):
        model: dict[str, Value] = {
            "name": name(slug.upper()),
            "role": name(draw(st.sampled_from(["own", "headline"]))),
        }
        if draw(st.booleans()):
            model["parameters"] = amount(draw(st.integers(1, 9)) * 1e6, "parameters")
        found += proposals(entity("model", slug), model, f"table 1, {slug}")
        for number in range(draw(st.integers(0, 2))):
            found += run(draw, slug, number)
        for benchmark in draw(st.lists(st.sampled_from(["imagenet-1k", "cifar-10"]), unique=True)):
            found += result(draw, slug, benchmark)
    return reading(found)


def run(draw: st.DrawFn, slug: str, number: int) -> tuple[Proposal, ...]:
    phase = ("pretraining", "finetuning")[number]
    id = entity("run", f"{slug}.{phase}")
    own: dict[str, Value] = {"model": name(slug), "phase": name(phase)}
    if draw(st.booleans()):
        own["wall_time"] = amount(draw(st.integers(1, 20)) * 3600.0, "s")
    shared = proposals(id, SHARED, "all models") if draw(st.booleans()) else ()
    return (*proposals(id, own, f"{slug} {phase}"), *shared)


def result(draw: st.DrawFn, slug: str, benchmark: str) -> tuple[Proposal, ...]:
    facts: Facts = {
        "model": name(slug),
        "benchmark": name(benchmark),
        "metric": name("accuracy"),
        "split": name(draw(st.sampled_from(["test", "unspecified"]))),
        "score": amount(draw(st.integers(500, 999)) / 10, "percent"),
    }
    return proposals(entity("result", f"{slug}.{benchmark}"), facts, f"table 2, {slug}")


def with_slugs(found: Reading, slugs: Mapping[EntityId, str]) -> Reading:
    """The reading with other provisional slugs, links included."""

    def changed(item: Proposal) -> Proposal:
        id = item.cell.entity
        cell = replace(item.cell, entity=replace(id, slug=slugs.get(id, id.slug)))
        value = item.value
        if item.cell.field == "model" and isinstance(value, Name):
            value = replace(value, id=slugs.get(entity("model", value.id), value.id))
        return replace(item, cell=cell, value=value)

    return replace(found, proposals=tuple(changed(item) for item in found.proposals))


@given(papers())
def test_the_first_reading_keeps_its_slugs(found: Reading) -> None:
    done = reconcile(Known(), found)
    assert done.reading == found
    assert done.minted == tuple(sorted(found.entities))
    assert done.matched == done.vanished == ()


@given(papers())
def test_a_reading_reconciled_to_itself_changes_nothing(found: Reading) -> None:
    done = reconcile(Known.from_reading(found), found)
    assert done.reading == found
    assert done.matched == tuple(sorted(found.entities))
    assert done.minted == done.vanished == ()


@given(papers(), papers(), st.data())
def test_order_does_not_matter(before: Reading, found: Reading, data: st.DataObject) -> None:
    shuffled = tuple(data.draw(st.permutations(found.proposals)))
    known = Known.from_reading(before)
    backwards = Known(tuple(reversed(known.entities)))
    one, two = reconcile(known, found), reconcile(backwards, replace(found, proposals=shuffled))
    assert one.ids == two.ids
    assert sorted(map(repr, one.reading.proposals)) == sorted(map(repr, two.reading.proposals))


@given(papers(), st.data())
def test_a_renamed_model_keeps_its_id_and_so_do_all_that_belong_to_it(
    found: Reading, data: st.DataObject
) -> None:
    models = [id for id in found.entities if id.kind == "model"]
    chosen = data.draw(st.sampled_from(models))
    slugs = {
        id: id.slug.replace(chosen.slug, "renamed")
        for id in found.entities
        if id.slug.startswith(chosen.slug)
    }
    renamed = with_slugs(found, slugs)
    fresh = entity("model", "renamed")
    renamed = replace(
        renamed,
        proposals=tuple(
            replace(item, value=name("A New Name")) if item.cell == CellKey(fresh, "name") else item
            for item in renamed.proposals
        ),
    )
    done = reconcile(Known.from_reading(found), renamed)
    assert (done.minted, done.vanished) == ((), ())
    assert done.ids == {replace(id, slug=slugs.get(id, id.slug)): id for id in found.entities}
    assert {item.cell for item in done.reading.proposals} == {item.cell for item in found.proposals}


@given(papers(), st.data())
def test_provisional_slugs_do_not_matter(found: Reading, data: st.DataObject) -> None:
    slugs = {id: f"x{number}" for number, id in enumerate(data.draw(st.permutations(found.entities)))}
    done = reconcile(Known.from_reading(found), with_slugs(found, slugs))
    assert done.reading == found


@given(papers(), papers())
def test_reading_the_same_again_mints_nothing(before: Reading, found: Reading) -> None:
    known = Known.from_reading(before)
    first = reconcile(known, found)
    again = reconcile(known_after(known, first), found)
    assert again.minted == ()
    assert again.ids == first.ids
    assert again.reading == first.reading


@given(papers(), papers())
def test_no_two_entities_share_an_id_and_none_is_lost(before: Reading, found: Reading) -> None:
    done = reconcile(Known.from_reading(before), found)
    assert len(set(done.ids.values())) == len(done.ids) == len(found.entities)
    assert not set(done.minted) & set(before.entities)
    assert sorted((*done.matched, *done.vanished)) == sorted(before.entities)


@given(papers(), st.data())
def test_what_is_missing_vanishes_and_the_rest_stays(found: Reading, data: st.DataObject) -> None:
    lost = data.draw(st.sets(st.sampled_from(found.entities)))
    rest = replace(found, proposals=tuple(item for item in found.proposals if item.cell.entity not in lost))
    done = reconcile(Known.from_reading(found), rest)
    assert done.vanished == tuple(sorted(lost))
    assert done.minted == ()
    assert all(old == new for old, new in done.ids.items())


@given(papers(), st.data())
def test_what_vanished_comes_back_under_its_old_id(found: Reading, data: st.DataObject) -> None:
    lost = data.draw(st.sets(st.sampled_from(found.entities)))
    rest = replace(found, proposals=tuple(item for item in found.proposals if item.cell.entity not in lost))
    known = Known.from_reading(found)
    done = reconcile(known_after(known, reconcile(known, rest)), found)
    assert done.reading == found


RUN = entity("run", "net.training")
WHOLE: Facts = {
    **SHARED,
    "wall_time": amount(36_000, "s"),
    "epochs": amount(90, "epochs"),
    "phase": name("training"),
}
BIGGER = {field: WHOLE[field] for field in ("accelerator", "count", "wall_time")}
SMALLER = {field: WHOLE[field] for field in ("epochs", "phase")}


def test_a_run_that_is_split_keeps_its_id_on_the_greater_part() -> None:
    halves = reading(
        proposals(entity("run", "a"), SMALLER, "here"), proposals(entity("run", "b"), BIGGER, "here")
    )
    done = reconcile(Known.from_reading(reading(proposals(RUN, WHOLE, "here"))), halves)
    assert done.ids[entity("run", "b")] == RUN
    assert done.minted == (entity("run", "a"),)


def test_two_runs_that_are_merged_keep_the_id_of_the_greater_and_report_the_other() -> None:
    first, second = entity("run", "net.a"), entity("run", "net.b")
    known = Known.from_reading(reading(proposals(first, SMALLER, "here"), proposals(second, BIGGER, "here")))
    done = reconcile(known, reading(proposals(entity("run", "net"), WHOLE, "here")))
    assert done.ids == {entity("run", "net"): second}
    assert done.vanished == (first,)


def test_a_corrected_value_at_its_place_is_the_same_run() -> None:
    misread = {**WHOLE, "accelerator": name("GPU"), "wall_time": amount(36, "s")}
    done = reconcile(
        Known.from_reading(reading(proposals(RUN, misread, "here"))),
        reading(proposals(entity("run", "other"), WHOLE, "here")),
    )
    assert done.matched == (RUN,)


def test_a_new_version_of_the_paper_lands_on_the_old_entities_by_its_words() -> None:
    moved = reading(proposals(entity("run", "other"), WHOLE, "here", "b" * 64), sha256="b" * 64)
    done = reconcile(Known.from_reading(reading(proposals(RUN, WHOLE, "here"))), moved)
    assert done.matched == (RUN,)
    assert all(item.evidence.sha256 == "b" * 64 for item in done.reading.proposals)


def test_another_model_on_the_same_hardware_is_another_run() -> None:
    models = [proposals(entity("model", slug), {"name": name(slug)}, slug) for slug in ("a", "b")]
    one = proposals(RUN, {**SHARED, "model": name("a"), "wall_time": amount(36_000, "s")}, "all models")
    two = proposals(RUN, {**SHARED, "model": name("b"), "wall_time": amount(7_200, "s")}, "all models")
    two = tuple(
        replace(item, evidence=replace(item.evidence, quote="b: two hours"))
        if item.cell.field == "wall_time"
        else item
        for item in two
    )
    done = reconcile(Known.from_reading(reading(*models, one)), reading(*models, two))
    assert done.minted == (entity("run", "net.training-2"),)
    assert done.vanished == (RUN,)


def test_two_results_of_one_table_row_are_not_taken_for_each_other() -> None:
    row = "Net 76.3 94.1"
    facts: Facts = {
        "benchmark": name("imagenet-1k"),
        "metric": name("top1_accuracy"),
        "score": amount(76.3, "percent"),
    }
    other: Facts = {**facts, "metric": name("top5_accuracy"), "score": amount(94.1, "percent")}
    known = Known.from_reading(reading(proposals(entity("result", "net"), facts, row)))
    done = reconcile(known, reading(proposals(entity("result", "net"), other, row)))
    assert done.minted == (entity("result", "net-2"),)


def test_a_result_whose_metric_was_misread_keeps_its_id_at_its_place() -> None:
    facts: Facts = {
        "benchmark": name("imagenet-1k"),
        "metric": name("top1_accuracy"),
        "score": amount(23.7, "percent"),
    }
    known = Known.from_reading(reading(proposals(entity("result", "net"), facts, "row")))
    done = reconcile(
        known, reading(proposals(entity("result", "x"), {**facts, "metric": name("top1_error")}, "row"))
    )
    assert done.matched == (entity("result", "net"),)


def test_the_slug_of_an_entity_that_is_merged_away_is_never_given_to_another() -> None:
    gone = KnownEntity(entity("model", "net"), merged_into=entity("model", "network"))
    known = Known((gone, KnownEntity(entity("model", "network"))))
    done = reconcile(known, reading(proposals(entity("model", "net"), {"name": name("Net")}, "here")))
    assert done.minted == (entity("model", "net-2"),)


TIMED: Facts = {"phase": name("training"), "count": amount(8, "devices"), "wall_time": amount(36_000, "s")}


def decided_run(**decided: Value) -> Known:
    said = proposals(RUN, TIMED, "here")
    return Known(
        (KnownEntity(RUN, said, decided=decided, seen={field: (value,) for field, value in TIMED.items()}),)
    )


def test_what_a_person_said_a_run_is_cannot_become_something_else() -> None:
    search = reading(proposals(RUN, {**TIMED, "phase": name("search")}, "here"))
    assert reconcile(decided_run(), search).matched == (RUN,)
    assert reconcile(decided_run(phase=name("finetuning")), search).vanished == (RUN,)
    assert reconcile(decided_run(count=amount(8, "devices")), search).vanished == (RUN,)


def test_what_a_person_overruled_may_be_read_again() -> None:
    again = reading(proposals(RUN, TIMED, "here"))
    assert reconcile(decided_run(phase=name("finetuning")), again).matched == (RUN,)


def test_a_run_that_a_person_added_is_found_by_its_values() -> None:
    known = Known((KnownEntity(RUN, decided=WHOLE),))
    done = reconcile(known, reading(proposals(entity("run", "found"), BIGGER, "here")))
    assert done.matched == (RUN,)


def test_a_link_to_a_merged_model_is_as_good_as_one_to_what_it_was_merged_into() -> None:
    old, into = entity("model", "net"), entity("model", "network")
    linked = replace(decided_run().entities[0], decided={"model": name("network")})
    said = proposals(old, {"name": name("Net")}, "net")
    known = Known((KnownEntity(old, said, merged_into=into), KnownEntity(into), linked))
    facts: Facts = {"model": name("x"), "phase": name("training"), "count": amount(8, "devices")}
    found = reading(
        proposals(entity("model", "x"), {"name": name("Net")}, "net"), proposals(RUN, facts, "here")
    )
    done = reconcile(known, found)
    assert done.matched == (old, RUN)
    assert {item.value for item in done.reading.proposals if item.cell.field == "model"} == {Name("net", "x")}


def test_entities_of_another_paper_are_refused() -> None:
    strange = EntityId(PaperId("2401.00002"), "run", "net")
    with pytest.raises(UsageError, match=r"entities of 2401\.00002 in a reading of 2401\.00001"):
        reconcile(Known((KnownEntity(strange),)), reading())
