"""Runs a notebook's cells as a person would: in order, in one fresh namespace, each last value shown.

    python tests/notebook.py FILE

A kernel would bring some twenty packages for what a few lines do; what is not covered is magic, of which there is none.
"""

from __future__ import annotations

import ast
import json
import sys
from pathlib import Path
from typing import Any


def run(path: Path) -> None:
    """Executes every cell of code; the first error ends it, with the cell's id in the trace."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            _run_cell("".join(cell["source"]), f"cell {cell['id']}", namespace)


def _run_cell(source: str, name: str, namespace: dict[str, Any]) -> None:
    tree = ast.parse(source, name)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), namespace)
    if isinstance(last, ast.Expr):
        _show(name, eval(compile(ast.Expression(last.value), name, "eval"), namespace))


def _show(name: str, value: Any) -> None:
    """What a notebook would print of a value: its HTML or chart is made too, since that may fail."""
    for method in ("_repr_mimebundle_", "_repr_html_"):
        if make := getattr(value, method, None):
            make()
    whole = value.to_string() if hasattr(value, "to_string") else value
    print(f"[{name}]\n{'' if whole is None else whole}")


if __name__ == "__main__":
    run(Path(sys.argv[1]))
