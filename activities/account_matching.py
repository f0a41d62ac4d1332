"""Finding the account: the lender's books are read, and the pure ladder decides."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Protocol, TypeVar

from temporalio import activity

from activities.pulse import beating
from models.account_matching import (
    Candidates,
    Match,
    Owner,
    Target,
    TargetKind,
    Typed,
    matched,
    of_loan,
    typed,
)
from models.collection_order import MatchOrder
from models.lending import Account, Client, Found, Loan, Savings
from models.loan_preflight import kenyan_mobile

Record = TypeVar("Record")
#: Accounts of one kind that are looked at; a number that finds more names nobody.
_MOST = 5
_CLIENT, _LOAN, _SAVINGS = "CLIENT", "LOAN", "SAVING"


class FindsAccounts(Protocol):
    """A lender's books. Each raises QuestionRefused, Unreachable or Ambiguous."""

    async def search(
        self, query: str, *, resource: str = "clients,loans,savings", exact: bool = True
    ) -> tuple[Found, ...]:
        """Clients, loans and savings accounts of that number, id or phone."""
        ...

    async def loan(self, loan_id: int) -> Loan | None:
        """One loan."""
        ...

    async def savings_account(self, savings_id: int) -> Savings | None:
        """One savings account."""
        ...

    async def client(self, client_id: int) -> Client | None:
        """One borrower."""
        ...

    async def client_accounts(self, client_id: int) -> tuple[Account, ...]:
        """What a borrower holds."""
        ...


class GivesAccounts(Protocol):
    """Where a partner's credentials are kept."""

    async def mifos(self, org_id: str, livemode: bool) -> FindsAccounts:  # noqa: FBT001 - the second half of the scope
        """The lender's books. Raises NoCredentials."""
        ...


class AccountMatching:
    """Reads what may be meant, and says which one it is."""

    def __init__(self, partners: GivesAccounts) -> None:
        self._partners = partners

    @activity.defn(name="collection.match")
    async def match(self, order: MatchOrder) -> Match:
        """Whose it is. Silent books are asked again by the policy."""
        async with beating():
            return await self.found(order)

    async def found(self, order: MatchOrder) -> Match:
        """The same, once. Raises NoCredentials, QuestionRefused, Unreachable or Ambiguous."""
        books = await self._partners.mifos(order.org_id, order.livemode)
        said = typed(order.account)
        near = await _near(books, said, order.account)
        decided = matched(said, near, payer=order.payer, currency=order.currency)
        if decided.target or near.loans or near.savings or near.owners or order.payer is None:
            return decided
        payers = await _owners(books, await _search(books, _phones(order.payer), "clients"))
        near = Candidates(payers=payers)
        return matched(said, near, payer=order.payer, currency=order.currency)


async def _near(books: FindsAccounts, said: Typed, written: str) -> Candidates:
    """Everything that what was typed may name."""
    if not said.whole:
        return Candidates()
    names = [said.padded, said.number, said.whole, written.strip(), *_phones(said.whole)]
    hits = await _search(books, names, "clients,loans,savings")
    return Candidates(
        loans=await _all(books.loan(hit.id) for hit in _of(hits, _LOAN)),
        savings=await _all(books.savings_account(hit.id) for hit in _of(hits, _SAVINGS)),
        owners=await _owners(books, hits),
    )


async def _owners(books: FindsAccounts, hits: Iterable[Found]) -> tuple[Owner, ...]:
    clients = await _all(books.client(hit.id) for hit in _of(hits, _CLIENT))
    return tuple([await _owner(books, client) for client in clients])


async def _owner(books: FindsAccounts, client: Client) -> Owner:
    held = await books.client_accounts(client.id)
    active = [one for one in held if one.kind == "LOAN" and one.active]
    loans = await _all(books.loan(one.id) for one in active[:2])
    return Owner(client=client, loans=tuple(of_loan(loan) for loan in loans))


async def _search(books: FindsAccounts, names: Iterable[str], resource: str) -> list[Found]:
    """What is found under any of the names, each once."""
    asked = dict.fromkeys(name for name in names if name)
    pages = await asyncio.gather(*(books.search(name, resource=resource) for name in asked))
    return list(dict.fromkeys(hit for page in pages for hit in page))


def _of(hits: Iterable[Found], kind: str) -> list[Found]:
    ids = {hit.id: hit for hit in hits if hit.kind.startswith(kind)}
    return list(ids.values())[:_MOST]


def _phones(number: str) -> list[str]:
    """A phone as lenders write it; nothing for what is no phone, or is masked."""
    phone = kenyan_mobile(number)
    return [phone, f"+{phone}", f"0{phone[3:]}", phone[3:]] if phone else []


async def _all(reads: Iterable[Awaitable[Record | None]]) -> tuple[Record, ...]:
    found = await asyncio.gather(*reads)
    return tuple(one for one in found if one is not None)


async def reread(books: FindsAccounts, target: Target) -> Loan | Savings | None:
    """The account as it stands now."""
    if target.kind is TargetKind.LOAN:
        return await books.loan(target.id)
    return await books.savings_account(target.id)
