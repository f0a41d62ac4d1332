"""Repayments: a phone that rings, the pay bill, and one that only people know where to put."""

from typing import Any

from cli.demo.vault.told import Player, Told, until

_PAID = 50_000
_ALLOCATE = {"word": "allocate", "reason": "the client rang and named the loan"}


async def accounts(player: Player) -> list[str]:
    """Accounts of loans that were given out, the newest first."""
    page = await player.client.get("/v1/loans?status=disbursed")
    return [str(loan["account_no"]) for loan in page["data"]]


async def by_phone(player: Player, account: str) -> Told:
    """The client's phone rings, and the repayment stands in the lender's books."""
    body = {"amount": _PAID, "phone": "+254733000601", "account": account}
    rung = await player.client.post("/v1/collections/stk", body)
    where = f"/v1/collections/{rung['id']}"
    return await player.follow("repayment by a phone that rings", where, "posted")


async def by_pay_bill(player: Player, account: str) -> Told:
    """The client pays by the menu and names the loan."""
    where = await _paid(player, account)
    return await player.follow("repayment to the pay bill", where, "posted")


async def unmatched(player: Player, account: str) -> Told:
    """What the client typed is nobody's account: held, until two people say whose it is."""
    title = "unmatched, allocated by two people"
    where = await _paid(player, "MAMA MBOGA")
    waiting = await player.follow(title, where, "suspense")
    path = f"/v1/operator/collections/{waiting.id}/decide"
    await player.client.operate("POST", path, {**_ALLOCATE, "account": account})
    return await player.follow(title, where, "posted")


async def _paid(player: Player, typed: str) -> str:
    """Pay by the menu; the collection's path once we know of it."""
    payment = {
        "short_code": player.lender.pay_bill,
        "amount_minor": _PAID,
        "bill_ref": typed,
        "payer": "254733000602",
    }
    receipt = (await player.client.control("daraja/paybill", payment))["receipt"]

    async def look() -> dict[str, Any] | None:
        page = await player.client.get("/v1/collections?limit=100")
        return next((one for one in page["data"] if one.get("receipt") == receipt), None)

    return f"/v1/collections/{(await until(look))['id']}"
