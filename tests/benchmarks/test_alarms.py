"""In a small share of the invented seasons, failures are told soon and sound nights are let alone; the rest is the benchmark's."""

from benchmarks.alarms import ARRIVALS, SOURCE, run
from benchmarks.seasons import NIGHTS, WARM_UP, Failure, Season

COMMON = (SOURCE, ARRIVALS, Failure("rule", "training.batch-size"), Failure("field", "run.accelerator"))
RARE = Failure("field", "run.emissions")


def test_failures_of_what_is_common_are_told_within_two_nights_and_of_what_is_rare_are_not() -> None:
    tally = run(range(5000, 5006), failures=(*COMMON, RARE), is_sound=False)
    assert tally.told(COMMON) >= 0.85
    assert tally.told([RARE]) <= 0.5


def test_sound_nights_seldom_raise_an_alarm() -> None:
    tally = run(range(5000, 5003), failures=(), is_sound=True)
    assert (tally.nights, len(tally.false) <= 3) == (3 * NIGHTS, True)


def test_a_source_that_fails_lists_half_of_what_is_known_and_one_without_arrivals_all_of_it() -> None:
    season = Season(7, 400.0)
    night = next(n for n in range(WARM_UP, WARM_UP + 5) if season.night(n).steps.read)
    sound, source, arrivals = (
        season.night(night, failure).steps for failure in (Failure("none"), SOURCE, ARRIVALS)
    )
    again = [steps.identified - steps.arrived for steps in (sound, source, arrivals)]
    assert again[0] == again[2]
    assert 0.4 < again[1] / again[0] < 0.6
    assert all(0.4 < steps.arrived / sound.arrived < 0.6 for steps in (source, arrivals))


def test_a_season_is_the_same_each_time_and_differs_from_its_broken_self_in_what_broke_alone() -> None:
    season, again = Season(7, 50.0), Season(7, 50.0)
    assert season.nights() == again.nights()
    night = next(n for n in range(WARM_UP, WARM_UP + 5) if season.night(n).steps.read)
    sound, broken = season.night(night), season.night(night, Failure("rule", "scores.table"))
    assert "scores.table" in sound.rules
    assert {k: v for k, v in sound.rules.items() if k != "scores.table"} == broken.rules
    assert (sound.fields, sound.steps) == (broken.fields, broken.steps)
