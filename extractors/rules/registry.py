"""Every rule that reads sentences, by family, in one place.

A contributor adds a rule by adding it here, with an example in its class and a golden file in the tests.
"""

from __future__ import annotations

from extractors.rules.batches import BatchSize
from extractors.rules.compute import TrainingCompute
from extractors.rules.counts import AcceleratorCount
from extractors.rules.device_batches import DeviceBatchSize
from extractors.rules.device_times import DeviceTime
from extractors.rules.durations import TrainingTime
from extractors.rules.energy import Emissions, Energy
from extractors.rules.findings import Rule
from extractors.rules.lengths import RunLength
from extractors.rules.money import DevicePrice, TrainingCost
from extractors.rules.number_formats import NumberFormat
from extractors.rules.operations import Operations
from extractors.rules.paces import Pace
from extractors.rules.parameters import Parameters
from extractors.rules.pronouns import PronounCount
from extractors.rules.slices import SliceCount
from extractors.rules.systems import SystemCount
from extractors.rules.training_sets import TrainingSet
from extractors.rules.training_sizes import TrainingSetSize
from extractors.rules.utilisation import Utilisation
from extractors.rules.workers import WorkerCount

HARDWARE: tuple[Rule, ...] = (
    AcceleratorCount(),
    SliceCount(),
    WorkerCount(),
    PronounCount(),
    SystemCount(),
)
TIMES: tuple[Rule, ...] = (TrainingTime(), DeviceTime())
SCHEDULES: tuple[Rule, ...] = (RunLength(), BatchSize(), TrainingCompute())
RESOURCES: tuple[Rule, ...] = (
    NumberFormat(),
    TrainingSetSize(),
    TrainingSet(),
    DeviceBatchSize(),
    Pace(),
    Utilisation(),
    Energy(),
    Emissions(),
    TrainingCost(),
    DevicePrice(),
)
COSTS: tuple[Rule, ...] = (Parameters(), Operations())
ALL: tuple[Rule, ...] = (*HARDWARE, *TIMES, *SCHEDULES, *RESOURCES, *COSTS)
