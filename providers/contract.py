"""What a provider promises. A provider is a folder that fills the slots of one `Provider`.

ProviderError
├── Unreachable   never left us: connect error, pool exhausted. Nothing can have happened.
└── Ambiguous     left us, no readable answer. Money may have moved: ask, never resend.

Everything the provider *says*, refusals included, is a Reading and never an exception.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from models.charge import Charge, Limits, Offer, Terms
from models.float_gate import COLLECTIONS
from models.money_out import BankPayoutOrder, Holder, PayoutOrder, RefundOrder
from models.reading import Reading


class ProviderError(Exception):
    """The provider gave no answer that can be read. The text holds no personal data."""


class Unreachable(ProviderError):
    """The request provably never left: the same attempt may be sent again."""


class NoTurn(Unreachable):
    """Our own rate for the provider is taken: the request has not left, and waits for its turn."""


class Ambiguous(ProviderError):
    """The request left and no answer can be read: the outcome is unknown.

    `handle`: what the provider calls it, where it said so before: it can be asked about by that.
    """

    def __init__(self, told: str, *, handle: str | None = None) -> None:
        super().__init__(told)
        self.handle = handle


class QuestionRefused(Exception):
    """The other side answers, but not the question; `reading` says why."""

    def __init__(self, told: str, reading: Reading) -> None:
        super().__init__(told)
        self.reading = reading


class Collects(Protocol):
    """Takes money from a payer."""

    async def prompt(self, charge: Charge) -> Reading:
        """Ring the payer's phone, once. Raises Unreachable or Ambiguous."""
        ...

    async def inquire(self, charge: Charge) -> Reading:
        """Ask what became of the charge. Raises Unreachable or Ambiguous."""
        ...

    async def aclose(self) -> None:
        """Close pooled connections."""
        ...


class Refunds(Protocol):
    """Gives a payment back to its payer."""

    async def refund(self, order: RefundOrder) -> Reading:
        """Give back, once. Raises Unreachable or Ambiguous."""
        ...

    async def ask_refund(self, order: RefundOrder) -> Reading:
        """Ask what became of it; UNKNOWN where the provider cannot be asked.

        Raises Unreachable or Ambiguous.
        """
        ...

    async def aclose(self) -> None:
        """Close pooled connections."""
        ...


class PaysOut(Protocol):
    """Sends money to a wallet."""

    async def pay_out(self, order: PayoutOrder) -> Reading:
        """Send, once. Raises Unreachable or Ambiguous."""
        ...

    async def ask_payout(self, order: PayoutOrder) -> Reading:
        """Ask what became of it. Raises Unreachable or Ambiguous."""
        ...

    async def aclose(self) -> None:
        """Close pooled connections."""
        ...


class TellsBalance(Protocol):
    """Tells what our own wallet holds."""

    async def balance(self, answer_to: str | None = None) -> Reading:
        """`amount` is the balance; None with a reason where it is not told.

        None without a reason: it is told later, at `answer_to` (M-Pesa; docs/providers.md).
        Raises Unreachable or Ambiguous.
        """
        ...

    async def aclose(self) -> None:
        """Close pooled connections."""
        ...


class NamesHolders(Protocol):
    """Tells who holds a wallet, before money is sent there."""

    async def holder(self, order: PayoutOrder) -> Holder:
        """What is known of the payee. Raises Unreachable or Ambiguous."""
        ...

    async def aclose(self) -> None:
        """Close pooled connections."""
        ...


class PaysBanks(Protocol):
    """Sends money to accounts at banks, out of our own account at one."""

    async def pay_bank(self, order: BankPayoutOrder) -> Reading:
        """Send, once: a repeat would move it twice. Raises Unreachable or Ambiguous."""
        ...

    async def ask_bank_payout(self, order: BankPayoutOrder) -> Reading:
        """What our own account shows of it: REFUSED, REVERSED once the money came back.

        Also after it was settled: a bounce comes days later. Raises Unreachable or Ambiguous.
        """
        ...

    async def bank_holder(self, order: BankPayoutOrder) -> Holder:
        """What is known of the beneficiary's account. Raises Unreachable or Ambiguous."""
        ...

    async def aclose(self) -> None:
        """Close pooled connections."""
        ...


