"""The keys at a paper: what each means, in the words of the help."""

from __future__ import annotations

BRIEF = "e edit a add d delete r restore m merge l link w read all u undo / find ? more"
"""The line at the foot; it fits 80 columns."""
FULL = (
    "e edit  a add  d delete  r restore  m merge  l link  w read completely  u undo  / find  "
    "x rejected  v picture  o open  ? help  Esc back"
)
"""The same where there is room for all of them."""
HELP = (
    ("↑ ↓ j k", "up and down; PgUp PgDn Home End too"),
    ("← → Space", "fold and unfold a model, run or result; z all of them"),
    ("Enter", "edit a value; fold or unfold a model, run or result"),
    ("e", "edit: the value, of a result its score, with page and quote"),
    ("a", "add: a value here, or a new model, run or result"),
    ("d", "delete: a value that is wrong; what there is none of"),
    ("r", "restore what was rejected, removed or merged"),
    ("m", "merge: this is the same as another, which has the values of both"),
    ("l", "link this run or result to another model"),
    ("w", "I have read all of it, and nothing else is reported"),
    ("u", "undo your last change to this paper; again for the one before"),
    ("/", "find a line: words of a name, a field, a value"),
    ("x", "show or hide what was rejected and taken out"),
    ("v", "view the page around the value as a picture"),
    ("o", "open the paper at its page"),
    ("Esc q", "back; all that was changed is kept"),
    ("", ""),
    ("·  ?", "published unseen; waits for a look"),
    ("✓  ×", "decided by a person; rejected"),
)
