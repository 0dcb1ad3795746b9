"""What a source gives, for tests that know that it gives something."""

from flows.fetch import Fetched


def bytes_of(fetched: Fetched | None) -> bytes:
    """The bytes that came."""
    assert fetched is not None, "the service said that nothing has changed"
    return fetched.data
