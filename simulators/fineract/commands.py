"""How a command is taken: permission, key, lock, maker-checker, commit, hook, answer.

A key is kept per action and entity, not per account: the same key on another loan is answered
with the first loan's answer. Failures are kept as successes are.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from simulators.faults import PAID, Fault, Wire
from simulators.fineract import acts, answers, faulty
from simulators.fineract.acts import Order
from simulators.fineract.records import Parked, Stored, User
from simulators.fineract.telling import Teller
from simulators.fineract.tenant import Tenant
from simulators.settings import Behaviour
from simulators.spoiler import Spoiler

_OPERATIONS = {
    "DISBURSE": "disburse",
    "DISBURSALUNDO": "undo",
    "ADJUST": "undo",
    "UNDOTRANSACTION": "undo",
    "REPAYMENT": "repayment",
    "DEPOSIT": "deposit",
}
_LONGEST_KEY = 50


class Commands:
    """Runs commands one by one: between two awaits nothing else touches the books."""

    def __init__(
        self,
        *,
        orders: faulty.Faulty,
        teller: Teller,
        spoiler: Spoiler,
        behaviour: Callable[[], Behaviour],
    ) -> None:
        self._orders = orders
        self._teller = teller
        self._spoiler = spoiler
        self._behaviour = behaviour
        self._running: set[tuple[str, str]] = set()
        self._late: set[asyncio.Task[Response]] = set()

    async def run(self, request: Request, tenant: Tenant, user: User, order: Order) -> Response:
        """The answer, spoiled where a fault says so. Raises answers.Error."""
        if not user.may(order.task):
            raise answers.unauthorised()
        key = request.headers.get("idempotency-key") if tenant.switches.modern else None
        if key and len(key) > _LONGEST_KEY:
            raise answers.integrity("error.msg.unknown.data.integrity.issue")
        scope = f"{order.action}|{order.entity}|{key}" if key else ""
        fault = self._orders.take(_OPERATIONS[order.action], tenant.name, order.account_id) or PAID
        if not fault.acts and fault.name not in {faulty.STORED_FAILURE, faulty.COB_LOCK}:
            return self._spoiled(request, fault, Response())
        kept = self._kept(tenant, scope)
        if kept:
            return self._spoiled(request, fault, kept)
        if fault.name == faulty.SLOW_COMMIT:
            self._commit_late(tenant, user, order, scope)
            return self._spoiled(request, fault, Response())
        clean = await self._executed(tenant, user, order, scope=scope, fault=fault)
        return self._spoiled(request, fault, clean)

    async def approve(self, tenant: Tenant, parked: Parked) -> dict[str, Any]:
        """A checker approves: what was parked is done now. Raises answers.Error."""
        order = Order(
            action=parked.action,
            entity=parked.entity,
            task="",
            account_id=parked.account_id,
            transaction_id=parked.transaction_id,
            raw=parked.sent.encode(),
        )
        answer = acts.perform(tenant, order)
        parked.done = True
        tenant.save(parked)
        self._teller.command(tenant, order, answer)
        return answer

    async def aclose(self) -> None:
        """Forget what has not committed yet."""
        for task in self._late:
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)
        self._running.clear()

    def _kept(self, tenant: Tenant, scope: str) -> Response | None:
        """The stored answer of a key. Raises answers.Error while it is at work."""
        if not scope:
            return None
        if (tenant.name, scope) in self._running:
            raise answers.running()
        kept = tenant.stored.get(scope)
        if kept is None:
            return None
        headers = {"x-served-from-cache": "true"}
        return Response(kept.body, kept.status, headers=headers, media_type="application/json")

    async def _executed(
        self, tenant: Tenant, user: User, order: Order, *, scope: str, fault: Fault, wait: float = 0
    ) -> Response:
        marked = {(tenant.name, scope)} if scope else set()
        self._running |= marked
        try:
            await asyncio.sleep(wait + tenant.switches.command_seconds)
            status, body = self._done(tenant, user, order, fault)
        finally:
            self._running -= marked
        if scope:
            tenant.save(Stored(id=scope, status=status, body=json.dumps(body)))
        return JSONResponse(body, status)

    def _done(
        self, tenant: Tenant, user: User, order: Order, fault: Fault
    ) -> tuple[int, dict[str, Any]]:
        """Act, or park, or fail; hooks hear of all three."""
        try:
            _fail_inside(fault)
            if order.task in tenant.switches.maker_checker and not user.may("CHECKER_SUPER_USER"):
                acts.perform(tenant.rehearsal(order.account_id), order)
                self._teller.command(tenant, order, None)
                return 200, _park(tenant, order)
            answer = acts.perform(tenant, order)
        except answers.Error as refused:
            self._teller.command(tenant, order, None)
            return refused.status, refused.body
        self._teller.command(tenant, order, answer)
        return 200, answer

    def _commit_late(self, tenant: Tenant, user: User, order: Order, scope: str) -> None:
        wait = self._behaviour().seconds("late_after_seconds")
        if scope:
            self._running.add((tenant.name, scope))
        task = asyncio.create_task(
            self._executed(tenant, user, order, scope=scope, fault=PAID, wait=wait)
        )
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    def _spoiled(self, request: Request, fault: Fault, clean: Response) -> Response:
        inside = fault.name in {faulty.STORED_FAILURE, faulty.COB_LOCK}
        wire = Wire.CLEAN if inside else fault.wire
        return self._spoiler.answer(request, wire, clean, self._behaviour())


def _fail_inside(fault: Fault) -> None:
    if fault.name == faulty.STORED_FAILURE:
        raise answers.broken()
    if fault.name == faulty.COB_LOCK:
        raise answers.locked()


def _park(tenant: Tenant, order: Order) -> dict[str, Any]:
    """Validated, rolled back, kept for a checker: nothing in the answer says that it failed."""
    parked = Parked(
        id=tenant.next_id(Parked),
        action=order.action,
        entity=order.entity,
        account_id=order.account_id,
        transaction_id=order.transaction_id,
        sent=order.raw.decode("utf-8", "replace"),
    )
    tenant.save(parked)
    return {"commandId": parked.id, "resourceId": order.account_id, "rollbackTransaction": True}
