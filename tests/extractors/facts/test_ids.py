"""Names that outlive a reading are read as people write them, and written back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.facts.errors import ParseError
from extractors.facts.ids import (
    ENTITY_KINDS,
    SLUG_LIMIT,
    ArxivId,
    CellKey,
    EntityId,
    PaperId,
    file_paper_id,
    slugify,
    unused_slug,
)

papers = st.sampled_from(["2007.05558", "hep-th/9901001", "doi:10.1000/x/y", "file:0123456789ab"]).map(
    PaperId
)
entities = st.builds(EntityId, papers, st.sampled_from(ENTITY_KINDS), st.text(min_size=1).map(slugify))


@pytest.mark.parametrize(
    ("text", "id", "version"),
    [
        ("2007.05558", "2007.05558", None),
        ("2007.05558v2", "2007.05558", 2),
        ("arXiv:1706.03762v5", "1706.03762", 5),
        ("https://arxiv.org/abs/1706.03762", "1706.03762", None),
        ("https://arxiv.org/pdf/1706.03762v1.pdf", "1706.03762", 1),
        ("hep-th/9901001v3", "hep-th/9901001", 3),
        ("math.GT/0309136", "math.GT/0309136", None),
        (" 0704.0001 ", "0704.0001", None),
    ],
)
def test_an_arxiv_id_is_read_in_every_form_people_write(text: str, id: str, version: int | None) -> None:
    assert ArxivId.parse(text) == ArxivId(id, version)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2007",
        "2007.055581",
        "v2",
        "https://example.org/abs/2007.05558",
        "2007.05558v0",
        "submit/0312136",
        "submit/3129194",
        "cs/0313001",
    ],
)
def test_what_is_not_an_arxiv_id_is_refused_with_advice(text: str) -> None:
    with pytest.raises(ParseError, match="not an arXiv id"):
        ArxivId.parse(text)


def test_an_id_with_its_version_inside_is_refused_by_the_constructor() -> None:
    with pytest.raises(ParseError):
        ArxivId("2007.05558v2")


def test_versions_share_their_paper() -> None:
    assert ArxivId.parse("2007.05558v2").paper == ArxivId.parse("2007.05558").paper == "2007.05558"


@pytest.mark.parametrize(
    ("id", "month"), [("2007.05558", "2020-07"), ("hep-th/9901001", "1999-01"), ("cs.CV/0703125", "2007-03")]
)
def test_an_arxiv_id_says_its_month(id: str, month: str) -> None:
    assert ArxivId(id).month == month


def test_a_file_is_known_by_the_start_of_its_sha256() -> None:
    assert file_paper_id("ab" * 32) == "file:abababababab"


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("ResNet-50 (ours)", "resnet-50-ours"),
        ("BERT_LARGE †", "bert-large"),
        ("Größe 1.5×", "groe-1.5"),
        ("???", "unnamed"),
        ("..a..b--c..", "a-b-c"),
    ],
)
def test_a_slug_is_readable_ascii(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text())
def test_every_text_has_a_slug_that_an_entity_accepts(text: str) -> None:
    slug = slugify(text)
    assert len(slug) <= SLUG_LIMIT
    assert EntityId(PaperId("2007.05558"), "model", slug).slug == slug
    assert slugify(slug) == slug


@given(entities)
def test_an_entity_id_reads_back_what_it_wrote(entity: EntityId) -> None:
    assert EntityId.parse(str(entity)) == entity


@given(entities)
def test_a_cell_key_reads_back_what_it_wrote(entity: EntityId) -> None:
    key = CellKey(entity, "wall_time")
    assert CellKey.parse(str(key)) == key


@pytest.mark.parametrize("text", ["", "run/x", "2007.05558/trial/x", "2007.05558/run/Not A Slug", "/run/x"])
def test_what_is_not_an_entity_id_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        EntityId.parse(text)


@pytest.mark.parametrize("text", ["2007.05558/run/x", "2007.05558/run/x#", "2007.05558/run/x#a b", "#time"])
def test_what_is_not_a_cell_is_refused(text: str) -> None:
    with pytest.raises(ParseError):
        CellKey.parse(text)


def test_a_slug_that_is_taken_gets_the_first_free_number() -> None:
    assert unused_slug("net", {"other"}) == "net"
    assert unused_slug("net", {"net", "net-2"}) == "net-3"


@given(st.text(min_size=1, max_size=200).map(slugify), st.integers(1, 5))
def test_new_slugs_are_slugs(slug: str, number: int) -> None:
    taken: set[str] = set()
    for _ in range(number):
        found = unused_slug(slug, taken)
        assert EntityId(PaperId("2401.00001"), "run", found).slug == found not in taken
        assert len(found) <= SLUG_LIMIT
        taken.add(found)
