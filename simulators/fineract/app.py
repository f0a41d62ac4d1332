"""The Fineract application: one server, many tenants."""

import base64
import binascii
import json
from collections import deque
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from simulators.director import Director
from simulators.door import note
from simulators.fineract import answers, reads
from simulators.fineract.acts import Order
from simulators.fineract.commands import Commands
from simulators.fineract.faulty import Faulty
from simulators.fineract.records import Hook, User
from simulators.fineract.telling import Teller
from simulators.fineract.tenant import Tenant
from simulators.fineract.world import World
from simulators.settings import Behaviour, Settings
from simulators.spoiler import Spoiler
from simulators.tokens import Tokens

BASE = "/fineract-provider/api/v1"
_LOGGED = 2000
_Reads = Callable[[Tenant, User, Request], reads.Answer]
_READS: dict[str, tuple[_Reads, str]] = {
    "/loanproducts": (reads.products, "READ_LOANPRODUCT"),
    "/loans": (reads.loans, "READ_LOAN"),
    "/loans/{id:int}": (reads.loan, "READ_LOAN"),
    "/loans/external-id/{external_id}": (reads.loan_by_external_id, "READ_LOAN"),
    "/savingsaccounts/{id:int}": (reads.savings, "READ_SAVINGSACCOUNT"),
    "/clients/{id:int}": (reads.client, "READ_CLIENT"),
    "/clients/{id:int}/accounts": (reads.client_accounts, "READ_CLIENT"),
    "/search": (reads.search, "READ_CLIENT"),
    "/paymenttypes": (reads.payment_types, "READ_PAYMENTTYPE"),
    "/businessdate": (reads.business_dates, "READ_BUSINESS_DATE"),
    "/holidays": (reads.holidays, "READ_HOLIDAY"),
    "/workingdays": (reads.working_days, "READ_WORKINGDAYS"),
    "/configurations": (reads.configurations, "READ_CONFIGURATION"),
    "/permissions": (reads.permissions, "READ_PERMISSION"),
    "/hooks": (reads.hooks, "READ_HOOK"),
}
#: By path family and command, in lower case: action, entity and task.
_COMMANDS = {
    ("loans", "disburse"): ("DISBURSE", "LOAN", "DISBURSE_LOAN"),
    ("loans", "undodisbursal"): ("DISBURSALUNDO", "LOAN", "DISBURSALUNDO_LOAN"),
    ("loans", "repayment"): ("REPAYMENT", "LOAN", "REPAYMENT_LOAN"),
    ("loans", "undo"): ("ADJUST", "LOAN", "ADJUST_LOAN"),
    ("savingsaccounts", "deposit"): ("DEPOSIT", "SAVINGSACCOUNT", "DEPOSIT_SAVINGSACCOUNT"),
    ("savingsaccounts", "undo"): (
        "UNDOTRANSACTION",
        "SAVINGSACCOUNT",
        "UNDOTRANSACTION_SAVINGSACCOUNT",
    ),
}


