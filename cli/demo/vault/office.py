"""What the lender's administrator does in Mifos X: Fineract's own API, with a super user."""

from typing import Any

import httpx

from cli.demo.vault.told import Player
from models import ids
from simulators.fineract.seeds import SUPER_USER
from simulators.settings import Settings

BASE = "/fineract/fineract-provider/api/v1"
_APPROVALS = [{"entityName": "LOAN", "actionName": "APPROVE"}]


async def hook(player: Player, api: str, callback_key: bytes) -> None:
    """Have Mifos X tell us of approvals, each twice as it sometimes does."""
    known = await player.client.get("/v1/credentials/mifos")
    path = ids.callback_path(known["id"], "mf1", callback_key)
    body = {
        "name": "Web",
        "isActive": True,
        "displayName": "Kauri",
        "events": _APPROVALS,
        "config": {"Payload URL": f"{api}{path}", "Content Type": "json"},
    }
    await _post(player, "/hooks", body)
    await turn(player, hook_copies=2)


async def turn(player: Player, **switches: Any) -> None:
    """Change how the tenant is set up."""
    await player.client.control(f"fineract/switches/{player.lender.tenant}", switches)


async def approve_parked(player: Player, command: int) -> None:
    """A checker lets pass what Mifos X held back."""
    await _post(player, f"/makercheckers/{command}?command=approve", {})


async def _post(player: Player, path: str, body: dict[str, Any]) -> None:
    async with httpx.AsyncClient(auth=(SUPER_USER, Settings().fineract_password)) as http:
        answer = await http.post(
            f"{player.client.simulators}{BASE}{path}",
            json=body,
            headers={"Fineract-Platform-TenantId": player.lender.tenant},
        )
    answer.raise_for_status()
