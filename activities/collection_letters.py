"""Letters of a collection: the client is told, with the balance of the moment."""

from typing import Protocol

from temporalio import activity

from activities.account_matching import FindsAccounts, reread
from activities.pulse import beating
from models.collection_order import TellOrder
from models.credentials import NoCredentials
from models.lending import Loan
from models.loan_preflight import kenyan_mobile
from models.messages import Notice
from models.money import Money
from providers.contract import ProviderError, QuestionRefused


class GivesBooks(Protocol):
    """Where a partner's credentials are kept."""

    async def mifos(self, org_id: str, livemode: bool) -> FindsAccounts:  # noqa: FBT001 - the second half of the scope
        """The lender's books. Raises NoCredentials."""
        ...


class CollectionLetters:
    """Composes notices; they are queued by the step that tells them."""

    def __init__(self, partners: GivesBooks) -> None:
        self._partners = partners

    @activity.defn(name="collection.letter")
    async def compose(self, order: TellOrder) -> tuple[Notice, ...]:
        """What the client is told; nobody, where no phone is known.

        A lender that is silent costs the balance, and the client whose phone only it knows.
        """
        async with beating():
            balance, mobile = await self._known(order)
        phone = order.phone or kenyan_mobile(mobile)
        if phone is None:
            return ()
        facts = {
            "amount": str(order.amount),
            "receipt": order.receipt,
            "account": order.target.account_no,
        }
        if balance is not None:
            facts["balance"] = str(balance)
        notice = Notice(
            event=order.event,
            key=f"{order.saga.id}/{order.event}",
            to_phone=phone,
            facts=facts,
            about=order.saga.id,
        )
        return (notice,)

    async def _known(self, order: TellOrder) -> tuple[Money | None, str | None]:
        """The new balance, and the client's phone as the lender wrote it."""
        try:
            books = await self._partners.mifos(order.saga.org_id, order.saga.livemode)
            account = await reread(books, order.target)
            client_id = order.target.client_id
            client = None
            if client_id is not None and order.phone is None:
                client = await books.client(client_id)
        except (NoCredentials, QuestionRefused, ProviderError) as error:
            activity.logger.warning("balance and phone are not known: %s", error)
            return None, None
        if account is None:
            return None, client.mobile if client else None
        balance = account.outstanding if isinstance(account, Loan) else account.balance
        return balance, client.mobile if client else None
