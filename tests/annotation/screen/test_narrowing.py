"""A list narrows by words in any order, uses all lines there are, and keeps what is chosen in sight."""

from hypothesis import given
from hypothesis import strategies as st

from annotation.screen.narrowing import Narrowing

ROWS = tuple(f"{number:03} {'even' if number % 2 == 0 else 'odd'} row" for number in range(100))


def typed(words: str, *keys: str, rows: tuple[str, ...] = ROWS) -> Narrowing:
    found = Narrowing(rows).paste(words)
    for key in keys:
        found = found.press(key, None)
    return found


def shown(narrowing: Narrowing, height: int) -> list[str]:
    return [line.plain for line in narrowing.lines("find", "nothing", "hint", 40, height)]


def test_each_word_must_occur_in_any_order() -> None:
    found = typed("ROW even 02")
    assert shown(found, 9)[2:-1] == [
        f"{'▸ 002 even row':40}",
        *(f"  02{n} even row" for n in (0, 2, 4, 6, 8)),
    ]
    assert found.chosen == 2
    assert typed("even 02", "down", "down").chosen == 22


def test_a_number_before_a_row_is_shown_and_not_looked_for() -> None:
    found = Narrowing(("1512.03385  Nets", "2401.00001  More Nets"), ("  15  ", "   2  "))
    assert shown(found.paste("15"), 9)[2:-1] == [f"{'▸   15  1512.03385  Nets':40}"]
    assert found.paste("2 more").chosen == 1


def test_typing_on_chooses_the_first_again() -> None:
    assert typed("even", "down", "down").press("space", " ").chosen == 0


def test_of_nothing_nothing_is_chosen() -> None:
    found = typed("nowhere", "down", "pagedown", "up")
    assert found.chosen is None
    assert shown(found, 9)[2:] == ["  nothing", "  hint"]


@given(
    st.lists(st.sampled_from(["up", "down", "pageup", "pagedown", "tab", "shift+tab"])),
    st.integers(min_value=5, max_value=60),
)
def test_the_chosen_row_is_in_sight_and_no_line_is_wasted(keys: list[str], height: int) -> None:
    found = typed("", *keys)
    lines = shown(found, height)
    assert len(lines) == height
    assert found.chosen is not None
    assert sum(line.startswith(f"▸ {ROWS[found.chosen]}") for line in lines) == 1
