"""Every event that is written is one of the list, and the page of webhooks tells the same."""

import ast
import re
from pathlib import Path

from models.event_types import EVENT_TYPES, HAPPENINGS

ROOT = Path(__file__).parent.parent.parent
_RINGS = ("models", "activities", "workflows", "api")
_TYPE = re.compile(r"[a-z0-9_]+(\.[a-z_]+)+")
#: Names of another kind that look the same: fault points, and files.
_OTHERS = (".before", ".after", ".written", ".html")


def named_in_code() -> set[str]:
    """Literals that begin with an object events are about, without names of activities."""
    said, activities = set(), set()
    for path in [path for ring in _RINGS for path in (ROOT / ring).rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".defn"):
                activities |= {ast.unparse(one.value).strip("'") for one in node.keywords}
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                said.add(node.value)
    heads = {one.partition(".")[0] for one in EVENT_TYPES}
    types = {one for one in said if _TYPE.fullmatch(one) and one.partition(".")[0] in heads}
    return {one for one in types - activities if not one.endswith(_OTHERS)}


def test_every_event_that_is_written_is_in_the_list() -> None:
    found = named_in_code()
    assert len(found) > 40
    assert found - EVENT_TYPES == set()


def test_the_page_of_webhooks_tells_every_event_there_is() -> None:
    table = (ROOT / "docs/webhooks.md").read_text().split("## What is told")[1].split("\n## ")[0]
    told = set()
    for cell in re.findall(r"^\| [^|]+\| (`.+) \|$", table, re.MULTILINE):
        about = ""
        for word in re.findall(r"`([^`]+)`", cell):
            about = about if word.startswith(".") else word.rpartition(".")[0]
            about = "payment" if word.startswith("payment.") else about
            told.add(about + word if word.startswith(".") else word)
    assert told == EVENT_TYPES


def test_a_state_that_is_told_by_its_own_name_is_in_the_list() -> None:
    assert {"returned", "reversed", "failed", "canceled"} <= set(HAPPENINGS["payout"])
    assert {"changed", "closed"} == set(HAPPENINGS["loan_product"])
