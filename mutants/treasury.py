"""Bugs planted into the house's money: the gate of a float, what is available, who allows."""

from mutants.mutant import Mutant, tests

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        name="float gate skipped",
        file="migrations/sql/0019_treasury.sql",
        old="  elsif p_amount > room or exists (select from float_reservations r where r.float_id",
        new="  elsif false and exists (select from float_reservations r where r.float_id",
        caught_by=tests("tests/activities/test_float_gates.py", "-k", "two_hundred"),
    ),
    Mutant(
        name="forget what others have reserved of a float",
        file="migrations/sql/0019_treasury.sql",
        old="""  room := float_booked(lane.account, lane.currency) - lane.reserved;
  if standing.state <> 'waiting' then""",
        new="""  room := float_booked(lane.account, lane.currency);
  if standing.state <> 'waiting' then""",
        caught_by=tests("tests/activities/test_float_gates.py", "-k", "two_hundred"),
    ),
    Mutant(
        name="pay out what its rail has not settled",
        file="ledger/vault_booking.py",
        old="    return left.available.minor >= 0\n",
        new="    return left.owed.minor >= 0\n",
        caught_by=tests("tests/ledger/test_availability.py", "-k", "what_is_available"),
    ),
)
