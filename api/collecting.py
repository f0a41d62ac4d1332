"""Accepting a collection a partner asks for: its row and its start, in the caller's transaction."""

from dataclasses import dataclass
from functools import partial

from starlette.responses import Response

from activities import collection_accepting as accepting
from activities.collection_accepting import ORDER
from api.answers import answer
from api.keys import Caller
from api.partner_errors import NoCredential
from api.parts import Parts
from api.phones import phone_of
from api.schemas.collections import RingRequest
from models import ids
from models.charge import Terms
from models.collection_order import PROMPT_TERMS, CollectionOrder
from models.credentials import CredentialKind, NoCredentials
from models.money import Money
from models.saga import SagaKind, SagaRef
from models.saga_view import saga_object
from runtime.database import Connection
from runtime.partners import Known
from runtime.starting import collection_start

#: Where the partner's short codes ring, and whose terms a prompt there has.
_COUNTRIES, _PROVIDER = ("KE",), "mpesa"


@dataclass(slots=True)
class Collecting:
    """One request; called with the open transaction, then sent."""

    parts: Parts
    caller: Caller
    body: RingRequest
    rings: Known
    order: CollectionOrder | None = None

    async def __call__(self, connection: Connection) -> Response:
        """Accept it. Raises Invalid."""
        caller = self.caller
        credential = ids.parsed(ids.CREDENTIAL, self.rings.id)
        bill = await accepting.pay_bill(connection, caller.org, credential)
        self.order = order = self._order(bill)
        sealed = await self.parts.vault.seal(
            caller.org, livemode=caller.livemode, field="start", plain=ORDER.dump_json(order)
        )
        row = await accepting.take(connection, order, sealed, caller.principal)
        if row is None:
            raise RuntimeError("money that has not come claims nothing")
        return answer(saga_object(row), 201)

    def send(self) -> None:
        """After the commit: start it. Whatever fails here, the relay does."""
        if self.order is not None:
            dispatcher = self.parts.dispatcher
            dispatcher.soon(partial(dispatcher.start, collection_start(self.order)))

    def _order(self, bill: accepting.PayBill) -> CollectionOrder:
        body, caller = self.body, self.caller
        saga = SagaRef(
            id=ids.mint(ids.COLLECTION),
            kind=SagaKind.COLLECTION,
            org_id=ids.shown(ids.ORG, caller.org),
            livemode=caller.livemode,
        )
        return CollectionOrder(
            saga=saga,
            short_code=bill.short_code,
            tenant=bill.tenant,
            partner=bill.partner,
            amount=Money(body.amount, body.currency),
            account=body.account,
            payer=phone_of(body.phone, countries=_COUNTRIES, pointer="/phone", whose="M-Pesa"),
            prompt_terms=_terms(self.parts),
            scale=self.parts.settings.wait_scale,
        )


def _terms(parts: Parts) -> Terms:
    """As M-Pesa's settings have them for prompts of ours."""
    ready = parts.providers.get(_PROVIDER)
    return ready.terms if ready else PROMPT_TERMS


async def ringing(parts: Parts, caller: Caller) -> Known:
    """The short code that rings. Raises NoCredential."""
    org = ids.shown(ids.ORG, caller.org)
    try:
        return await parts.partners.known(org, caller.livemode, CredentialKind.MPESA_STK)
    except NoCredentials as no:
        hint = "enter one and have it checked: POST /v1/credentials/mpesa_stk"
        raise NoCredential(hint) from no
