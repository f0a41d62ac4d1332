"""The short sweep: kills and provider faults on a real stack, then every invariant."""

import json
import subprocess
import sys
from pathlib import Path


def test_the_short_sweep_violates_nothing(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    command = [sys.executable, "-m", "cli", "sweep", "--short", "--json"]
    ended = subprocess.run(
        [*command, "--state", str(tmp_path / "state")],
        capture_output=True,
        text=True,
        check=False,
        timeout=1800,
    )
    assert ended.stdout, ended.stderr[-3000:]
    result = json.loads(ended.stdout)
    assert (result["found"], result["at_the_end"]) == ([], []), ended.stderr[-3000:]
    assert result["violations"] == 0
    assert result["cells"] >= 20
    assert ended.returncode == 0
