"""One partner's accounts in plain integers, by the table of docs/ledger.md."""

from models.ids import mint
from models.money import Money
from models.places import ReceiptClaim
from models.tariff import ChargeLine, TariffCode


def kes(minor: int) -> Money:
    return Money(minor, "KES")


def a_receipt() -> ReceiptClaim:
    return ReceiptClaim(rail="mpesa", account="777777", number=mint("r"))


def lines(charge: int) -> tuple[ChargeLine, ...]:
    """A charge of so much, an eighth of it tax."""
    tax = charge // 8
    return (ChargeLine(code=TariffCode.PROCESSING_LOAN, net=kes(charge - tax), tax=kes(tax)),)


class Model:
    """One partner's accounts by the table of docs/ledger.md, and what we earned and paid."""

    def __init__(self) -> None:
        self.wallet = self.held = self.receivable = 0
        self.b2c = self.paybill = self.unposted = 0
        self.earned = self.costs = self.bank = self.on_its_way = 0

    def hold(self, amount: int) -> bool:
        if amount > self.wallet:
            return False
        self.wallet, self.held = self.wallet - amount, self.held + amount
        return True

    def credit(self, amount: int) -> None:
        netted = min(self.receivable, amount)
        self.receivable -= netted
        self.wallet += amount - netted

    def take_back(self, amount: int) -> None:
        borne = min(self.wallet, amount)
        self.wallet -= borne
        self.receivable += amount - borne

    def shown(self) -> dict[str, int]:
        named = {
            "wallet": self.wallet, "wallet_held": self.held, "receivable": self.receivable,
            "b2c_float": self.b2c, "b2c_owned": self.b2c, "paybill": self.paybill,
            "suspense": self.unposted, "collections": self.paybill - self.unposted,
        }  # fmt: skip
        return {name: balance for name, balance in named.items() if balance}

    @property
    def gap(self) -> int:
        """Claims above what backs them: what we spent and are owed, less what we earned."""
        return self.costs + self.receivable - self.earned
