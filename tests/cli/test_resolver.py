"""Where the Temporal program comes from, in order; a build happens once and says how far it is."""

from pathlib import Path

import pytest

from cli.stack import programs, resolver
from cli.stack.programs import TEMPORAL, NoProgram

GO = """#!/bin/sh
echo "go: downloading something" >&2
for i in $(seq 120); do echo "package/$i" >&2; done
[ "$3" = "-ldflags=-s -w" ] || exit 9
{ending}
"""
BUILDS = 'printf "#!/bin/sh\\n" > "$GOBIN/server"; chmod +x "$GOBIN/server"'


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with an empty cache and nothing of ours on PATH; gives the folder on PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "seq", "chmod"):
        (folder / name).symlink_to(f"/usr/bin/{name}")
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setenv("KAURI_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("TEMPORAL_CLI_PATH", raising=False)
    return folder


def executable(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_nothing_is_present_on_a_bare_machine(bare: Path) -> None:
    assert resolver.present() is None
    assert bare.exists()


def test_the_named_program_wins_over_path_and_path_over_the_cache(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cached = executable(programs.cache() / "bin/temporal")
    assert resolver.present() == cached
    on_path = executable(bare / "temporal")
    assert resolver.present() == on_path
    named = executable(tmp_path / "mine")
    monkeypatch.setenv("TEMPORAL_CLI_PATH", str(named))
    assert resolver.present() == named


def test_a_named_program_that_is_not_there_is_an_error(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_CLI_PATH", str(bare / "absent"))
    with pytest.raises(NoProgram, match="TEMPORAL_CLI_PATH="):
        resolver.present()


def test_a_build_reports_progress_and_is_kept(bare: Path) -> None:
    executable(bare / "go", GO.format(ending=BUILDS))
    said: list[str] = []
    built = programs.obtain(TEMPORAL, said.append)
    assert built == programs.cache() / "bin/temporal"
    assert [line for line in said if "100 packages (about 5 %)" in line]
    executable(bare / "go", GO.format(ending="exit 1"))
    assert programs.obtain(TEMPORAL, said.append) == built


def test_a_failed_build_shows_what_go_said_and_leaves_nothing(bare: Path) -> None:
    executable(bare / "go", GO.format(ending='echo "no route to host" >&2; exit 1'))
    with pytest.raises(NoProgram, match=r"(?s)go install .*no route to host"):
        programs.build(TEMPORAL, lambda _line: None)
    assert programs.cached(TEMPORAL) is None
    assert [path.name for path in programs.cache().iterdir()] == ["build.lock"]
