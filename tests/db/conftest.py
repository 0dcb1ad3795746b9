"""Each database in turn."""

import pytest
from sqlalchemy import Engine


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A migrated, empty database, on each engine in turn."""
    found: Engine = request.getfixturevalue(f"{request.param}_engine")
    return found
