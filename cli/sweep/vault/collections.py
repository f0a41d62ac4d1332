"""Collections of the sweep: a customer pays by the menu, or a phone rings and pays."""

from typing import Any

from cli.demo.vault import office
from cli.demo.vault.told import Player
from cli.sweep.vault import collection_people as people
from cli.sweep.vault.borrowers import Borrowers
from cli.sweep.vault.collection_cells import (
    ALLOCATED,
    CHECKED,
    MIFOS,
    PAYBILL,
    STK,
    UNDO,
    UNMATCHED,
)
from cli.sweep.vault.driven import Lent
from cli.sweep.vault.lender import again
from simulators.faults import named

_MINOR = 1_000
_NOBODY = "MAMA MBOGA"
#: How a call of the lender's books is spoiled: the posting, or its undoing.
_SPOILED = {MIFOS: "repayment", UNDO: "undo"}
#: Seconds M-Pesa takes to confirm, and between two confirmations; and where it meets a dead API
#: first: it confirms once, so what is to be heard has to come when we are back.
_QUICKLY = {"callback_delay_seconds": 0.05, "callback_gap_seconds": 1.5}
_SLOWLY = {"callback_delay_seconds": 8.0, "callback_gap_seconds": 8.0}
_DEAF = {"api", "postgres"}


class Collections:
    """M-Pesa misbehaves by the payer's number, Mifos X by a fault ordered for the account."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self._borrowers = Borrowers(player)
        self._pace = _QUICKLY
        self._checked = False

    async def prepare(self, lent: Lent) -> None:
        """An account to pay into; what people decide about is paid before."""
        cell = lent.cell
        await self._set_up(lent)
        lent.account = await self._account(lent)
        if cell.provider == UNDO or cell.fault == ALLOCATED:
            await people.paid(self._player, lent, self._by_menu(lent))
        if cell.provider in _SPOILED and cell.point is None:
            fault = {"fault": cell.fault, "operation": _SPOILED[cell.provider]}
            place = {"tenant": self._player.lender.tenant, "account": lent.loan}
            await self._player.client.control("fineract/faults", {**fault, **place})

    async def begin(self, lent: Lent) -> None:
        """Pay, or decide about what was paid; until it is known where it stands."""
        if lent.cell.provider == UNDO:
            await people.take_back(self._player, lent)
        elif lent.cell.fault == ALLOCATED:
            await people.allocate(self._player, lent, f"L{lent.loan}")
        elif lent.cell.provider == STK:
            await self._ring(lent)
        else:
            await people.pay(self._player, lent, self._by_menu(lent))
            await self._at(_QUICKLY)

    async def _set_up(self, lent: Lent) -> None:
        """Turn what is turned for everybody: M-Pesa's pace, and whether a checker is asked."""
        cell = lent.cell
        told = cell.moment.startswith(("ke7.", "ke8.")) and cell.provider == PAYBILL
        await self._at(_SLOWLY if told and cell.victim in _DEAF else _QUICKLY)
        checked = cell.fault == CHECKED
        if checked is not self._checked:
            self._checked = checked
            await office.turn(self._player, maker_checker=["REPAYMENT_LOAN"] if checked else [])

    async def _at(self, pace: dict[str, float]) -> None:
        """M-Pesa confirms at this pace from now on, to whomever."""
        if pace is not self._pace:
            self._pace = pace
            await self._player.client.control("daraja/settings", pace)

    async def _account(self, lent: Lent) -> str:
        """A loan of its own where its books are spoiled; a savings account where it is undone."""
        cell = lent.cell
        spoiled = cell.provider in _SPOILED and cell.point is None
        if spoiled and cell.provider == UNDO:
            lent.loan = await self._borrowers.savings()
            return f"S{lent.loan}"
        lent.loan = await (self._borrowers.own() if spoiled else self._borrowers.shared())
        return _NOBODY if cell.fault in {UNMATCHED, ALLOCATED} else f"L{lent.loan}"

    def _by_menu(self, lent: Lent) -> dict[str, Any]:
        return {
            "short_code": self._player.lender.pay_bill,
            "amount_minor": _MINOR,
            "bill_ref": lent.account,
            "payer": _payer(lent),
        }

    async def _ring(self, lent: Lent) -> None:
        """Ask for it, with the same key until it is answered."""
        path = "/v1/collections/stk"
        body = {"amount": _MINOR, "phone": f"+{_payer(lent)}", "account": lent.account}
        client, key = self._player.client, lent.reference
        rung = await again(lambda: client.post(path, body, key=key))
        lent.where = f"/v1/collections/{rung['id']}"


def _payer(lent: Lent) -> str:
    """Its last two digits choose what M-Pesa does."""
    if lent.cell.provider in {STK, PAYBILL} and lent.cell.fault not in {"paid", UNMATCHED}:
        return "2547000000" + named(lent.cell.fault).suffix
    return f"25473{lent.reference[-4:]:0>7}"
