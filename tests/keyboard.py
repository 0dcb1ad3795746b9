"""A person's fingers: keys typed at an application, each as soon as the one before was taken.

Textual's own `Pilot.press` sleeps two fiftieths of a second after each key and longer where the process is busy; for
words typed letter by letter that is most of what a test of a screen takes. What is waited for here is the application itself.
"""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot

_PATIENCE = 0.04
"""Seconds that something may take until the next key comes though it is not done: as long as Textual's own pilot waits."""
_PAUSE = 0.002


async def typed(pilot: Pilot[None], keys: tuple[str, ...], takes_keys: Callable[[], bool]) -> None:
    """Type keys one after the other; what the last of them does may still be going on in the end.

    Args:
        pilot: who types.
        keys: characters, and names as `enter` and `ctrl+y`.
        takes_keys: whether no key waits its turn.
    """
    for key in keys:
        struck = events.Key(_character_to_key(key), key) if len(key) == 1 else events.Key(key, None)
        pilot.app.post_message(struck)
        await pilot.pause(0)  # the application has handed it on
        await pilot.pause(0)  # the screen has it
        until = monotonic() + _PATIENCE
        while pilot.app.is_running and not takes_keys() and monotonic() < until:
            await pilot.pause(_PAUSE)
