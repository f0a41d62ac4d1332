"""Bugs planted into what lenders do: loans, float, top-ups, repayments."""

from mutants.mutant import Mutant, tests

_COUNT_FIRST = """    counted = await _count(parts, caller, row["id"])
    if not otp.is_code(parts.settings.otp_pepper, approval_of(row), code, bytes(counted["digest"])):
"""
_COUNT_LAST = """    async with parts.database.scoped(caller.org, caller.livemode) as connection:
        counted = await otp_rows.latest(connection, row["id"])
    if counted is None or counted["tries"] >= otp.TRIES:
        raise CodeLocked("too many wrong codes")
    if not otp.is_code(parts.settings.otp_pepper, approval_of(row), code, bytes(counted["digest"])):
        async with parts.database.scoped(caller.org, caller.livemode) as connection:
            await otp_rows.count_try(connection, row["id"], most=10**9)
"""
_PAY = "            reading = await heard(client.pay(self._payout(order)))\n"
_PAY_AGAIN = """            for _again in range(2):
                reading = await heard(client.pay(self._payout(order)))
                if reading.verdict is not Verdict.UNKNOWN:
                    break
"""
_BY_REFERENCE = """    if order.reference is None:
        return None
    row = await (await connection.execute(_REFERENCE, [order.reference])).fetchone()
"""
_BY_AMOUNT = """    row = await (
        await connection.execute(
            "select * from sagas where kind = 'wallet_topup' and amount = %s",
            [order.amount.minor],
        )
    ).fetchone()
"""

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        name="disburse without believing the loan as read again",
        file="models/loan_preflight.py",
        old="    if loan.status != LoanStatus.APPROVED or loan.disbursed:\n",
        new="    if False:\n",
        caught_by=tests("tests/models/test_loan_preflight.py", "-k", "let_go"),
    ),
    Mutant(
        name="take the loan's amount from the wallet instead of its charges",
        file="workflows/loan_preflight.py",
        old="charges=quote.charges, hold=hold)",
        new="charges=payable.amount, hold=hold)",
        caught_by=tests("tests/workflows/test_loan_paying.py", "-k", "only_the_charges"),
    ),
    Mutant(
        name="accept HTTP 200 without status 300",
        file="providers/mifos/acks.py",
        old="return _proven(reading, answer, status == LoanStatus.ACTIVE, status)",
        new="return _proven(reading, answer, True, status)",
        caught_by=tests("tests/providers/mifos/test_mifos_acks.py", "-k", "without_status_300"),
    ),
    Mutant(
        name="count tries of a code after comparing",
        file="api/float_verifying.py",
        old=_COUNT_FIRST,
        new=_COUNT_LAST,
        caught_by=tests("tests/api/test_float_codes.py", "-k", "two_hundred"),
    ),
    Mutant(
        name="match a bank credit by its amount",
        file="activities/credit_owners.py",
        old=_BY_REFERENCE,
        new=_BY_AMOUNT,
        caught_by=tests("tests/activities/test_bank_credits.py", "-k", "same_amount"),
    ),
    Mutant(
        name="post a repayment without its external id",
        file="providers/mifos/client.py",
        old='        "externalId": order.external_id,\n',
        new="",
        caught_by=tests(
            "tests/activities/test_collections_at_fineract.py", "-k", "once_under_its_receipt"
        ),
    ),
    Mutant(
        name="pay a loan again after a lost answer",
        file="activities/payouts.py",
        old=_PAY,
        new=_PAY_AGAIN,
        caught_by=tests("tests/workflows/test_loan_paying.py", "-k", "lost_answer"),
    ),
    Mutant(
        name="accept a loan every time a poll sees it",
        file="activities/loan_accepting.py",
        old="        claim=lender.claim(loan.id),\n",
        new="        claim=ref.id,\n",
        caught_by=tests("tests/activities/test_loan_polling.py", "-k", "who_comes_second"),
    ),
)
