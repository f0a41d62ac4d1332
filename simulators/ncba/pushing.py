"""Sends notices until they are taken: the bank repeats what is not answered OK."""

import asyncio
import json
from urllib.parse import urlsplit

import httpx

from simulators.ncba.book import BankBook, Push
from simulators.stage import Stage

_TYPES = {"xml": "text/xml; charset=utf-8", "json": "application/json"}
_LONGEST_DOUBLINGS = 6


class Pusher:
    """Plays notices on the bank's stage, so that a reset ends them."""

    def __init__(self, book: BankBook, stage: Stage) -> None:
        self._book = book
        self._stage = stage

    def send(self, push: Push) -> None:
        """Book a notice and send it until it is taken."""
        self._book.push(push)
        self._stage.spawn(self._until_taken(push))

    def resume(self) -> None:
        """Send on what was not taken when the simulator stopped."""
        for push in self._book.pushes.values():
            if not push.told:
                self._stage.spawn(self._until_taken(push))

    async def _until_taken(self, push: Push) -> None:
        behaviour = self._stage.behaviour
        for tried in range(behaviour.notice_tries):
            await self._stage.director.up.wait()
            if await self._told(push):
                self._book.told(push)
                return
            pause = behaviour.seconds("callback_gap_seconds")
            await asyncio.sleep(pause * 2 ** min(tried, _LONGEST_DOUBLINGS))

    async def _told(self, push: Push) -> bool:
        """Send once and log it; True where the answer is one the bank takes for yes."""
        status, answer = await _posted(push)
        self._stage.log.append(
            {
                "direction": "out",
                "method": "POST",
                "path": urlsplit(push.url).path,
                "status": status,
            }
        )
        return status == 200 and _taken(push.form, answer)


async def _posted(push: Push) -> tuple[int, str]:
    headers = {"Content-Type": _TYPES[push.form]}
    try:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
            answer = await http.post(push.url, content=push.body.encode(), headers=headers)
    except (httpx.HTTPError, httpx.InvalidURL):
        return 0, ""
    return answer.status_code, answer.text


def _taken(form: str, answer: str) -> bool:
    if form == "xml":
        return "OK" in answer
    try:
        said = json.loads(answer)
    except ValueError:
        return False
    return isinstance(said, dict) and str(said.get("ResultCode")) == "0"
