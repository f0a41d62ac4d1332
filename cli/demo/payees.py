"""Who is paid in the demo by each rail, and how often a rail's own book says so. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulators.settings import Settings

#: The number whose answer is lost: magic (docs/simulators.md). All others are nobody else's.
LOST = "221770000020"
_NAME = "Amina Otieno"


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """A wallet's number, or `bank` and account there. `book`: the simulator that pays it.

    `amount` is in minor units.
    """

    account: str
    amount: int
    currency: str
    book: str
    bank: str | None = None

    @property
    def named(self) -> dict[str, Any]:
        """The payee as the API is told."""
        if self.bank is None:
            return {"phone": f"+{self.account}", "name": _NAME}
        return {"bank": {"code": self.bank, "account": self.account, "name": _NAME}}

    def times(self, book: Mapping[str, Any]) -> int:
        """How often the payee was paid, by that book."""
        count = {"daraja": _by_mpesa, "ncba": _by_bank}.get(self.book, _by_wallet)
        return count(book, self.account)


def _wallet(account: str, amount: int, currency: str, book: str) -> Payee:
    return Payee(account=account, amount=amount, currency=currency, book=book)


def _account(bank: str, account: str, amount: int) -> Payee:
    return Payee(account=account, amount=amount, currency="KES", book="ncba", bank=bank)


#: An account at our own bank; the demo has it opened.
AT_OURS = "7744510999"
#: Every rail that pays out. RTGS carries what PesaLink and EFT do not: more than KES 999,999.
PAYEES: Mapping[str, Payee] = {
    "mpesa": _wallet("254712345000", 10_000, "KES", "daraja"),
    "momo": _wallet("237677000011", 500, "XAF", "momo"),
    "airtel": _wallet("256703000000", 5_000, "UGX", "airtel"),
    "wave": _wallet(LOST, 5_000, "XOF", "wave"),
    "orange_cm": _wallet("237691222222", 500, "XAF", "orange_cm"),
    "camtel": _wallet("237620222222", 500, "XAF", "camtel"),
    "pesalink": _account("01", "1122334455", 10_000),
    "eft": _account("11", "2233445566", 10_000),
    "rtgs": _account("KCBLKENX", "3344556677", 105_000_000),
    "internal": _account("07", AT_OURS, 10_000),
}


def _by_mpesa(book: Mapping[str, Any], number: str) -> int:
    instructions = book["organisations"][Settings().daraja_short_code]["instructions"]
    return sum(
        one["kind"] == "payout" and one["code"] == "0" and one["payee"] == number
        for one in instructions
    )


def _by_bank(book: Mapping[str, Any], account: str) -> int:
    return sum(one["to"] == account for one in book["debits"])


def _by_wallet(book: Mapping[str, Any], number: str) -> int:
    """Some write numbers without the country."""
    return sum(
        one["outcome"] == "paid" and number.endswith(one["payee"][-9:]) for one in book["payouts"]
    )
