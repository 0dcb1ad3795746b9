"""Damaged PDFs by the thousand: made from good ones by chance with a fixed seed, read in worker processes, and sorted by outcome.

Each must give a `Document` or a `DocumentError`. Anything else is a finding: another exception, a crash of the process,
or an input that takes too long. Inputs go to the workers in batches; a batch whose process died or was stopped is read
again input by input, so that a finding names the one input that caused it. An input is known by its number alone.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from random import Random

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from extractors.facts.errors import DocumentError
from flows.workers import MEMORY, ceiling

BATCH = 25
SECONDS = 20.0
"""What one input may take; a batch may take as much, because a hang is one and the rest takes little."""
_NUMBER = re.compile(rb"(?<![\w.])-?\d+(?:\.\d+)?")
_NAME = re.compile(rb"/[A-Za-z0-9]+")
_OBJECT = re.compile(rb"\d+ 0 obj\b.*?endobj", re.DOTALL)
_STREAM = re.compile(rb"/Length (\d+)[^>]*>>\s*stream\r?\n", re.DOTALL)
_ODD_NUMBERS: tuple[bytes, ...] = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"2147483647",
    b"-2147483648",
    b"4294967296",
    b"99999999999999999999",
)
_ODD_NUMBERS += (b"1e38", b"-0.0", b"0.000001", b"nan", b"32767.5", b"1000000")
_ODD_NAMES: tuple[bytes, ...] = (
    b"/FlateDecode",
    b"/LZWDecode",
    b"/ASCII85Decode",
    b"/RunLengthDecode",
    b"/JBIG2Decode",
    b"/Crypt",
    b"/Type0",
)
_ODD_NAMES += (
    b"/Type3",
    b"/Form",
    b"/Image",
    b"/Identity-V",
    b"/ObjStm",
    b"/XRef",
    b"/Kids",
    b"/Parent",
    b"/Encrypt",
    b"/X",
)

Mutation = Callable[[bytes, Random], bytes]
Reader = Callable[[bytes], tuple[str, bool]]
"""Reads one input: what it gave, in a word or two, and whether that is among what it may give."""
Batch = list[int]
Outcomes = list[tuple[int, str, bool]]
"""Numbers of inputs, and what their reader said."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One input that did something else than it should."""

    number: int
    what: str


