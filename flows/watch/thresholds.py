"""From when on something is wrong with the nights: the numbers that `flows.watch.judge` goes by. Which of them a person may set is in `flows.settings`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When something is wrong. The probabilities are of crying wolf, per night, over all tests of a kind."""

    yields: float = 0.002
    volume: float = 0.002
    errors: float = 0.0005
    yield_fall: float = 0.65
    """However sure it is, a yield above this share of the expected is no alarm."""
    volume_fall: float = 0.74
    """The same for the volume of two days against the usual of their weekdays."""
    listed_again: float = 0.75
    """The same for the known papers that are listed again, of which usually the same share is."""
    listed_least: int = 50
    """Fewer known papers that should be listed again are not judged."""
    windows: tuple[int, ...] = (2, 7, 28)
    """Nights that are judged together: rare rules need many."""
    reference: int = 60
    """Nights before, at most, from which the expected follows."""
    least_nights: int = 10
    """Nights with papers before which no yield is judged."""
    least_days: int = 3
    """The same for volume: days of the same weekday."""
    least_level: float = 0.95
    """How far the last days lower what is expected, at most: a source that stays halved does not become usual within a week."""
    watermark_days: float = 3.0
    """Age from which a watermark is too old."""
    nights_failed: int = 2
    """So many in a row are an alarm."""
    failed_share: float = 0.5
    """So large a share of files or papers that fail is an alarm whatever was before."""
    failed_least: int = 5
    """If they are at least so many."""
    failed_noted: float = 0.1
    """A smaller share is no alarm however unusual."""
    free_bytes: int = 2_000_000_000
    free_nights: int = 14
    """The disk should last for so many nights like the last."""

    @property
    def usual_falls(self) -> tuple[float, float]:
        """The share of the usual of a weekday from which on there are too few, of one day and of two."""
        return 0.78 * self.volume_fall, self.volume_fall

    @property
    def level_falls(self) -> tuple[float, float]:
        """The same against the level of the last days, lower because the end of a conference's rush is no failure."""
        return 0.68 * self.volume_fall, 0.81 * self.volume_fall


USUAL = Thresholds()
