"""Money the vault moves, as a step carries it; ledger/rules_*.py makes the entries.

`kind` tells pydantic which posting it decodes. One fact, one posting: its entry ids are
`{about}/{event}`, and where a thing can happen again (a hold, a part) its number is in them.
"""

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from models.clearing_postings import ClearingPosting
from models.escrow_postings import EscrowReleased
from models.money import Money
from models.payout_postings import PayoutPosting
from models.places import BankAccount, Place, ReceiptClaim
from models.refund_postings import RefundPosting
from models.suspense import SuspensePosting
from models.tariff import ChargeLine


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanAccepted:
    """Charges are set aside in the wallet; `{loan}/{hold}/accepted`. May find the wallet short."""

    loan_id: str
    charges: Money
    hold: int = 1
    kind: Literal["loan_accepted"] = "loan_accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanPaid:
    """M-Pesa paid the client: the mirror moves, charges are taken out of what was `held`.

    The rest of it goes back to the wallet. `provider_fee`: what M-Pesa took from the partner's
    own account. `{loan}/{hold}/paid` and `…/paid_mirror`.
    """

    loan_id: str
    amount: Money
    held: Money
    charges: tuple[ChargeLine, ...]
    receipt: ReceiptClaim
    provider_fee: Money | None = None
    hold: int = 1
    kind: Literal["loan_paid"] = "loan_paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanRefused:
    """M-Pesa did not pay: the hold is turned round; `{loan}/{hold}/refused`."""

    loan_id: str
    charges: Money
    hold: int = 1
    kind: Literal["loan_refused"] = "loan_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoanReversed:
    """M-Pesa took a payment back; it keeps its own fee. `{loan}/reversed_mirror`.

    `returned`: charges given back to the wallet by policy; `{loan}/reversed`.
    """

    loan_id: str
    amount: Money
    returned: tuple[ChargeLine, ...] = ()
    receipt: ReceiptClaim | None = None
    kind: Literal["loan_reversed"] = "loan_reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpCredited:
    """Money came under our reference: the wallet has it; `{topup}/credited`."""

    topup_id: str
    amount: Money
    into: Place
    receipt: ReceiptClaim
    kind: Literal["topup_credited"] = "topup_credited"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopUpReversed:
    """Bank or provider took it back; what the wallet cannot bear the partner owes us."""

    topup_id: str
    amount: Money
    into: Place
    kind: Literal["topup_reversed"] = "topup_reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatApproved:
    """The password was right: float and charges are set aside; `{purchase}/approved`."""

    purchase_id: str
    amount: Money
    charges: tuple[ChargeLine, ...]
    kind: Literal["float_approved"] = "float_approved"


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatHoldReleased:
    """Refused before money left the pool account: the hold is turned round."""

    purchase_id: str
    amount: Money
    charges: tuple[ChargeLine, ...]
    kind: Literal["float_hold_released"] = "float_hold_released"


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatTransferConfirmed:
    """The pool account was debited and the float is on its way; `{purchase}/transferred`.

    `cost`: what the bank took for it, ours to pay whatever the partner was charged.
    """

    purchase_id: str
    amount: Money
    pool: BankAccount
    short_code: str
    cost: Money | None = None
    receipt: ReceiptClaim | None = None
    kind: Literal["float_transfer_confirmed"] = "float_transfer_confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatCredited:
    """The short code has the float; charges are taken. `{purchase}/credited`, `…_mirror`.

    `transferred` False: there was no transfer of its own, so the pool account pays now, and
    the bank's `cost` with it. `order`: which order for float it was; bought by a later one,
    the entries are `{purchase}/{order}/credited`.
    """

    purchase_id: str
    amount: Money
    charges: tuple[ChargeLine, ...]
    pool: BankAccount
    short_code: str
    transferred: bool = True
    cost: Money | None = None
    order: int = 1
    receipt: ReceiptClaim | None = None
    kind: Literal["float_credited"] = "float_credited"


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatTakenBack:
    """What was credited never came, and the bank gave the money back: held as before.

    `{purchase}/uncredited` and `…_mirror`, numbered as what they turn round. The bank's price
    stays ours.
    """

    purchase_id: str
    amount: Money
    charges: tuple[ChargeLine, ...]
    pool: BankAccount
    short_code: str
    transferred: bool = True
    order: int = 1
    kind: Literal["float_taken_back"] = "float_taken_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatSentBack:
    """Refused after the transfer and back in the pool account: the whole hold is released."""

    purchase_id: str
    amount: Money
    charges: tuple[ChargeLine, ...]
    pool: BankAccount
    short_code: str
    receipt: ReceiptClaim | None = None
    kind: Literal["float_sent_back"] = "float_sent_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionReceived:
    """A customer paid the partner's pay bill; nobody is credited yet. `{collection}/received`."""

    collection_id: str
    amount: Money
    receipt: ReceiptClaim
    kind: Literal["collection_received"] = "collection_received"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionPosted:
    """Mifos X has it, or its `part`th part; `{collection}/{part}/posted`."""

    collection_id: str
    amount: Money
    part: int = 1
    kind: Literal["collection_posted"] = "collection_posted"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionReversed:
    """The money left the pay bill again: taken back by M-Pesa, or `refunded` by the partner.

    `posted`: it was in Mifos X; else it lay in the partner's suspense. `{collection}/{event}`.
    """

    collection_id: str
    amount: Money
    posted: bool
    event: Literal["reversed", "refunded"] = "reversed"
    receipt: ReceiptClaim | None = None
    kind: Literal["collection_reversed"] = "collection_reversed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionSwept:
    """A sweep of, or a fee on, the pay bill; `{rail}:{short code}:{receipt}/swept`."""

    amount: Money
    receipt: ReceiptClaim
    kind: Literal["collection_swept"] = "collection_swept"


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorObserved:
    """The provider reports another balance than the mirror; `{observation}/observed`.

    `difference`: reported less mirrored, so it may be negative; zero posts nothing.
    """

    observation_id: str
    account: Literal["b2c_float", "b2c_charges", "paybill"]
    difference: Money
    kind: Literal["mirror_observed"] = "mirror_observed"


LoanPosting: TypeAlias = LoanAccepted | LoanPaid | LoanRefused | LoanReversed
TopUpPosting: TypeAlias = TopUpCredited | TopUpReversed
FloatPosting: TypeAlias = (
    FloatApproved
    | FloatHoldReleased
    | FloatTransferConfirmed
    | FloatCredited
    | FloatTakenBack
    | FloatSentBack
)
MirrorPosting: TypeAlias = (
    CollectionReceived | CollectionPosted | CollectionReversed | CollectionSwept | MirrorObserved
)
#: Every posting of the vault.
VaultPosting: TypeAlias = Annotated[
    LoanPosting
    | TopUpPosting
    | SuspensePosting
    | FloatPosting
    | MirrorPosting
    | PayoutPosting
    | RefundPosting
    | EscrowReleased
    | ClearingPosting,
    Field(discriminator="kind"),
]