@dataclass(slots=True)
class Tally:
    """What came of the inputs."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """How many gave what: `Document`, `Document with problems`, or the name of an error."""
    findings: list[Finding] = field(default_factory=list)


def damaged(seeds: Sequence[bytes], number: int) -> bytes:
    """The input of a number: one of the seeds after one to four mutations."""
    chance = Random(number)
    data = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        if chance.random() < 0.08:
            data = _spliced(data, chance.choice(seeds), chance)
        else:
            data = chance.choice(MUTATIONS)(data, chance)
    return data


def _flipped(data: bytes, chance: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 10, 100))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _deleted(data: bytes, chance: Random) -> bytes:
    start, end = _chunk(data, chance)
    return data[:start] + data[end:]


def _doubled(data: bytes, chance: Random) -> bytes:
    start, end = _chunk(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 1, 3, 50)) + data[end:]


def _blanked(data: bytes, chance: Random) -> bytes:
    start, end = _chunk(data, chance)
    return data[:start] + chance.choice((b"\0", b"\xff", b" ", b"[", b"(")) * (end - start) + data[end:]


def _cut(data: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(1, len(data))]


def _renumbered(data: bytes, chance: Random) -> bytes:
    return _replaced(
        data,
        _NUMBER,
        lambda old: chance.choice((*_ODD_NUMBERS, b"%d" % chance.randrange(60), old * 2)),
        chance,
    )


def _renamed(data: bytes, chance: Random) -> bytes:
    names = _NAME.findall(data) or [b"/X"]
    return _replaced(data, _NAME, lambda _: chance.choice((*_ODD_NAMES, chance.choice(names))), chance)


def _reordered(data: bytes, chance: Random) -> bytes:
    """One object in the place of another, so that references lead elsewhere, also in circles."""
    found = list(_OBJECT.finditer(data))
    if len(found) < 2:
        return _flipped(data, chance)
    here, there = chance.sample(found, 2)
    number = here[0].split(b" ", 1)[0]
    return data[: here.start()] + number + b" " + there[0].split(b" ", 1)[1] + data[here.end() :]


def _within_a_stream(data: bytes, chance: Random) -> bytes:
    """A mutation inside a compressed stream, which is packed again, so that it reaches what lies within."""
    for found in chance.sample(streams := list(_STREAM.finditer(data)), len(streams)):
        packed = data[found.end() : found.end() + int(found[1])]
        try:
            plain = zlib.decompress(packed)
        except zlib.error:
            continue
        if plain:
            again = zlib.compress(chance.choice(PLAIN)(plain, chance))
            head = found[0].replace(found[1], b"%d" % len(again), 1)
            return data[: found.start()] + head + again + data[found.end() + len(packed) :]
    return _renumbered(data, chance)


def _spliced(data: bytes, other: bytes, chance: Random) -> bytes:
    return data[: chance.randrange(len(data))] + other[chance.randrange(len(other)) :]


def _chunk(data: bytes, chance: Random) -> tuple[int, int]:
    start = chance.randrange(len(data))
    return start, min(start + chance.choice((1, 4, 30, 300, 3000)), len(data))


def _replaced(data: bytes, pattern: re.Pattern[bytes], by: Callable[[bytes], bytes], chance: Random) -> bytes:
    found = list(pattern.finditer(data))
    for place in sorted(
        chance.sample(found, min(chance.choice((1, 1, 2, 8)), len(found))), key=_begin, reverse=True
    ):
        data = data[: place.start()] + by(place[0]) + data[place.end() :]
    return data


def _begin(place: re.Match[bytes]) -> int:
    return place.start()


PLAIN: tuple[Mutation, ...] = (_flipped, _deleted, _doubled, _blanked, _renumbered, _renumbered, _renamed)
MUTATIONS: tuple[Mutation, ...] = (*PLAIN, _renamed, _cut, _reordered, *[_within_a_stream] * 4)


def outcome_of(data: bytes) -> tuple[str, bool]:
    """What `read_pdf` gave."""
    from extractors.documents.pdf import read_pdf

    try:
        with ceiling(MEMORY):
            document = read_pdf(data)
    except DocumentError as error:
        return type(error).__name__, True
    except MemoryError:  # of which `flows.workers` makes an error, and replaces the worker
        return "MemoryError", True
    except Exception as error:  # noqa: BLE001
        return f"{type(error).__name__}: {error}"[:200], False
    return ("Document with problems" if document.problems else "Document"), True


def fuzz(
    seeds: Sequence[bytes],
    numbers: range,
    *,
    reader: Reader = outcome_of,
    workers: int = 2,
    seconds: float = SECONDS,
) -> Tally:
    """Read the inputs of the numbers in worker processes.

    Args:
        seeds: whole files, known to every worker.
        numbers: those of the inputs.
        reader: what to do with each; must be known by its name to another process.
        workers: number of processes.
        seconds: what a batch may take, and then each of its inputs alone.
    """
    tally = Tally()
    batches = [list(numbers[start : start + BATCH]) for start in range(0, len(numbers), BATCH)]
    with ProcessPool(max_workers=workers, context=get_context("spawn")) as pool:

        def started(batch: Batch) -> ProcessFuture[Outcomes]:
            return pool.schedule(_read, args=[seeds, reader, batch], timeout=seconds)

        suspects = _run(started, batches, tally)
        _run(started, [[number] for batch in suspects for number in batch], tally)
    return tally


def _run(
    start: Callable[[Batch], ProcessFuture[Outcomes]], batches: Sequence[Batch], tally: Tally
) -> list[Batch]:
    """Read batches; those of several inputs that were not got through are given back, those of one are findings."""
    futures = [(batch, start(batch)) for batch in batches]
    suspects = []
    for batch, future in futures:
        died = _collected(future, tally)
        if died and len(batch) == 1:
            tally.findings.append(Finding(batch[0], died))
        elif died:
            suspects.append(batch)
    return suspects


def _collected(future: ProcessFuture[Outcomes], tally: Tally) -> str:
    """Count the outcomes of a batch; says how it died, if it did."""
    try:
        found = future.result()
    except FutureTimeoutError:
        return "takes too long"
    except ProcessExpired as error:
        return f"kills the process with code {error.exitcode}"
    for number, outcome, expected in found:
        tally.outcomes[outcome] += 1
        if not expected:
            tally.findings.append(Finding(number, outcome))
    return ""


def _read(seeds: Sequence[bytes], reader: Reader, numbers: Batch) -> Outcomes:
    """Run in the worker: numbers, outcomes, and whether they are among those expected."""
    return [(number, *reader(damaged(seeds, number))) for number in numbers]


def report(folder: Path, numbers: range) -> None:
    """Fuzz with the papers of a folder that are below 100 kB, and print what came of it."""
    seeds = [path.read_bytes() for path in sorted(folder.glob("*.pdf")) if path.stat().st_size < 100_000]
    tally = fuzz(seeds, numbers)
    for outcome, count in tally.outcomes.most_common():
        print(f"{count:7,} {outcome}")
    for finding in tally.findings:
        print(f"finding: input {finding.number}: {finding.what}")
