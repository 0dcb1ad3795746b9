"""The keys of the review screen: what each means, in the words of the help."""

from __future__ import annotations

BRIEF = "a accept 1-9 pick c correct r reject n unreported s skip f flag u undo ? q quit"
"""The line under an item; it fits 80 columns, and tells how to find the other keys and how to leave."""
FULL = (
    "a accept  1-9 pick  c correct  r reject  n not reported  s skip  f flag  u undo  "
    "h history  j jump  / search  v picture  o open  p paper  ? help  q quit"
)
"""The same where there is room for all of them."""
HELP = (
    ("a", "the proposed value, number 1, is right"),
    ("1 - 9", "the value with this number is right"),
    ("c", "correct: type the value as the paper prints it; it is read as you type"),
    ("r", "reject: the paper says no such thing here; a digit or words say why"),
    ("n", "not reported: the paper was searched and does not say"),
    ("s", "skip: it comes back after all the others"),
    ("f", "flag: a senior should look at it; a digit or words say why"),
    ("u", "undo your last answer; again for the one before, as often as you like"),
    ("h", "history of this value, and of your own answers"),
    ("j", "jump to a paper: type its id or words of its title"),
    ("/", "search what waits: words of a title, a field, a model"),
    ("v", "view the page around the value as a picture"),
    ("o", "open the paper at its page"),
    ("p", "the whole paper, with all its values"),
    ("?", "this page"),
    ("q", "quit; Ctrl-C too. What is decided is kept, what is held is given back"),
    ("", ""),
    ("Esc", "goes back from whatever is open, and forgets keys that still wait"),
    ("", "Pasted text is never taken for keys. Enter decides nothing on an item."),
)
WITHOUT_ITEM = frozenset("uhj/?q")
"""Keys that mean something where no item is on the screen."""
