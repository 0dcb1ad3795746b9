"""Measurements that are too long or too noisy for tests: `python -m benchmarks NAME`, or `make bench` for all.

They read the labelled corpus beside the repository (`../shared`, or `BURDEN_SHARED`) and print what they found.
"""

from flows.cli import one_thread_of_algebra

one_thread_of_algebra()
