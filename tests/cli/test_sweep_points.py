"""Every fault point of the product is swept, or stands here with the reason why it is not."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import product
from pathlib import Path

import pytest

from cli.sweep.choosing import everything
from models.saga_states import MOVES
from providers.doors import DOORS, SHARED

ROOT = Path(__file__).parent.parent.parent
#: What a placeholder in a point's name may stand for, by file and expression.
STANDS_FOR: dict[tuple[str, str], list[str]] = {
    ("sagas", "about"): [f"{kind}.{state}" for kind, moves in MOVES.items() for state in moves],
    ("posting", "about"): ["loan", "collection"],
    ("float_buying", "intent.rail"): ["ncba_float", "mpesa_b2b", "ncba_clearing"],
    ("doors", "slug"): [*DOORS, *SHARED, "kb2", "kb3", "ke7"],
    ("message_try", "gateway.name"): ["airtouch", "africastalking", "smtp"],
    ("message_reports", "SLUG"): ["sm1"],
}
_BY_ONE_WRITER = "one function writes every state; it is stopped where money is held or booked"
_LIKE_KE2 = "one function stores what comes through every door; it is stopped at ke1, ke2 and mf1"
#: Pattern of points no cell visits: why. What is swept does not stand here.
NOT_SWEPT: dict[str, str] = {
    "loan_disbursement.*": _BY_ONE_WRITER,
    "wallet_topup.*": _BY_ONE_WRITER,
    "float_purchase.*": _BY_ONE_WRITER,
    "c2b_receipt.*": _BY_ONE_WRITER,
    "payout_batch.*": _BY_ONE_WRITER,
    "escrow.*": _BY_ONE_WRITER,
    "refund.*": _BY_ONE_WRITER,
    "clearing_move.*": _BY_ONE_WRITER,
    "payout.*": _BY_ONE_WRITER,
    "takeback.*": "one transaction, repeated by the provider's number; nothing leaves",
    "message.send.smtp.*": "a mail goes the way of a text; it is stopped at both gateways of texts",
    "ke3.*": _LIKE_KE2,
    "ke4.*": _LIKE_KE2,
    "ke5.*": _LIKE_KE2,
    "ke6.*": _LIKE_KE2,
    "ke9.*": "nothing is stored there: a balance that is lost is asked for in the next round",
    "ke10.*": _LIKE_KE2,
    "mm1.*": _LIKE_KE2,
    "oc1.*": _LIKE_KE2,
    "am1.*": _LIKE_KE2,
    "ct1.*": _LIKE_KE2,
}


def _written(path: Path) -> Iterator[str]:
    """The names given to `faultpoints.reach` in one file, placeholders filled in."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "faultpoints.reach":
            yield from _filled(path.stem, node.args[0])


def _filled(stem: str, name: ast.expr) -> Iterator[str]:
    parts = name.values if isinstance(name, ast.JoinedStr) else [name]
    choices = [
        STANDS_FOR[stem, ast.unparse(part.value)]
        if isinstance(part, ast.FormattedValue)
        else [str(ast.literal_eval(part))]
        for part in parts
    ]
    yield from map("".join, product(*choices))


def points_in_code() -> set[str]:
    """Every fault point the product reaches."""
    folders = ("activities", "api", "runtime", "workers")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return {point for path in files for point in _written(path)}


def swept() -> set[str]:
    return {cell.point.name for cell in everything() if cell.point}


def left() -> set[str]:
    return points_in_code() - swept()


def test_every_fault_point_is_swept_or_excused() -> None:
    unexcused = {point for point in left() if not any(fnmatchcase(point, one) for one in NOT_SWEPT)}
    assert unexcused == set()


def test_every_point_that_is_swept_stands_in_the_code() -> None:
    assert swept() - points_in_code() == set()


@pytest.mark.parametrize("excused", NOT_SWEPT)
def test_no_excuse_is_kept_for_what_is_swept(excused: str) -> None:
    assert any(fnmatchcase(point, excused) for point in left())


def test_points_are_found_behind_placeholders() -> None:
    assert {"loan.post.before", "kb3.after", "loan_disbursement.paid.before"} <= points_in_code()
