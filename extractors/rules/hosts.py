"""Devices in several hosts: `256 nodes with 4 GPUs each` are 1,024, and `each node has 8 GPUs` counts no run's devices."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc

from extractors.facts.ontology import hardware_words
from extractors.facts.parsing import parse_number
from extractors.facts.values import Quantity
from extractors.rules.count_patterns import HOSTS
from extractors.rules.devices import Devices
from extractors.rules.numbers import is_plain
from extractors.rules.patterns import Matches

_HOLDING = hardware_words().holding
"""Between a number of hosts and one of devices, they say that the devices are in each host."""
_TOTALS = frozenset({"total", "totals", "totaling", "totalling", "altogether"})
_EACH = frozenset({"each", "every", "per"})
_BEFORE, _BEHIND, _NEAR = 14, 4, 3
"""Tokens on both sides of devices in which a host may be said to have so many, and in which a total is said."""
_REACH = 120
"""Characters between hosts and what is in them."""


def times_hosts(tokens: Doc, devices: Devices, matches: Matches) -> Devices:
    """Devices with those of all hosts counted; without a count where only those of one host are known."""
    if devices.count is None or devices.count.unit != "devices" or _is_total(tokens, devices):
        return devices
    host = _host_before(tokens, devices, matches)
    if host is not None:
        return _multiplied(tokens, devices, host)
    if not _is_of_each(devices, matches):
        return devices
    host = _host_around(tokens, devices, matches)
    return replace(devices, count=None) if host is None else _multiplied(tokens, devices, host)


def _is_total(tokens: Doc, devices: Devices) -> bool:
    """`8 servers (64 GPUs in total)`."""
    near = (
        tokens[max(0, devices.start - _NEAR) : devices.start],
        tokens[devices.end : devices.end + _BEHIND],
    )
    return any(
        token.lower_ in _TOTALS or (token.lower_ == "all" and token.i > 0 and token.nbor(-1).lower_ == "in")
        for span in near
        for token in span
    )


def _host_before(tokens: Doc, devices: Devices, matches: Matches) -> int | None:
    """The number of hosts in front of what is in each: `12 nodes with 4 GPUs each`, `two 8-GPU machines`."""
    hosts = [
        (start, end) for start, end in matches["hosts"] if end <= devices.start and is_plain(tokens[start])
    ]
    between = tokens[hosts[-1][1] : devices.start] if hosts else tokens[:0]
    holds = any(token.lower_ in _HOLDING for token in (*between, *tokens[devices.end : devices.end + 1]))
    if hosts and holds and len(between.text) < _REACH and ";" not in between.text and "." not in between.text:
        return hosts[-1][0]
    front, behind = devices.start - 1, tokens[devices.end : devices.end + 1].text
    return front if front >= 0 and is_plain(tokens[front]) and behind in HOSTS else None


def _host_around(tokens: Doc, devices: Devices, matches: Matches) -> int | None:
    """The number of hosts beside what one of them has: `4 nodes (8 GPUs per node)`, `8 GPUs per node on 4 nodes`."""
    later = [start for start, _ in matches["hosts"] if start >= devices.end]
    if later and tokens[later[0] - 1].lower_ not in _EACH:
        return later[0]
    bracket = tokens[max(0, devices.start - 1) : devices.start].text == "("
    earlier = [start for start, end in matches["hosts"] if end == devices.start - 1]
    return earlier[-1] if bracket and earlier and is_plain(tokens[earlier[-1]]) else None


def _is_of_each(devices: Devices, matches: Matches) -> bool:
    """Whether one host is said to have so many: `each node has 8 GPUs`, `8 GPUs per node`."""
    return any(
        (devices.start - _BEFORE <= start and end <= devices.start)
        or (devices.end <= start and end <= devices.end + _BEHIND)
        for start, end in matches["each host"]
    )


def _multiplied(tokens: Doc, devices: Devices, host: int) -> Devices:
    if devices.count is None:
        return devices
    hosts, start = parse_number(tokens[host].text), min(host, devices.start)
    printed = tokens[start : devices.end].text
    return replace(
        devices, count=Quantity.exact(devices.count.value * hosts, "devices", printed), start=start
    )
