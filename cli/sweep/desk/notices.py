"""Notices of the bank against what we stored of them: a proof that is wrong opens no door."""

import json
import re
from collections.abc import Iterator

from cli.sweep.cells import CREDIT
from cli.sweep.desk.cells import FORGED
from cli.sweep.desk.facts import Facts
from cli.sweep.desk.filed import Filed
from cli.sweep.facts import Row
from models import ids

_PROOF = re.compile("<HashVal>([^<]*)</HashVal>")
_DOORS = {"xml": "kb2", "json": "kb3"}


def i3_believed(facts: Facts) -> Iterator[tuple[str, str]]:
    """A notice stands in the inbox where the bank signed it, and only there."""
    for one in facts.of(CREDIT):
        forged, told = one.cell.fault == FORGED, _told(facts, one)
        if forged and not told:
            yield one.subject, "the bank told nobody wrongly"
        for notice in told:
            if (identity(notice) in facts.believed) is forged:
                believed = "believed" if forged else "not believed"
                yield one.subject, f"the notice by {notice['form']} is {believed}"


def identity(notice: Row) -> str:
    """What the inbox knows it by: its door and its proof."""
    form, body = notice["form"], notice["body"]
    found = _PROOF.search(body)
    proof = json.loads(body)["Hash"] if form == "json" else found.group(1) if found else ""
    return ids.body_digest(_DOORS[form], proof.encode())


def _told(facts: Facts, one: Filed) -> list[Row]:
    return [notice for notice in facts.notices if one.about and one.about in notice["body"]]
