"""Two streams in the order of their keys are laid side by side, and nothing of either is lost."""

from hypothesis import given
from hypothesis import strategies as st

from db.dataset.following import Following

STREAMS = st.dictionaries(st.text("abc/.", max_size=3), st.integers()).map(
    lambda found: sorted(found.items())
)
KEYS = st.lists(st.text("abc/.", max_size=3), unique=True).map(sorted)


@given(STREAMS, KEYS)
def test_each_item_is_given_once_before_a_key_or_for_it(
    stream: list[tuple[str, int]], keys: list[str]
) -> None:
    following, found = Following(stream), list[tuple[str, int]]()
    for key in keys:
        before = list(following.before(key))
        assert all(other < key for other, _ in before)
        found += before
        item = following.of(key)
        assert item == dict(stream).get(key)
        found += [(key, item)] if item is not None else []
    assert [*found, *following.before(None)] == stream
