"""Evidence stands on a page that its document has, and in no other paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from db.dataset.gate.alongside import Alongside
from db.dataset.gate.places import Documents, documents_of
from db.engine import session, snapshot

if TYPE_CHECKING:
    from tests.db.dataset.conftest import World

A, B = "2403.00041", "2403.00042"


def wrong(world: World) -> dict[str, str]:
    with snapshot(world.engine) as opened:
        documents = documents_of(opened)
        for part in world.parts():
            documents.add(part)
        return {check.name: check.notes for check in documents.outcomes() if not check.success}


def sql(world: World, *statements: str) -> None:
    with session(world.engine) as opened:
        for statement in statements:
            opened.connection().execute(text(statement))


def test_the_papers_own_pages_pass(world: World) -> None:
    world.read(A)
    world.read(B)
    assert wrong(world) == {}


def test_a_page_beyond_the_end_is_named(world: World) -> None:
    world.read(A)
    sql(world, "UPDATE reading SET pages = 4")
    assert f"{A}/model/sparsenet#name: page 5 of 4" in wrong(world)["pages"]
    assert set(wrong(world)) == {"pages"}


def test_a_document_whose_pages_were_not_counted_has_every_page(world: World) -> None:
    world.read(A)
    sql(world, "UPDATE reading SET pages = 0")
    assert wrong(world) == {}


def test_of_two_readings_of_a_document_the_longer_counts(world: World) -> None:
    world.read(A)
    part, *_ = world.parts()
    (sha256,) = {state.evidence.sha256 for state in part.cells.values() if state.evidence is not None}
    documents = Documents(Alongside([(A, (sha256, 4)), (A, (sha256, 9))]), frozenset())
    documents.add(part)
    assert all(check.success for check in documents.outcomes())


def test_a_file_that_is_the_evidence_of_two_papers_is_named(world: World) -> None:
    world.read(A)
    world.read(B)
    sql(
        world,
        "PRAGMA defer_foreign_keys = ON",
        *(
            f"UPDATE {table} SET {column} = replace({column}, '240300042', '240300041')"
            for table, column in (("cell", "evidence"), ("proposal", "sha256"), ("reading", "sha256"))
        ),
    )
    assert wrong(world) == {"twins": f"{B} and {A}"}