class Fineract:
    """Routes, tenants, faults and hooks of one server. `log` and `director` serve the door."""

    def __init__(self, settings: Settings) -> None:
        file = settings.state_dir / "fineract.jsonl" if settings.state_dir else None
        self.world = World(file, password=settings.fineract_password)
        self.log: deque[dict[str, Any]] = deque(maxlen=_LOGGED)
        self.director = Director()
        self.faults = Faulty()
        self.teller = Teller(self.log)
        self.behaviour = Behaviour(speed=settings.speed)
        self._speed = settings.speed
        self._spoiler = Spoiler(
            words=answers.WORDS, storm=lambda s: answers.broken(s).response(), tokens=Tokens()
        )
        self._commands = Commands(
            orders=self.faults,
            teller=self.teller,
            spoiler=self._spoiler,
            behaviour=lambda: self.behaviour,
        )

    def app(self) -> FastAPI:
        """The application, without documentation pages: it stands in for somebody else's."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_exception_handler(answers.Error, _answered)
        app.add_route(f"{BASE}/authentication", self.authenticate, methods=["POST"])
        app.add_route(f"{BASE}/hooks", self.create_hook, methods=["POST"])
        app.add_route(f"{BASE}/makercheckers/{{id:int}}", self.check, methods=["POST"])
        for path, (read, permission) in _READS.items():
            app.add_route(BASE + path, self._reading(read, permission), methods=["GET"])
        for family in ("loans", "savingsaccounts"):
            one = f"{BASE}/{family}/{{id:int}}"
            for path in (one, f"{one}/transactions", f"{one}/transactions/{{line:int}}"):
                app.add_route(path, self._commanding(family), methods=["POST"])
        return app

    async def authenticate(self, request: Request) -> Response:
        """Who a user is: only a check."""
        tenant = self._tenant(request)
        try:
            body = json.loads(await request.body())
            user = tenant.user(body["username"])
            known = user is not None and body["password"] == user.password
        except (ValueError, KeyError, TypeError) as wrong:
            raise answers.broken() from wrong
        if user is None or not known:
            raise answers.unauthenticated()
        return JSONResponse(
            {
                "username": user.name,
                "userId": user.id,
                "authenticated": True,
                "officeId": user.office_id,
                "officeName": "Head Office" if user.office_id == 1 else "Branch",
                "roles": [{"id": 1, "name": "Super user"}],
                "permissions": user.permissions,
                "shouldRenewPassword": user.renew_password,
                "isTwoFactorAuthenticationRequired": False,
            }
        )

    async def create_hook(self, request: Request) -> Response:
        """Register a hook; its address is called at once and must answer something."""
        tenant, user = self._login(request)
        if not user.may("CREATE_HOOK"):
            raise answers.unauthorised()
        body = json.loads(await request.body())
        config = body.get("config") or {}
        events = [[event["entityName"], event["actionName"]] for event in body.get("events") or []]
        if not events or config.get("Content Type") not in {"json", "form"}:
            raise answers.invalid("validation.msg.hook.events.cannot.be.empty", "events")
        url = str(config.get("Payload URL", ""))
        if not await self.teller.reachable(url):
            raise answers.invalid("validation.msg.hook.url.invalid", "The URL does not answer")
        hook = Hook(id=tenant.next_id(Hook), name=str(body.get("displayName")), url=url)
        hook.events = events
        tenant.save(hook)
        return JSONResponse({"resourceId": hook.id})

    async def check(self, request: Request) -> Response:
        """A checker approves a parked command."""
        tenant, user = self._login(request)
        if not user.may("CHECKER_SUPER_USER"):
            raise answers.unauthorised()
        parked = tenant.parked.get(request.path_params["id"])
        if parked is None or parked.done or request.query_params.get("command") != "approve":
            raise answers.not_found("command", request.path_params["id"])
        return JSONResponse(await self._commands.approve(tenant, parked))

    async def reset(self) -> None:
        """Forget everything but the default tenants; behave as at first."""
        await self._stop()
        self.world.reset()
        self.faults.clear()
        self.log.clear()
        self.director = Director()
        self.behaviour = Behaviour(speed=self._speed)

    async def aclose(self) -> None:
        """Stop what is under way and close what is open."""
        await self._stop()
        self.world.close()

    async def _stop(self) -> None:
        await self._commands.aclose()
        await self.teller.aclose()

    def _reading(self, read: _Reads, permission: str) -> Any:
        async def answer(request: Request) -> Response:
            tenant, user = self._login(request)
            if not user.may(permission):
                raise answers.unauthorised()
            fault = self.faults.take("read", tenant.name, request.path_params.get("id"))
            clean = JSONResponse(read(tenant, user, request))
            if fault is None:
                return clean
            note(request, fault=fault.name)
            return self._spoiler.answer(request, fault.wire, clean, self.behaviour)

        return answer

    def _commanding(self, family: str) -> Any:
        async def answer(request: Request) -> Response:
            tenant, user = self._login(request)
            word = request.query_params.get("command", "").lower()
            named = _COMMANDS.get((family, word))
            if named is None:
                raise answers.invalid("error.msg.command.unsupported", f"{word} is not supported")
            action, entity, task = named
            order = Order(
                action=action,
                entity=entity,
                task=task,
                account_id=request.path_params["id"],
                transaction_id=request.path_params.get("line"),
                raw=await request.body(),
            )
            return await self._commands.run(request, tenant, user, order)

        return answer

    def _tenant(self, request: Request) -> Tenant:
        named = request.headers.get("fineract-platform-tenantid") or request.query_params.get(
            "tenantIdentifier", ""
        )
        tenant = self.world.tenants.get(named)
        if tenant is None:
            raise answers.unauthenticated("error.msg.invalid.tenant.identifier")
        return tenant

    def _login(self, request: Request) -> tuple[Tenant, User]:
        tenant = self._tenant(request)
        name, password = _basic(request.headers.get("authorization", ""))
        user = tenant.user(name)
        if user is None or user.password != password:
            raise answers.unauthenticated()
        return tenant, user


async def _answered(_request: Request, error: Exception) -> Response:
    """Exception handler for answers.Error."""
    if not isinstance(error, answers.Error):
        raise error
    return error.response()


def _basic(authorization: str) -> tuple[str, str]:
    """User and password of a Basic header; empty where it is not one."""
    try:
        pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    name, _, password = pair.partition(":")
    return name, password
