"""The real flow under Prefect, once, in a process of its own: Prefect reads its surroundings when it is imported."""

import os
import subprocess
import sys
from pathlib import Path

from flows.demo.catalogue import catalogue
from flows.demo.standin import stand_in
from flows.settings import Settings, environment_of

_PROGRAM = """
from datetime import date
from flows.prefect_home import prepare_prefect
from flows.settings import load_settings
if __name__ == "__main__":
    prepare_prefect(load_settings())
    from flows.nightly import nightly
    summary = nightly(since=date(2024, 3, 1), until=date(2024, 3, 31))
    print(summary.outcome, summary.counts["read"], sorted(summary.seconds))
"""


def test_the_flow_runs_under_prefect_without_a_server_quietly_and_in_its_folder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "program.py").write_text(_PROGRAM)
    with stand_in(catalogue()[:1]) as arxiv:
        settings = Settings(
            data_dir=tmp_path / "data",
            arxiv_api_url=arxiv.api_url,
            arxiv_pdf_url=arxiv.pdf_url,
            request_interval_seconds=0,
            contact="ops@example.org",
        )
        plain = {
            name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "BURDEN"))
        }
        done = subprocess.run(
            [sys.executable, tmp_path / "program.py"],
            env=plain | environment_of(settings) | {"HOME": str(home)},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "done 1 ['extract', 'fetch', 'harvest', 'route', 'screen']\n"
    said = [line.split()[0] for line in done.stderr.splitlines() if line.strip()]
    assert said[:6] == ["harvest", "screen", "fetch", "extract", "route", "Night"]
    assert "prefect" not in done.stderr.lower()
    assert list(home.iterdir()) == []
    assert {path.name for path in tmp_path.iterdir()} == {"home", "program.py", "data"}
