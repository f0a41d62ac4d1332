"""Which cells are run: all, the short selection, or those a pattern names."""

from fnmatch import fnmatchcase

from cli.sweep import cells
from cli.sweep.batch import cells as batches
from cli.sweep.cells import Cell
from cli.sweep.clearing import cells as clearing
from cli.sweep.desk import cells as desk
from cli.sweep.escrow import cells as escrows
from cli.sweep.payouts import cells as payouts
from cli.sweep.refunds import cells as refunds
from cli.sweep.vault import cells as vault
from cli.sweep.vault import collection_cells as collections

_SHORT_KILLS = (
    "checkout/momo/accept.after/api",
    "checkout/mpesa/start.before/api",
    "checkout/momo/callback.after/api",
    "checkout/momo/book.written/postgres",
    "checkout/mpesa/book.before/temporal",
    "checkout/momo/acknowledged.after/worker",
    "loan/mpesa/payout.after/worker",
    "loan/mifos/loan.post.after/postgres",
)
_SHORT_FAULTS = (
    "paid",
    "declined",
    "no_callback",
    "duplicate_callback",
    "contradictory_callback",
    "forged_callback",
    "lost_answer",
    "rate_limited",
    "wrong_amount",
)
_SHORT_LOANS = (
    "loan/mpesa/lost_answer/provider",
    "loan/mifos/lost_answer/provider",
    "wallet_topup/mpesa/paid/provider",
    "collection/mifos/lost_answer/provider",
)


_SHORT_PAYOUTS = ("payout/wave/money_out.send.after/worker", "payout/airtel/lost_answer/provider")


def everything() -> list[Cell]:
    """The whole sweep."""
    kinds = (cells, vault, collections, desk, batches, escrows, refunds, clearing, payouts)
    return [cell for kind in kinds for cell in (*kind.kills(), *kind.faults())]


def short() -> list[Cell]:
    """The selection of `make test`: each kind of trouble once or twice."""
    return [cell for cell in everything() if _is_short(cell)]


def _is_short(cell: Cell) -> bool:
    if cell.victim or cell.vault or cell.desk or cell.money_out:
        return cell.name in {*_SHORT_KILLS, *_SHORT_LOANS, *_SHORT_PAYOUTS}
    return cell.fault in _SHORT_FAULTS


def only(cells: list[Cell], pattern: str) -> list[Cell]:
    """The cells whose name matches the shell pattern."""
    return [cell for cell in cells if fnmatchcase(cell.name, pattern)]
