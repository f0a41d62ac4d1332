"""Accepting a refund, in the transaction that answers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from psycopg import errors as sql
from starlette.responses import Response

from activities.refund_accepting import AcceptedRefund
from api.answers import answer
from api.errors import NotFound
from api.keys import Caller
from api.parts import Parts
from api.queries import refunds as queries
from api.refund_errors import RefundReferenceInUse, problem_of
from api.schemas.refunds import CreateRefund
from models import faultpoints
from models.money import Money
from models.refund_order import RefundDraft, RefundRefused, Way
from models.saga_view import saga_object
from runtime.database import Connection
from runtime.starting import refund_start


@dataclass(slots=True)
class RefundAcceptance:
    """One request; called with the open transaction, then sent."""

    parts: Parts
    caller: Caller
    body: CreateRefund
    accepted: AcceptedRefund | None = None

    async def __call__(self, connection: Connection) -> Response:
        """Accept it. Raises what it is refused for; then nothing is reserved."""
        draft = await self._draft(connection)
        desk = self.parts.refunds
        await faultpoints.reach("refund.accept.before", self.body.payment)
        try:
            self.accepted = await desk.accept(connection, draft, at=datetime.now(UTC))
        except RefundRefused as refused:
            raise problem_of(refused) from refused
        except sql.UniqueViolation as error:
            if error.diag.constraint_name != "sagas_reference":
                raise
            raise RefundReferenceInUse("take another reference") from error
        await faultpoints.reach("refund.accept.written", self.body.payment)
        return answer(saga_object(self.accepted.row), 201)

    def send(self) -> None:
        """After the commit: start it. Whatever fails here, the relay does."""
        if self.accepted is not None and self.accepted.plan is not None:
            dispatcher = self.parts.dispatcher
            dispatcher.soon(partial(dispatcher.start, refund_start(self.accepted.plan)))

    async def _draft(self, connection: Connection) -> RefundDraft:
        body = self.body
        amount = None
        if body.amount is not None:
            currency = body.currency or await queries.currency(connection, body.payment)
            if currency is None:
                raise NotFound("there is no such payment")
            amount = Money(body.amount, currency)
        return RefundDraft(
            payment_id=body.payment,
            maker=self.caller.principal,
            amount=amount,
            reason=body.reason,
            reference=body.reference,
            way=Way(body.via) if body.via else None,
        )
