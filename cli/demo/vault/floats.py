"""Float bought with a one-time code, read where the approver reads it: in the inbox."""

import re
from typing import Any

import httpx

from cli.demo.vault.told import Player, Told, until
from models.ids import uuid7

_CODE = re.compile(r"(\d{6}) is your code")
#: Quotes at most. Waits are shortened, and a code's life is one: on a busy machine it may be over.
_QUOTES = 4


class CodeTaken(Exception):
    """A wrong code was believed."""


async def buy(player: Player, minor: int) -> Told:
    """A wrong code is counted and refused, the right one buys."""
    for _ in range(_QUOTES):
        where, code = await quoted(player, minor)
        if await _typed(player, where, code):
            break
    return await player.follow("float bought; one wrong code first", where, "settled")


async def too_late(player: Player, minor: int) -> Told:
    """Nobody types the code: nothing was held, nothing is bought."""
    where, _code = await quoted(player, minor)
    return await player.follow("float not approved in time", where, "expired")


async def quoted(player: Player, minor: int) -> tuple[str, str]:
    """A purchase that waits for its code: its path, and the code from the approver's phone."""
    before = len(await _texts(player))
    body = {"amount": minor, "reference": f"float-{uuid7().hex[-12:]}", "approver": player.approver}
    quoted = await player.client.post("/v1/float-purchases", body)

    async def look() -> dict[str, Any] | None:
        codes = [found for text in (await _texts(player))[before:] if (found := _CODE.search(text))]
        return {"code": codes[-1].group(1)} if codes else None

    return f"/v1/float-purchases/{quoted['id']}", (await until(look))["code"]


async def _texts(player: Player) -> list[str]:
    phone = player.lender.approver.removeprefix("+")
    messages = await player.client.control(f"messages/inbox?to={phone}")
    return [str(message["text"]) for message in messages]


async def _typed(player: Player, where: str, code: str) -> bool:
    """A wrong code, then the right one; False where it came too late."""
    try:
        await _refused(player, where, _another(code))
        await player.client.post(f"{where}/otp", {"code": code})
    except httpx.HTTPStatusError as error:
        if error.response.status_code == httpx.codes.CONFLICT:
            return False
        raise
    return True


async def _refused(player: Player, where: str, code: str) -> None:
    try:
        await player.client.post(f"{where}/otp", {"code": code})
    except httpx.HTTPStatusError as error:
        if error.response.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
            return
        raise
    raise CodeTaken(where)


def _another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"