class Decodes(Protocol):
    """Reads one raw wire message; never raises. `http_status` 200 where none is known."""

    def __call__(self, body: bytes, http_status: int = 200) -> Reading: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One address for everything a provider tells us, entered in its portal.

    `attempt`: which attempt a message is about; None for one that is about none of ours.
    `proves`: whether the headers (any case) prove who sent the body. Both pure, never raising.
    """

    attempt: Callable[[bytes], UUID | None]
    proves: Callable[[bytes, Mapping[str, str]], bool]


def always_a_hint(_reading: Reading) -> bool:
    """Of callbacks that prove nothing: whatever one says, the provider is asked."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """How a provider calls back. `read` is pure and never raises.

    `hint`: unsigned or incomplete; confirm by asking before posting (a function of the reading).
    `answer`: the JSON body the provider expects with our 200. `methods`: PUT and POST for MTN.
    `standing`: where the provider takes one address and not one per attempt; its proof is asked
    for at every address. `kept`: what of a raw message may be stored.
    """

    slug: str
    read: Decodes
    hint: Callable[[Reading], bool]
    answer: Mapping[str, Any]
    methods: tuple[str, ...] = ("POST",)
    standing: Standing | None = None
    kept: Callable[[bytes], bytes] = bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersAt:
    """Slugs of the doors (providers/doors.py) a provider that answers later answers at.

    `payout`, `refund`: where an order's `result_url` is to lead when it is sent; `asked`,
    `refund_asked`: when it is asked about; `timeout`: its `timeout_url`, both times; `balance`:
    `answer_to`. None: it tells nothing there.
    """

    payout: str | None = None
    refund: str | None = None
    asked: str | None = None
    refund_asked: str | None = None
    timeout: str | None = None
    balance: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider as slots; a capability it lacks is None.

    A slot of money out answers None where the settings leave it out (no initiator, no PIN).
    `settings` is a pydantic-settings class read at boot; `collects` builds the client from
    an instance of it. `reference` makes our reference, as the provider shows it, from the
    attempt's id. `messages` are the names `kauri decode` knows. `asks_by_ours`: a payment is
    asked about by our reference alone, whatever the provider told when it was prompted.
    `pays_from`: our wallet there that payouts leave, as the ledger names it. `payout_limits`:
    what one payout may carry; None: what a collection may.
    `refunds_in_part`: its refunds may be of less than was paid. `experimental`: built on a
    contract the provider has not published.
    """

    name: str
    settings: Callable[[], Any]
    offer: Callable[[Any], Offer]
    terms: Callable[[Any], Terms]
    reference: Callable[[str], str]
    messages: Mapping[str, Decodes]
    callbacks: Callable[[Any], Callbacks] | None = None
    collects: Callable[[Any], Collects] | None = None
    refunds: Callable[[Any], Refunds | None] | None = None
    refunds_in_part: bool = False
    pays_out: Callable[[Any], PaysOut | None] | None = None
    payout_limits: Callable[[Any], tuple[Limits, ...]] | None = None
    tells_balance: Callable[[Any], TellsBalance | None] | None = None
    names_holders: Callable[[Any], NamesHolders | None] | None = None
    asks_by_ours: bool = False
    pays_from: str = COLLECTIONS
    answers_at: AnswersAt = AnswersAt()
    experimental: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """An outside system no payer pays through (a lender's books, a bank).

    `messages` are the names `kauri decode` knows, as a provider's are; `pays_banks` builds the
    client from the system's own settings, None where they name no bank.
    """

    name: str
    messages: Mapping[str, Decodes]
    pays_banks: Callable[[Any], PaysBanks | None] | None = None
