"""An item fits a small terminal, and its value is marked where the paper prints it and nowhere else."""

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from sqlalchemy import Engine

from annotation.page import BOLD, HEIGHT, WIDTH, Progress, link, marked, render
from annotation.session import Item, Reviewer, accepted, decide, next_item
from db.engine import session
from extractors.facts.ids import CellKey, PaperId

AT = datetime(2026, 11, 23, tzinfo=UTC)
PROGRESS = Progress(3, 12)
UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b\u202e\u200b\u0301\n大👩🏽 8")), max_size=200
)


def claimed(engine: Engine, reviewer: Reviewer, field: str) -> Item:
    with session(engine) as opened:
        found = next_item(opened, reviewer, AT, only=CellKey.parse(f"2401.00001/run/net#{field}"))
    assert found is not None
    return found


@pytest.fixture
def item(engine: Engine, reviewer: Reviewer) -> Item:
    return claimed(engine, reviewer, "count")


def test_an_item_shows_its_value_place_doubt_and_neighbours(item: Item) -> None:
    shown = "\n".join(render(item, PROGRESS))
    for part in (
        "3 done, 12 left",
        "(2026-11-23)",
        "https://arxiv.org/abs/2401.00001",
        "8 devices, printed “eight”",
        "2  4 devices  (p. 4, 4.1 Training)",
        "p. 4, 4.1 Training",
        "? a doubt",
        "We used [[eight]] V100s.",
        "accelerator NVIDIA Tesla V100",
        item.field.guideline.split(".")[0],
    ):
        assert part in shown


def test_an_audit_is_told_from_a_doubt(item: Item) -> None:
    shown = "\n".join(render(replace(item, claim=replace(item.claim, why="audit")), PROGRESS))
    assert "(probability 0.50, audit: already published)" in shown


def test_what_physics_bears_out_is_told_from_doubts(item: Item) -> None:
    reasons = ("implied utilisation 140%", "fits: steps are 1 times epochs x training set / batch")
    shown = render(replace(item, options=(replace(item.options[0], reasons=reasons),)), PROGRESS)
    assert "? implied utilisation 140%" in shown
    assert "= steps are 1 times epochs x training set / batch" in shown


def test_an_overfull_item_still_fits_a_small_terminal(item: Item) -> None:
    option = replace(
        item.options[0],
        evidence=replace(item.options[0].evidence, quote="eight words " * 13, anchor="4 " + "Setting " * 30),
        reasons=("a doubt that goes on " * 20,) * 5,
    )
    for bold in (False, True):
        lines = render(replace(item, title="Deep " * 90, options=(option,) * 30), PROGRESS, bold=bold)
        assert len(lines) <= HEIGHT
        assert max(len(line.replace(BOLD[0], "").replace(BOLD[1], "")) for line in lines) <= WIDTH
        assert any("eight words" in line.replace("]]", "").replace(BOLD[1], "") for line in lines)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the item is only read
@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_title_quote_or_doubt_breaks_the_screen(item: Item, title: str, said: str, place: str) -> None:
    evidence = replace(item.options[0].evidence, quote="q" + said[:159], anchor=place)
    option = replace(item.options[0], evidence=evidence, reasons=(said, title))
    lines = render(replace(item, title=title, options=(option,) * 3), PROGRESS)
    assert len(lines) <= HEIGHT
    assert all(cell_len(line) <= WIDTH for line in lines)
    assert not UNSAFE & {unicodedata.category(char) for line in lines for char in line}


def test_a_terminal_shows_the_value_in_bold(item: Item) -> None:
    assert "\x1b[1meight\x1b[0m" in "\n".join(render(item, PROGRESS, bold=True))


def test_a_hostile_title_and_quote_are_shown_harmlessly(engine: Engine, reviewer: Reviewer) -> None:
    shown = "\n".join(render(claimed(engine, reviewer, "wall_time"), PROGRESS))
    assert not {"\x1b", "\u202e"} & set(shown)
    assert "one day" in shown


def test_what_was_decided_is_shown_as_decided(engine: Engine, reviewer: Reviewer, item: Item) -> None:
    with session(engine) as opened:
        decide(opened, item, accepted(item), reviewer, AT, uuid=str(uuid4()))
    shown = " ".join(render(claimed(engine, reviewer, "wall_time"), PROGRESS))
    assert "count 8 devices (reviewed)" in shown


@pytest.mark.parametrize(
    ("quote", "printed", "shown"),
    [
        ("We used 18 or 8.5 and then 8 GPUs.", "8", "We used 18 or 8.5 and then [[8]] GPUs."),
        ("13B and a node for days", "a", "13B and [[a]] node for days"),
        ("It ran on a clus- ter of cards.", "cluster", "It ran on a [[clus- ter]] of cards."),
        ("FLOPs | 3.8×10 9 | 7.6×10 9", "7.6×10^9", "FLOPs | 3.8×10 9 | [[7.6×10 9]]"),
        ("It cost 1.6  trillion.", "1.6 trillion", "It cost [[1.6 trillion]]."),
        ("It took 1-2 days.", "12 days", "It took 1-2 days."),
        ("Nothing of it here.", "eight", "Nothing of it here."),
        ("Nothing printed.", "", "Nothing printed."),
    ],
)
def test_a_value_is_marked_where_it_stands_alone(quote: str, printed: str, shown: str) -> None:
    assert marked(quote, printed) == [f"  {shown}"]


def test_a_value_that_a_line_end_parts_is_marked_on_both_lines() -> None:
    lines = marked(f"{'x' * 60} for 67 minutes on one machine", "67 minutes")
    assert [line.count("[[") for line in lines] == [1, 1]
    assert (lines[0].endswith("[[67]]"), lines[1].startswith("  [[minutes]]")) == (True, True)


@given(HOSTILE, st.text(max_size=12))
def test_marking_fits_and_loses_no_word(quote: str, printed: str) -> None:
    lines = marked(quote, printed, bold=True, limit=1000)
    plain = [line.replace(BOLD[0], "").replace(BOLD[1], "") for line in lines]
    assert all(cell_len(line) <= WIDTH for line in [*plain, *marked(quote, printed)])
    clean = marked(quote, "", limit=1000, bold=True)
    assert "".join("".join(plain).split()) == "".join("".join(clean).split())


@pytest.mark.parametrize(
    ("paper", "address"),
    [
        ("2401.00001", "https://arxiv.org/abs/2401.00001"),
        ("doi:10.1000/182", "https://doi.org/10.1000/182"),
        ("file:0123456789ab", ""),
    ],
)
def test_a_paper_links_to_where_it_is_published(paper: str, address: str) -> None:
    assert link(PaperId(paper)) == address
