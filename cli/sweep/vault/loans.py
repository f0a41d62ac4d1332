"""Loans of the sweep: entered, spoiled where the cell says so, approved by an officer."""

from typing import Any

from cli.demo.vault.told import Player, until
from cli.sweep.vault.driven import Lent
from cli.sweep.vault.lender import again
from simulators.daraja.oddities import ODDITIES
from simulators.faults import FAULTS

_MINOR = 100_000
_SUFFIXES = {fault.name: fault.suffix for fault in (*FAULTS, *ODDITIES)}


class Loans:
    """M-Pesa misbehaves by the payee's number, Mifos X by a fault ordered for the loan."""

    def __init__(self, player: Player) -> None:
        self._player = player

    async def prepare(self, lent: Lent) -> None:
        """Enter it, and order what its books will do."""
        tenant, client = self._player.lender.tenant, self._player.client
        order = {
            "tenant": tenant,
            "client_name": "Client {n}",
            "mobile": _mobile(lent),
            "principal_minor": _MINOR,
            "approved": False,
        }
        lent.loan = (await client.control("fineract/loans", order))["loan_ids"][0]
        if lent.cell.provider == "mifos" and lent.cell.fault != "paid":
            fault = {
                "fault": lent.cell.fault,
                "operation": "disburse",
                "tenant": tenant,
                "account": lent.loan,
            }
            await client.control("fineract/faults", fault)

    async def begin(self, lent: Lent) -> None:
        """Approve it, and wait until it is ours: by the hook, else by the next poll."""
        tenant, client = self._player.lender.tenant, self._player.client
        await client.control(f"fineract/loans/{lent.loan}", {"tenant": tenant, "act": "approve"})

        async def look() -> dict[str, Any] | None:
            page = await again(lambda: client.get(f"/v1/loans?loan={lent.loan}"))
            return page["data"][0] if page["data"] else None

        lent.where = f"/v1/loans/{(await until(look))['id']}"


def _mobile(lent: Lent) -> str:
    """Its last two digits choose what M-Pesa does."""
    if lent.cell.provider == "mpesa" and lent.cell.fault != "paid":
        return f"07000000{_SUFFIXES[lent.cell.fault]}"
    return f"0723{lent.reference[-4:]:0>6}"
