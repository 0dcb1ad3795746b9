"""`burden quickstart`, whole and for real, and once more in the same folder."""

import os
import subprocess
import sys
from pathlib import Path

from analysis.load import load_release

_BURDEN = "from flows.cli import main; main()"


def quickstart(folder: Path) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "BURDEN"))}
    (folder / "home").mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-c", _BURDEN, "quickstart"],
        env=plain | {"HOME": str(folder / "home"), "BURDEN_DATA_DIR": str(folder / "data")},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_the_whole_service_runs_in_one_command_and_again(tmp_path: Path) -> None:
    first = quickstart(tmp_path)
    assert first.returncode == 0, first.stderr
    place = tmp_path / "data" / "quickstart"
    for word in ("harvest", "screen", "read", "route", "prefect", "release", "analyze"):
        assert any(line.startswith(word) for line in first.stderr.splitlines()), word
    assert [line.split()[-2:] for line in first.stderr.splitlines()[-3:]] == [
        ["burden", "review"],
        ["burden", "status"],
        ["burden", "crawl"],
    ]
    assert load_release(place / "releases" / "0.1.0").results
    assert (place / "analysis" / "report.html").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"home", "data"}
    assert list((tmp_path / "home").iterdir()) == []

    again = quickstart(tmp_path)
    assert again.returncode == 0, again.stderr
    assert "0 new" in again.stderr
    assert [path.name for path in (place / "releases").glob("[0-9]*")] == ["0.1.0"]
