"""The ontology as typed values: accelerators, processors and units, read from the packaged TOML files.

A contributor adds a part by adding about six lines to `extractors/ontology/accelerators.toml`; everything that a
paper may call it, and what it can do per second, is there and nowhere else. Every file is checked when it is read:
a wrong key, a doubled id or a name that two parts claim is an `OntologyError`. Finding names in running text is not
here but in `extractors.rules`; benchmarks have their own module.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked_dataclass

from extractors.facts.errors import OntologyError
from extractors.facts.measures import Processor

T = TypeVar("T")
ProcessorKind = Literal["GPU", "TPU", "NPU", "CPU"]

GENERIC = frozenset({"GPU", "TPU", "NPU", "CPU"})
"""Ids that say only the kind of processor; any other id says more."""

_STRICT = ConfigDict(extra="forbid")
_TERA = 1e12


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Accelerator:
    """A processor that a paper may name, as one device is counted."""

    id: str
    """Canonical name, as `NVIDIA Tesla V100`; published and never changed."""
    kind: ProcessorKind
    names: tuple[str, ...]
    """What papers call it; blanks, hyphens and case do not matter, and vendor words in front are understood."""
    source: str
    """Where the rates are from."""
    vendor: str = ""
    short: tuple[str, ...] = ()
    """Names that are something else as often (`T4`, `3090`): valid only beside a word for hardware."""
    fp32: float | None = None
    """Peak single-precision rate of one device in TFLOP/s, without tensor cores."""
    tensor: float | None = None
    """Peak dense half-precision (bfloat16 or FP16) rate of one device in TFLOP/s, with tensor cores."""
    memory: tuple[int, ...] = ()
    """Memory sizes sold, in GB."""
    tdp: float | None = None
    """Design power of one device (of the system, where the source says so), in W."""
    chips_per_board: int = 1
    """Chips on what a cloud sells as one device (a Cloud TPU v2 or v3 is four chips)."""
    cores_per_chip: int = 1
    """Cores that vendors count in names as `v3-32`."""
    released: str = ""
    """Year, or year and month."""

    @property
    def fp32_flop_per_second(self) -> float | None:
        """Peak single-precision rate of one device, in FLOP/s."""
        return None if self.fp32 is None else self.fp32 * _TERA

    @property
    def tensor_flop_per_second(self) -> float | None:
        """Peak half-precision matrix rate of one device, in FLOP/s."""
        return None if self.tensor is None else self.tensor * _TERA

    @property
    def processor(self) -> Processor:
        """What one chip of it can do, as the measures take it."""
        return Processor(
            self.kind,
            self.fp32_flop_per_second,
            self.tensor_flop_per_second,
            self.chips_per_board,
            self.cores_per_chip,
        )


@checked_dataclass(frozen=True, slots=True, config=_STRICT)
class Unit:
    """A unit of time, magnitude, compute, energy or mass, as printed."""

    id: str
    names: tuple[str, ...]
    factor: float
    """How many base units (seconds, ones, FLOP, kWh, kg) it is."""


@dataclass(frozen=True, slots=True)
class Units:
    """Everything that printed quantities are made of."""

    times: tuple[Unit, ...]
    magnitudes: tuple[Unit, ...]
    compute: tuple[Unit, ...]
    energy: tuple[Unit, ...]
    mass: tuple[Unit, ...]
    data: Mapping[str, frozenset[str]]
    """What training sets are counted in, with the words for one of it."""
    number_formats: Mapping[str, tuple[str, ...]]
    """Names of each format that training computes in."""
    number_words: Mapping[str, float]

    def time(self, printed: str) -> Unit | None:
        """The unit of time that a print means, or None."""
        return _by_name(self.times).get(printed.lower().rstrip("."))

    def magnitude(self, printed: str) -> float | None:
        """The factor that `k`, `M`, `million` and their kin mean, or None; letters mind their case."""
        return _factor(self.magnitudes, printed)

    def energy_in(self, printed: str) -> float | None:
        """The kWh that a unit of energy is, or None; letters mind their case."""
        return _factor(self.energy, printed)

    def mass_in(self, printed: str) -> float | None:
        """The kg that a unit of mass is, or None; letters mind their case."""
        return _factor(self.mass, printed)

    def data_unit(self, noun: str) -> str | None:
        """What a noun counts training data in, singular or plural; None if it is no data."""
        word = noun.lower()
        known = (word, word.removesuffix("s"), re.sub(r"ies$", "y", word))
        return next((unit for unit, nouns in self.data.items() if not nouns.isdisjoint(known)), None)


@dataclass(frozen=True, slots=True)
class HardwareWords:
    """Words that stand around the name of an accelerator, by what they do."""

    vendors: frozenset[str]
    carriers: frozenset[str]
    qualifiers: frozenset[str]
    hosts: frozenset[str]
    holding: frozenset[str]
    crowds: frozenset[str]
    possible: frozenset[str]


def name_key(name: str) -> str:
    """A name without case, blanks, hyphens and slashes: what all prints of it share."""
    return re.sub(r"[\s\-‐‑–/_]+", "", name).casefold()


def parse_accelerators(text: str, where: str) -> tuple[Accelerator, ...]:
    """Accelerators from TOML text: `[[accelerator]]` entries with the keys of `Accelerator`.

    Raises:
        OntologyError: not TOML, a key or type is wrong, or two entries share an id or a name.
    """
    entries = _load(text, where).get("accelerator")
    found = _validated(TypeAdapter(tuple[Accelerator, ...]), entries, where)
    _refuse_doubles((item.id for item in found), where)
    _refuse_doubles((key for item in found for key in _keys(item)), where)
    return found


@cache
def accelerators() -> tuple[Accelerator, ...]:
    """All accelerators and processors of the packaged ontology, generic ones (`GPU`, `TPU`, `CPU`) included."""
    return tuple(
        item
        for name in ("accelerators.toml", "cpus.toml")
        for item in parse_accelerators(_packaged(name), name)
    )


@cache
def accelerator_index() -> Mapping[str, Accelerator]:
    """Accelerators by the key of each of their names, short ones and ids included."""
    return {key: item for item in accelerators() for key in _keys(item)}


def accelerator(name: str) -> Accelerator | None:
    """The accelerator of this id or name, however it is spaced and capitalised; None if unknown.

    Vendor words in front do not matter: `Nvidia RTX 3090`, `Intel Xeon E5-2690 v4`.
    """
    found, rest = accelerator_index().get(name_key(name)), name.strip()
    while found is None and " " in rest:
        front, _, rest = rest.partition(" ")
        if front.casefold() not in hardware_words().vendors:
            return None
        found = accelerator_index().get(name_key(rest))
    return found


@cache
def units() -> Units:
    """The packaged units and number words."""
    where = "units.toml"
    data = _load(_packaged(where), where)
    adapter, words = TypeAdapter(tuple[Unit, ...]), TypeAdapter(Mapping[str, float])
    nouns = _validated(TypeAdapter(dict[str, str]), data.get("data"), where)
    return Units(
        times=_validated(adapter, data.get("time"), where),
        magnitudes=_validated(adapter, data.get("magnitude"), where),
        compute=_validated(adapter, data.get("compute"), where),
        energy=_validated(adapter, data.get("energy"), where),
        mass=_validated(adapter, data.get("mass"), where),
        data={unit: frozenset(listed.split()) for unit, listed in nouns.items()},
        number_formats=_validated(TypeAdapter(dict[str, tuple[str, ...]]), data.get("number_formats"), where),
        number_words=_validated(words, data.get("number_words"), where),
    )


@cache
def hardware_words() -> HardwareWords:
    """The packaged words around accelerators."""
    where = "words.toml"
    lists = _validated(TypeAdapter(dict[str, str]), _load(_packaged(where), where), where)
    return _validated(
        TypeAdapter(HardwareWords), {key: frozenset(words.split()) for key, words in lists.items()}, where
    )


def _factor(entries: tuple[Unit, ...], printed: str) -> float | None:
    names = _by_name(entries, cased=True)
    unit = names.get(printed) or (names.get(printed.lower()) if len(printed) > 1 else None)
    return unit.factor if unit else None


@cache
def _by_name(entries: tuple[Unit, ...], *, cased: bool = False) -> Mapping[str, Unit]:
    return {(name if cased else name.lower()): unit for unit in entries for name in unit.names}


def _packaged(name: str) -> str:
    return files("extractors").joinpath("ontology", name).read_text(encoding="utf-8")


def _load(text: str, where: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise OntologyError(f"not TOML: {error}", where=where) from error


def _validated(adapter: TypeAdapter[T], data: object, where: str) -> T:
    try:
        return adapter.validate_python(data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise OntologyError(f"entry {place}: {first['msg']}", where=where) from error


def _keys(item: Accelerator) -> frozenset[str]:
    return frozenset(name_key(name) for name in (item.id, *item.names, *item.short))


def _refuse_doubles(names: Iterable[str], where: str) -> None:
    seen = set[str]()
    for name in names:
        if name in seen:
            raise OntologyError(
                f"{name!r} stands for two parts", where=where, remedy="Give it to one of them"
            )
        seen.add(name)
