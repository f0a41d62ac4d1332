"""A wallet's book: what comes in, goes out and comes back is what it holds, restarts included."""

from pathlib import Path

from simulators.book import Payment
from simulators.faults import Outcome
from simulators.wallet_book import Payout, WalletBook


def a_payment() -> Payment:
    return Payment(
        key="a",
        our_reference="a",
        payer="221770000000",
        amount_minor=1500,
        currency="XOF",
        callback_url="",
        fault="paid",
        calls="once",
        serial=0,
        names={},
    )


def a_payout(reference: str, amount: int) -> Payout:
    return Payout(
        key=f"pt-{reference}",
        reference=reference,
        payee="221770000000",
        amount_minor=amount,
        fee_minor=10,
        currency="XOF",
        fault="paid",
        body="d",
    )


def test_what_a_wallet_holds_follows_every_movement_and_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "wave.jsonl"
    book = WalletBook("wave", file, opening_minor=10_000)
    payment = a_payment()
    book.accept(payment, rings=True)
    book.end(payment, Outcome.PAID, taken=(1500, "XOF"), receipt="T1")
    paid, failed, back, waiting = (a_payout(name, 1000) for name in "pfbw")
    for payout in (paid, failed, back, waiting):
        book.send(payout)
    assert book.holds("XOF") == 11_500 - 4 * 1010
    book.conclude(paid, Outcome.PAID)
    book.conclude(failed, Outcome.DECLINED)
    book.conclude(back, Outcome.PAID)
    book.conclude(back, Outcome.PAID, back=True)
    book.give_back("a")
    book.give_back("a")
    assert book.holds("XOF") == 10_000 - 2 * 1010
    book.close()
    again = WalletBook("wave", file, opening_minor=10_000)
    assert again.account() == book.account()
    assert again.holds("XOF") == book.holds("XOF")
    assert [one.reference for one in again.under_way()] == ["w"]
    again.clear()
    assert again.holds("XOF") == 10_000
    again.close()
