"""Common package names are ours and nobody else's, and the lock files are usable as they are."""

import importlib.util
import re
import tomllib
from importlib.metadata import entry_points, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_found_in_this_tree(package: str) -> None:
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).is_relative_to(ROOT)


def test_no_other_distribution_ships_one_of_our_packages() -> None:
    credited = packages_distributions()
    assert {name for name in PACKAGES if set(credited.get(name, [])) > {"kauri"}} == set()


def test_nothing_under_tests_is_a_package() -> None:
    # It would make tests/ the import root, and tests/models would shadow our models.
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_the_command_is_installed() -> None:
    (command,) = entry_points(group="console_scripts", name="kauri")
    assert callable(command.load())


def test_the_wheel_holds_every_layer_and_no_tests() -> None:
    layers = set(PROJECT["tool"]["importlinter"]["root_packages"])
    assert layers <= set(PACKAGES)
    assert not {"tests", "benchmarks"} & set(PACKAGES)


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_every_locked_version_has_its_hashes(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()
    pins = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert len(pins) > 20
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


@pytest.mark.parametrize("lock", ["run.txt", "dev.txt"])
def test_every_dependency_is_locked(lock: str) -> None:
    project = PROJECT["project"]
    asked = project["dependencies"] + (
        project["optional-dependencies"]["dev"] * (lock == "dev.txt")
    )
    names = {re.split(r"[\[<>=;! ]", one, maxsplit=1)[0].lower() for one in asked}
    text = (ROOT / "requirements" / lock).read_text()
    locked = set(re.findall(r"^([a-z0-9][\w.-]*)(?:\[.*\])?==", text, re.MULTILINE))
    assert names - locked == set()
