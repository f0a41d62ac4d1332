"""The rules of the house, run: layers, sizes, names, comparisons of secrets, tracked files."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_LONGEST_FILE, _LONGEST_FUNCTION = 300, 40
_VAGUE = re.compile(r"(?:^|_)(?:utils?|helpers?|managers?|services?)(?:_|$)")
_SECRET = re.compile(r"(?:^|_)(?:sig|signature|hmac|digest|token|secret|mac|tag)s?$")
#: Hosts a lock file or a script might name, and folders of one machine. Split so that this file
#: does not find itself.
_ADDRESSES = re.compile(
    "|".join(
        (
            r"pypi\." r"org",
            r"files\.python" r"hosted",
            r"proxy\.go" r"lang",
            r"registry\.npm" r"js",
            r"repo\d?\.ma" r"ven",
            r"find-" r"links",
            r"/work/" r"(?:main|shared)",
            r"/tmp/" r"gobuild",
            r"/root/" r"\.",
        )
    )
)
_UNEXPLAINED = re.compile(
    r"# noqa(?!: [A-Z]+\d+(?:, ?[A-Z]+\d+)* - \S)"
    r"|type: ignore(?!\[[\w-]+(?:, ?[\w-]+)*\]  ?# \S)"
)
#: (file, name): comparisons that are not of secrets. Each with its reason.
_NOT_SECRET: dict[tuple[str, str], str] = {}


@cache
def tracked() -> list[Path]:
    """Every file git knows, or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def sources(*, tests: bool = True) -> list[Path]:
    """Our Python files."""
    found = [path for path in tracked() if path.suffix == ".py"]
    return [path for path in found if tests or "tests" not in path.relative_to(ROOT).parts]


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_imports_point_down() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    ended = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout[-4000:]


def test_no_file_is_longer_than_people_read() -> None:
    long = {shown(path): len(path.read_text().splitlines()) for path in sources()}
    assert {name: lines for name, lines in long.items() if lines > _LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_page() -> None:
    long = [
        f"{shown(path)}:{node.lineno} {node.name}: {lines}"
        for path in sources()
        for node in functions(path)
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > _LONGEST_FUNCTION
    ]
    assert long == []


def test_no_module_hides_behind_a_vague_name() -> None:
    names = [shown(path) for path in sources() if _VAGUE.search(path.stem)]
    assert names == []


def test_package_files_hold_a_docstring_and_nothing_else() -> None:
    busy = [
        shown(path)
        for path in sources(tests=False)
        if path.name == "__init__.py" and len(ast.parse(path.read_text()).body) > 1
    ]
    assert busy == []


def compared_secrets(source: str) -> list[str]:
    """Names of secrets compared with == or !=: that takes a time which tells how much matches."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare) and all(
            isinstance(op, ast.Eq | ast.NotEq) for op in node.ops
        ):
            sides = [node.left, *node.comparators]
            if any(
                isinstance(side, ast.Constant) and side.value in {"", b"", None} for side in sides
            ):
                continue
            names = [_name(side) for side in sides]
            found.extend(name for name in names if _SECRET.search(name.lower()))
    return found


def _name(node: ast.expr) -> str:
    """The last word of a name, an attribute, a call or a subscript."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=function):
            return _name(function)
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case _:
            return ""


def test_secrets_are_compared_in_constant_time() -> None:
    found = {
        (shown(path), name)
        for path in sources(tests=False)
        for name in compared_secrets(path.read_text())
    }
    assert found - _NOT_SECRET.keys() == set()


@pytest.mark.parametrize(
    "source",
    ["a.signature == b", "sent != digest(x)", "token == row['x']", "row['hmac'] == sent"],
)
def test_the_guard_sees_a_plain_comparison(source: str) -> None:
    assert compared_secrets(source)


def test_no_tracked_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    found = [
        f"{shown(path)}: {hit.group()}"
        for path in tracked()
        if (text := _text(path)) and (hit := _ADDRESSES.search(text))
    ]
    assert found == []


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


def test_every_suppression_says_why() -> None:
    found = [
        f"{shown(path)}:{number}"
        for path in sources(tests=False)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if _UNEXPLAINED.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    "banned", ["import uuid\nuuid.uuid4()", "import asyncio\nasyncio.sleep(1)"]
)
def test_a_workflow_cannot_be_nondeterministic_by_accident(banned: str) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    command = [
        str(ruff),
        "check",
        "--select",
        "TID251",
        "--stdin-filename",
        "workflows/probe.py",
        "-",
    ]
    ended = subprocess.run(
        command, cwd=ROOT, input=banned, capture_output=True, text=True, check=False
    )
    assert "TID251" in ended.stdout
