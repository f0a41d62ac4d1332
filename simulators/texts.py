"""Messages: two SMS gateways and a mail server around one inbox, with their control API.

The routes read `app.state.inbox` and `app.state.accounts`.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request

from simulators.africastalking import app as africastalking
from simulators.airtouch import app as airtouch
from simulators.door import Door
from simulators.gateway import Account
from simulators.inbox import Inbox
from simulators.mailbox.server import Mailbox
from simulators.orders import AccountOrder
from simulators.settings import Settings
from simulators.stage import Stage

routes = APIRouter(prefix="/control/messages")


class Texts:
    """Everything that carries messages."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._inbox = Inbox()
        self._airtouch = airtouch.AirTouch(settings, self._inbox)
        self._africastalking = africastalking.AfricasTalking(settings, self._inbox)
        self._mailbox = Mailbox(self._inbox)
        self._accounts = {
            one.account.name: one.account for one in (self._airtouch, self._africastalking)
        }

        self._africastalking.account.report_url = settings.sms_report_url

    @property
    def stages(self) -> dict[str, Stage]:
        """The stage of each gateway."""
        return {name: account.stage for name, account in self._accounts.items()}

    def mount(self, app: FastAPI) -> None:
        """Put both gateways and the control routes into the application."""
        app.state.inbox, app.state.accounts = self._inbox, self._accounts
        app.include_router(routes)
        for one, closed in (
            (self._airtouch, airtouch.unavailable),
            (self._africastalking, africastalking.unavailable),
        ):
            door = Door(one.app(), stage=one.account.stage, unavailable=closed, busy=closed)
            app.mount(f"/{one.account.name}", door)

    async def start(self) -> None:
        """Open the mail server where settings name a port."""
        if self._settings.smtp_port:
            await self._mailbox.start(self._settings.smtp_host, self._settings.smtp_port)

    async def stop(self) -> None:
        """Close it."""
        await self._mailbox.stop()


def _inbox(request: Request) -> Inbox:
    inbox: Inbox = request.app.state.inbox
    return inbox


def _accounts(request: Request) -> dict[str, Account]:
    accounts: dict[str, Account] = request.app.state.accounts
    return accounts


Arrived = Annotated[Inbox, Depends(_inbox)]
Accounts = Annotated[dict[str, Account], Depends(_accounts)]


@routes.get("/inbox")
async def read(inbox: Arrived, to: str | None = None) -> list[dict[str, Any]]:
    """Texts and mails, the oldest first; `to` is a number without the plus, or a mailbox."""
    return inbox.read(to)


@routes.get("/accounts")
async def accounts(known: Accounts) -> dict[str, dict[str, Any]]:
    """What each account may still send, and under which names."""
    return {name: _shown(account) for name, account in known.items()}


@routes.post("/accounts")
async def change(known: Accounts, order: AccountOrder) -> dict[str, Any]:
    """Change an account: its balance, its sender ids, where its reports go."""
    account = known.get(order.gateway)
    if account is None:
        raise HTTPException(404, f"no such gateway; there are {', '.join(known)}")
    if order.units is not None:
        account.balance = order.units
    if order.senders is not None:
        account.senders = set(order.senders)
    if order.report_url is not None:
        account.report_url = order.report_url
    return _shown(account)


@routes.post("/reset")
async def reset(inbox: Arrived) -> dict[str, bool]:
    """Forget what arrived."""
    inbox.clear()
    return {"reset": True}


def _shown(account: Account) -> dict[str, Any]:
    return {
        "units": account.balance,
        "senders": sorted(account.senders),
        "report_url": account.report_url,
    }
