"""The measures: hardware burden, network operations and error, each defined here and nowhere else.

Pure arithmetic over numbers that are given. What a processor can do comes as an argument, so that the packaged
ontology, a release's own table and the rates printed in somebody's table all give a burden by the same line of
code. What people disagree about (which peak rate, what one TPU is, utilisation, search time) is a `Convention`,
and every published number names the one it was made by. A measure that lacks an input is None, never a guess.

Source: Thompson, Greenewald, Lee and Manso, The Computational Limits of Deep Learning, arXiv:2007.05558.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from extractors.facts.errors import DatasetError, UsageError
from extractors.facts.fields import Phase

if TYPE_CHECKING:
    # A type alone: the command line takes its choices from here, and must not load pydantic for them.
    from extractors.facts.benchmarks import ErrorRule

Rate = Literal["fp32", "tensor", "stated"]
TpuUnit = Literal["board", "chip"]
Search = Literal["include", "exclude"]
Method = Literal["hardware", "operations", "6nd"]
CountUnit = Literal["devices", "chips", "cores", "boards", "nodes"]

FORWARD_AND_BACKWARD = 3.0
"""A training step costs one forward pass and a backward pass of twice its cost."""
FLOP_PER_MULTIPLY_ADD = 2.0
FLOP_PER_PARAMETER_AND_TOKEN = 6.0
"""Two for each parameter in the forward pass, four in the backward pass."""

_MATRIX_FORMATS = frozenset({"bf16", "bfloat16", "fp16", "float16", "half", "mixed", "tf32", "fp8"})
_RATES, _TPU_UNITS, _SEARCHES, _METHODS = map(get_args, (Rate, TpuUnit, Search, Method))
_COUNT_UNITS: dict[str, CountUnit] = {unit: unit for unit in get_args(CountUnit)}
_COUNTED: dict[str, CountUnit] = {"device-s": "devices", "chip-s": "chips", "core-s": "cores"}
_METHOD_WORDS: dict[Method, str] = {
    "hardware": "hardware burden",
    "operations": "network operations",
    "6nd": "6 x parameters x tokens",
}


def counted_in(unit: str) -> CountUnit:
    """What a count is of, by the registry's word for it; devices where nothing is said."""
    return _COUNT_UNITS.get(unit, "devices")


def _one_of(what: str, choice: str, choices: tuple[str, ...]) -> None:
    if choice not in choices:
        raise UsageError(f"{choice!r} is no choice of {what}", remedy=f"Choose from {', '.join(choices)}")


@dataclass(frozen=True, slots=True)
class Convention:
    """How a burden is counted where people differ; the default is the authors' own.

    Raises:
        UsageError: a choice that does not exist, or a utilisation outside (0, 1].
    """

    rate: Rate = "fp32"
    """Peak rate: single precision, 16-bit matrix, or that of the number format each run states."""
    tpu: TpuUnit = "board"
    """What a paper that says only TPU counts: boards (of four chips, for v2 to v4) or chips."""
    utilisation: float = 1.0
    """Share of the peak that training is taken to reach."""
    search: Search = "include"
    """Whether a reported architecture search counts."""
    method: Method = "hardware"

    def __post_init__(self) -> None:
        _one_of("rates", self.rate, _RATES)
        _one_of("tpu", self.tpu, _TPU_UNITS)
        _one_of("search", self.search, _SEARCHES)
        _one_of("method", self.method, _METHODS)
        if not 0.0 < self.utilisation <= 1.0:
            raise UsageError(
                f"a utilisation of {self.utilisation:g} cannot be",
                remedy="Give a share of the peak above 0, at most 1",
            )

    @property
    def name(self) -> str:
        """The convention in words, for every table, figure and file made by it."""
        return (
            f"{_METHOD_WORDS[self.method]}; {self.rate} peak rates; a TPU is a {self.tpu}; "
            f"utilisation {self.utilisation:g}; search time {self.search}d"
        )


AUTHORS = Convention()
"""The convention of arXiv:2007.05558."""


@dataclass(frozen=True, slots=True)
class Processor:
    """What one chip can do at its peak, in FLOP/s, and how chips are sold."""

    kind: str
    """GPU, TPU, NPU or CPU."""
    fp32: float | None = None
    """Single precision, without matrix units."""
    tensor: float | None = None
    """16-bit matrix rate, dense."""
    chips_per_board: float = 1
    cores_per_chip: float = 1

    def rate(self, convention: Convention, number_format: str | None = None) -> float | None:
        """Peak FLOP/s of one chip; TPUs and their kin are always rated by their matrix units."""
        matrix = self.kind in ("TPU", "NPU") or convention.rate == "tensor"
        if convention.rate == "stated" and number_format:
            matrix = matrix or number_format.casefold() in _MATRIX_FORMATS
        return (self.tensor or self.fp32) if matrix else self.fp32

    def counted_rate(
        self, unit: CountUnit, convention: Convention, number_format: str | None = None
    ) -> float | None:
        """Peak FLOP/s of one of what the paper counts; None for nodes, whose size nobody printed."""
        rate = self.rate(convention, number_format)
        if rate is None or unit == "nodes":
            return None
        by_board = self.kind == "TPU" and convention.tpu == "board"
        factors: dict[CountUnit, float] = {
            "chips": 1.0,
            "cores": 1.0 / self.cores_per_chip,
            "boards": self.chips_per_board,
            "devices": self.chips_per_board if by_board else 1.0,
        }
        return rate * factors[unit]


