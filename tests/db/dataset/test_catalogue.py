"""The catalogue lists releases for ever, and never one version with two contents."""

from datetime import UTC, datetime

import pytest

from db.dataset.catalogue import Catalogue, Listed
from extractors.facts.errors import ConflictError, DatasetError, UsageError

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


def listed(version: str, digit: str = "a") -> Listed:
    return Listed(version, AT, 16, digit * 64)


def test_what_is_written_is_read_again() -> None:
    catalogue = Catalogue().with_release(listed("0.1.0")).with_yanked("0.1.0", "A unit slipped.")
    assert Catalogue.parse(catalogue.to_json()) == catalogue


def test_the_newest_version_comes_first_as_numbers_go() -> None:
    catalogue = Catalogue()
    for version in ("0.2.0", "0.10.0", "0.1.0"):
        catalogue = catalogue.with_release(listed(version))
    assert [one.version for one in catalogue] == ["0.10.0", "0.2.0", "0.1.0"]


def test_the_same_bytes_are_listed_once_and_other_bytes_never() -> None:
    catalogue = Catalogue().with_release(listed("0.1.0"))
    assert catalogue.with_release(listed("0.1.0")) == catalogue
    with pytest.raises(ConflictError, match="never overwritten"):
        catalogue.with_release(listed("0.1.0", "b"))


def test_a_yanked_release_stays_listed_and_stays_yanked() -> None:
    catalogue = Catalogue().with_release(listed("0.1.0")).with_yanked("0.1.0", "A unit slipped.")
    found = catalogue.with_release(listed("0.1.0")).find("0.1.0")
    assert found is not None
    assert (found.yanked, found.reason) == (True, "A unit slipped.")


def test_a_release_is_yanked_only_if_it_is_listed_and_for_a_reason() -> None:
    with pytest.raises(UsageError, match="not listed"):
        Catalogue().with_yanked("0.1.0", "why")
    with pytest.raises(UsageError, match="for a reason"):
        Catalogue().with_release(listed("0.1.0")).with_yanked("0.1.0", " ")


def test_a_release_that_counts_again_is_as_it_was_before() -> None:
    before = Catalogue().with_release(listed("0.1.0")).with_release(listed("0.2.0"))
    assert before.with_yanked("0.1.0", "A unit slipped.").without_yank("0.1.0") == before
    assert before.without_yank("0.1.0") == before
    with pytest.raises(UsageError, match="not listed"):
        before.without_yank("0.3.0")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"releases": [{"version": "1"}]}',
        Catalogue((listed("1.0"),)).to_json().decode(),
        Catalogue((listed("1.0.0", "g"),)).to_json().decode(),
    ],
)
def test_what_is_no_catalogue_is_said_to_be_none(text: str) -> None:
    with pytest.raises(DatasetError, match="no catalogue"):
        Catalogue.parse(text.encode())
