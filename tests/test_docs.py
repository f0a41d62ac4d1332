"""The documents tell the truth where a machine can tell: links, paths, commands, names."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from cli.__main__ import COMMANDS, load
from models.lifecycle import AttemptState, CheckoutState, PaymentStatus
from runtime.settings import Settings

ROOT = Path(__file__).parent.parent
_NAMED = ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")
DOCUMENTS = sorted(
    [ROOT / name for name in _NAMED]
    + [*(ROOT / "docs").rglob("*.md"), *(ROOT / "providers").rglob("*.md")]
    + [ROOT / "workflows/README.md"]
)

_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`|^```\w*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_KAURI = re.compile(r"(?<![\w/.-])kauri ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
_MAKE = re.compile(r"(?<![\w-])make ([a-z]+)")
_TARGET = re.compile(r"^([a-z]+):", re.MULTILINE)
_PATH = re.compile(r"(?:[a-z_]+/)+[\w.-]*\.(?:py|sql|md|toml|json|txt)(?![\w/])")
_ADR = re.compile(r"\[(\d{3})\]\((\S+)\)")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@cache
def code(path: Path) -> str:
    """What stands in code spans and blocks: the commands and names a reader will type."""
    return "\n".join(span or block for span, block in _CODE.findall(path.read_text()))


@cache
def targets() -> set[str]:
    return set(_TARGET.findall((ROOT / "Makefile").read_text()))


@cache
def packages() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return project


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    links = [link for link in _LINK.findall(document.read_text()) if "://" not in link]
    broken = [link for link in links if not _leads(document, link)]
    assert broken == []


def _leads(document: Path, link: str) -> bool:
    place, _, heading = link.partition("#")
    target = (document.parent / place).resolve() if place else document
    if not target.exists():
        return False
    return not heading or heading in _anchors(target)


def _anchors(document: Path) -> set[str]:
    """Headings as a forge makes anchors of them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_file_named_is_there(document: Path) -> None:
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()}
    named = {path for path in _PATH.findall(code(document)) if path.split("/")[0] in folders}
    assert sorted(path for path in named if not (ROOT / path).exists()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_command_named_can_be_typed(document: Path) -> None:
    unknown = [
        f"kauri {command} {sub}".strip()
        for command, sub in _KAURI.findall(code(document))
        if not _typed(command, sub)
    ]
    unknown += [
        f"make {target}" for target in _MAKE.findall(code(document)) if target not in targets()
    ]
    assert unknown == []


def _typed(command: str, sub: str) -> bool:
    if command not in COMMANDS:
        return False
    found = load(command)
    commands = getattr(found, "commands", None)
    return not sub or commands is None or sub in commands


def test_every_command_is_told_somewhere() -> None:
    told = {command for document in DOCUMENTS for command, _sub in _KAURI.findall(code(document))}
    assert set(COMMANDS) - told == set()


def test_every_dependency_stands_with_reason_and_licence() -> None:
    project = packages()
    wanted = project["dependencies"] + [
        package for extra in project["optional-dependencies"].values() for package in extra
    ]
    rows = re.findall(
        r"^\| `([\w.-]+)` \| (.+?) \| (.*?) \| (.+?) \|$",
        (ROOT / "docs/dependencies.md").read_text(),
        re.MULTILINE,
    )
    written = {package for package, *reasons in rows if reasons[0] and reasons[-1].strip()}
    assert {re.split(r"[^\w.-]", one)[0] for one in wanted} == written


def test_every_setting_is_explained() -> None:
    pages = [ROOT / "docs/settings.md", ROOT / "docs/operations.md"]
    text = "".join(code(page) for page in pages if page.exists())
    settings = {f"KAURI_{field.upper()}" for field in Settings.model_fields}
    assert sorted(settings - set(re.findall(r"KAURI_[A-Z_]+", text))) == []


def test_no_setting_is_explained_that_is_not_read() -> None:
    read = "".join(
        path.read_text()
        for folder in ("cli", "runtime", "api", "workers", "simulators", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
    )
    known = {f"KAURI_{field.upper()}" for field in Settings.model_fields}
    told = set(re.findall(r"KAURI_[A-Z_]+[A-Z]", code(ROOT / "docs/settings.md")))
    told = {variable.removesuffix("_FILE") for variable in told}
    assert sorted(one for one in told if one not in known and one not in read) == []


def test_every_decision_is_listed_and_has_its_four_parts() -> None:
    folder = ROOT / "docs/adr"
    listed = _ADR.findall((folder / "README.md").read_text())
    assert [page for _number, page in listed] == sorted(
        path.name for path in folder.glob("[0-9]*.md")
    )
    for number, page in listed:
        text = (folder / page).read_text()
        assert text.startswith(f"# {number}: "), page
        parts = re.findall(r"^## (\w+)", text, re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences", "Weighed"], page
        assert len(text.splitlines()) <= 60, f"{page} is longer than a page"


def test_every_state_a_merchant_may_see_is_in_the_documents() -> None:
    text = "".join(document.read_text() for document in DOCUMENTS)
    states = [*AttemptState, *PaymentStatus, *CheckoutState]
    assert [str(state) for state in states if str(state) not in text] == []


def glossary() -> list[tuple[str, str]]:
    """Every row of the glossary: the words of its first column, and what they mean."""
    text = (ROOT / "docs/glossary.md").read_text()
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    return [row for row in rows if row[0] not in {"word", "not"}]


def test_every_word_of_the_glossary_is_used() -> None:
    used = "".join(path.read_text().lower() for path in DOCUMENTS if path.name != "glossary.md")
    sources = [*(ROOT / "models").glob("*.py"), *(ROOT / "ledger").glob("*.py")]
    used += "".join(path.read_text().lower() for path in sources)
    used = used.replace("_", " ")
    words = [word.strip() for terms, _meaning in glossary() for word in terms.split(",")]
    refused = {word for word, _instead in _refused()}
    assert [word for word in words if word not in refused and word.lower() not in used] == []


def _refused() -> list[tuple[str, str]]:
    """The last table: words we leave to others."""
    text = (ROOT / "docs/glossary.md").read_text().partition("| not | but |")[2]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
    return [(word.strip(), instead.strip()) for word, instead in rows]


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_one_word_is_used_for_one_thing(document: Path) -> None:
    refused = "|".join(word for word, _instead in _refused())
    prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", document.read_text(), flags=re.M | re.S)
    if document.name != "glossary.md":
        assert re.findall(rf"\b(?:{refused})s?\b", prose, re.IGNORECASE) == []
    assert len(_refused()) >= 3


def test_the_commands_of_the_readme_come_first() -> None:
    blocks = re.findall(r"^```\w*\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
    first = [line.split("#")[0].strip() for line in blocks[0].splitlines()]
    assert first == ["make demo", "make test"]


def test_a_command_that_is_not_there_would_be_seen() -> None:
    assert not _typed("conquer", "")
    assert not _typed("ledger", "forge")
    assert _typed("ledger", "check")
