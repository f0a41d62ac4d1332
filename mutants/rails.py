"""Bugs planted into what providers and the bank say of money that left."""

from mutants.mutant import Mutant, tests

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        name="a bounce read as a payment that stands",
        file="providers/ncba/payer.py",
        old="    back = found is Left.BACK\n",
        new="    back = False\n",
        caught_by=tests("tests/providers/ncba/test_ncba_payer.py", "-k", "came_back"),
    ),
    Mutant(
        name="a payment that stands was reversed",
        file="providers/mpesa/results.py",
        old="    if found.reason is Reason.REVERSED:\n        return replace(found, verdict=",
        new="    if found.verdict:\n        return replace(found, verdict=",
        caught_by=tests("tests/providers/mpesa/test_mpesa_wallet.py", "-k", "reversed_payment"),
    ),
    Mutant(
        name="lose the pay token with the answer",
        file="providers/orange_cm/channel.py",
        old="raise Ambiguous(str(lost), handle=token) from None",
        new="raise Ambiguous(str(lost)) from None",
        caught_by=tests(
            "tests/providers/orange_cm/test_orange_cm_channel.py", "-k", "lost_payment"
        ),
    ),
    Mutant(
        name="a part of a payment given back where only the whole can be",
        file="providers/momo/wallet.py",
        old="if order.amount != order.paid or order.amount.currency",
        new="if order.amount.currency",
        caught_by=tests("tests/providers/momo/test_momo_wallet.py", "-k", "a_part_of_a_payment"),
    ),
)
