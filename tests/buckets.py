"""An S3 service on loopback, with a bucket in it and the environment that leads there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from moto.server import ThreadedMotoServer


@contextmanager
def bucket_named(name: str) -> Iterator[None]:
    """An empty bucket as long as the `with` lasts."""
    service = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    service.start()
    address = "http://{}:{}".format(*service.get_host_and_port())
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ACCESS_KEY_ID", "somebody")
        environment.setenv("AWS_SECRET_ACCESS_KEY", "anything")
        environment.setenv("AWS_REGION", "us-east-1")
        environment.setenv("AWS_ENDPOINT_URL", address)
        environment.setenv("AWS_ALLOW_HTTP", "true")
        assert requests.put(f"{address}/{name}", timeout=30).ok
        yield
    service.stop()