@dataclass(frozen=True, slots=True)
class Work:
    """What one kind of processor did in one phase of training; None is what the paper does not say."""

    rate: float | None
    """Peak FLOP/s of one counted device."""
    phase: Phase = "training"
    wall_time: float | None = None
    """Seconds."""
    count: float | None = None
    """Devices at once."""
    device_time: float | None = None
    """Device-seconds, where the paper prints those; they say more than the product of two rounded numbers."""

    def burden(self) -> float | None:
        """Its share of the hardware burden at full utilisation, in FLOP."""
        _refuse_negative(wall_time=self.wall_time, count=self.count, device_time=self.device_time)
        return product(self.rate, self.device_time) or product(self.rate, self.wall_time, self.count)


def work(
    processor: Processor,
    convention: Convention,
    *,
    phase: Phase = "unspecified",
    wall_time: float | None = None,
    count: float | None = None,
    count_unit: CountUnit = "devices",
    device_time: float | None = None,
    device_time_unit: str = "device-s",
    number_format: str | None = None,
) -> Work:
    """A run's work, with the rate of what the paper counted under a convention.

    Raises:
        DatasetError: device time is in a unit that is none.
    """
    if device_time is None:
        rate = processor.counted_rate(count_unit, convention, number_format)
        return Work(rate, phase, wall_time=wall_time, count=count)
    if device_time_unit not in _COUNTED:
        raise DatasetError(f"{device_time_unit!r} is no unit of device time", remedy=f"Use {_units()}")
    rate = processor.counted_rate(_COUNTED[device_time_unit], convention, number_format)
    return Work(rate, phase, device_time=device_time)


def hardware_burden(works: Iterable[Work], convention: Convention = AUTHORS) -> float | None:
    """Time x devices x peak rate, summed over phases and kinds of processors, in FLOP.

    None if there is no work, or if one of its parts lacks a number: a sum with a hole is not a burden.

    Raises:
        DatasetError: a time or count is negative.
    """
    counted = [item for item in works if convention.search == "include" or item.phase != "search"]
    shares = [share for item in counted if (share := item.burden()) is not None]
    if not counted or len(shares) < len(counted):
        return None
    return math.fsum(shares) * convention.utilisation


@dataclass(frozen=True, slots=True)
class Exposure:
    """How much a network was shown in one phase: passes over a set, or updates of a batch."""

    epochs: float | None = None
    examples: float | None = None
    """Examples in the set."""
    steps: float | None = None
    batch_size: float | None = None
    """Examples an update."""

    def shown(self) -> float | None:
        """Examples seen in all, or None if the paper does not say enough."""
        _refuse_negative(
            epochs=self.epochs, examples=self.examples, steps=self.steps, batch_size=self.batch_size
        )
        return product(self.epochs, self.examples) or product(self.steps, self.batch_size)


def operations_per_pass(flops: float | None, multiply_adds: float | None) -> float | None:
    """FLOP of one forward pass: as reported, or two for each multiply-add."""
    return flops if flops is not None else product(FLOP_PER_MULTIPLY_ADD, multiply_adds)


def network_operations(per_pass: float | None, exposures: Iterable[Exposure]) -> float | None:
    """FLOP of all training passes: operations of a forward pass x 3 x examples shown, summed over phases.

    None if the pass or one phase lacks a number.

    Raises:
        DatasetError: a number is negative.
    """
    _refuse_negative(operations_per_pass=per_pass)
    phases = [item.shown() for item in exposures]
    shown = [count for count in phases if count is not None]
    if not phases or len(shown) < len(phases):
        return None
    return product(per_pass, FORWARD_AND_BACKWARD, math.fsum(shown))


def transformer_operations(parameters: float | None, tokens: float | None) -> float | None:
    """The approximation for transformers: 6 x parameters x tokens, in FLOP.

    Source: Kaplan et al., Scaling Laws for Neural Language Models, arXiv:2001.08361, section 2.1.
    """
    _refuse_negative(parameters=parameters, tokens=tokens)
    return product(FLOP_PER_PARAMETER_AND_TOKEN, parameters, tokens)


@dataclass(frozen=True, slots=True)
class Conversion:
    """Predicts a hardware burden that nobody reported from network operations, on log scales."""

    intercept: float
    slope: float

    def burden(self, operations: float) -> float:
        """The predicted hardware burden in FLOP."""
        return float(10.0 ** (self.intercept + self.slope * math.log10(operations)))


AUTHORS_CONVERSION = Conversion(3.1337, 0.8716)
"""Fitted by the authors on ImageNet rows that have both (n = 11, R2 0.851)."""
AUTHORS_OLDER_CONVERSION = Conversion(2.7580, 0.8935)
"""The pair that the authors' COCO notebook still uses."""


_DIGITS = 12
"""Places of an error: more than any score is printed with, and fewer than subtracting leaves noise in."""


def error(score: float, rule: ErrorRule) -> float | None:
    """Error between 0 and 1 of a score printed in percent or in points of a hundred; None if it has none."""
    if rule == "none":
        return None
    share = 100.0 - score if rule == "complement" else score
    return round(share / 100.0, _DIGITS)


def product(*factors: float | None) -> float | None:
    """The product of numbers that are all known and positive, else None."""
    known = [factor for factor in factors if factor]
    return math.prod(known) if len(known) == len(factors) else None


def _refuse_negative(**numbers: float | None) -> None:
    for name, number in numbers.items():
        if number is not None and not (number >= 0.0 and math.isfinite(number)):
            raise DatasetError(
                f"{name.replace('_', ' ')} of {number:g} cannot be", remedy="Correct it in the table"
            )


def _units() -> str:
    return ", ".join(_COUNTED)
