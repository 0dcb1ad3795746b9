"""No TeX is at hand, so that what an engine would stumble over is looked for: braces, specials, columns, and letters."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.latex import escaped

SPECIAL = re.compile(r"(?<!\\)(?:\\\\)*[%#]")


def balanced(text: str) -> bool:
    depth = 0
    for char in re.sub(r"\\[{}]", "", text):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth < 0:
            return False
    return depth == 0


def test_every_table_has_as_many_cells_a_row_as_columns(files: dict[str, bytes]) -> None:
    names = [name for name in files if name.endswith(".tex")]
    assert {"fits.tex", "points.tex", "estimates.tex", "sensitivity.tex", "projections.tex"} <= set(names)
    for name in names:
        text = files[name].decode("ascii")
        (shape,) = re.findall(r"\\begin\{(?:tabular|longtable)\}\{@\{\}([lr]+)@\{\}\}", text)
        body = [line for line in text.splitlines() if line.endswith(r"\\") and " & " in line]
        assert body, name
        for line in body:
            assert len(re.findall(r"(?<!\\)&", line)) == len(shape) - 1, line
            assert balanced(line), line
            assert line.replace(r"\$", "").count("$") % 2 == 0, line
        for pair in ("toprule", "midrule", "bottomrule"):
            assert rf"\{pair}" in text


def test_no_stranger_gives_a_command(files: dict[str, bytes]) -> None:
    text = files["points.tex"].decode()
    assert r"\input" not in text
    assert r"\textbackslash{}input\{/etc/passwd\} \$x\_1\$ \& 100\% \#1 \{" in text


@given(st.text())
def test_any_text_is_escaped_to_ascii_without_a_comment_or_an_open_brace(text: str) -> None:
    found = escaped(text)
    assert found.isascii()
    assert not SPECIAL.search(found)
    assert balanced(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Müller", r"M\"{u}ller"),
        ("β-VAE", r"$\beta${-}VAE"),
        ("2×", r"2$\times$"),
        ("日本", "??"),
        ("a_b", r"a\_b"),
        ("𝐱", "x"),
    ],
)
def test_letters_become_what_every_engine_sets(text: str, said: str) -> None:
    assert escaped(text) == said


def test_an_engine_sets_all_tables(files: dict[str, bytes], tmp_path: Path) -> None:
    engine = shutil.which("pdflatex") or shutil.which("tectonic")
    if engine is None:
        pytest.skip("no TeX engine: install one to set the tables")
    body = "".join(files[name].decode() for name in files if name.endswith(".tex"))
    text = rf"\documentclass{{article}}\usepackage{{booktabs,longtable,textcomp}}\usepackage[T1]{{fontenc}}\begin{{document}}{body}\end{{document}}"
    (tmp_path / "all.tex").write_text(text, "ascii")
    done = subprocess.run(
        [engine, "all.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout[-2000:]
