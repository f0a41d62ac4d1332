"""What became of loans, by three books: ours, M-Pesa's and the lender's."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

from benchmarks.witness import Audit
from cli.demo.vault.told import Player
from models import ids

_OURS = """
select s.id, (s.data->>'loan')::bigint, s.state, extract(epoch from s.created_at)::float8,
       (select extract(epoch from max(t.at))::float8 from transitions t
         where t.checkout_id = s.id and t.object_id = s.id and t.to_state = 'disbursed'),
       array(select i.our_reference from instructions i
              where i.saga_id = s.id and i.rail = 'mpesa_b2c')
  from sagas s where s.org_id = %s and s.kind = 'loan_disbursement' order by s.created_at, s.id"""
#: The mirror's entry of a payment: exactly one per payment, whatever was charged for it.
_BOOKED = "select about from ledger_entries where org_id = %s and id like 'ld\\_%%/paid\\_mirror'"
_UNTOLD = "select count(*) from messages where org_id = %s and state in ('queued','sending')"
_STANDING = """
select count(*), count(*) filter (where state <> 'disbursed') from sagas
 where org_id = %s and kind = 'loan_disbursement'"""

_UNFINISHED = """
select concat_ws(' ', state, data->>'parked_for', data->>'parked_detail'), count(*) from sagas
 where org_id = %s and kind = 'loan_disbursement' and state <> 'disbursed' group by 1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OurLoan:
    """A saga of ours. `accepted` and `ended` are seconds of the epoch; `booked` counts entries."""

    saga: str
    loan: int
    state: str
    accepted: float
    ended: float | None
    references: tuple[str, ...]
    booked: int


class OurBook:
    """Reads one lender's loans as the administrator."""

    def __init__(self, admin_url: str, player: Player) -> None:
        self._database = psycopg.connect(admin_url, autocommit=True)
        self._org = ids.parsed(ids.ORG, player.org)

    def close(self) -> None:
        """Close the connection."""
        self._database.close()

    def standing(self) -> tuple[int, int]:
        """Loans taken; and what is left to do: loans not disbursed, messages not sent."""
        taken, waiting = self._rows(_STANDING)[0]
        return int(taken), int(waiting + self._rows(_UNTOLD)[0][0])

    def unfinished(self) -> Counter[str]:
        """How many loans are not disbursed, by state and what parks them."""
        return Counter(dict(self._rows(_UNFINISHED)))

    def loans(self) -> list[OurLoan]:
        """Every loan there is a saga of, oldest first."""
        booked = Counter(about for (about,) in self._rows(_BOOKED))
        return [_ours(row, booked) for row in self._rows(_OURS)]

    def _rows(self, query: str) -> list[Any]:
        return self._database.execute(query, [self._org]).fetchall()


def audit(
    approved: Collection[int],
    ours: Sequence[OurLoan],
    payouts: Mapping[str, int],
    given: Mapping[int, int],
) -> Audit:
    """Compare three books over the approved loans.

    `payouts`: how often each reference was paid at Daraja; `given`: how often each loan was given
    out at Fineract. A loan missing in any book is lost; twice in any, or a payment that no loan
    of ours knows, is doubled.
    """
    paid: Counter[int] = Counter()
    booked: Counter[int] = Counter()
    for one in ours:
        paid[one.loan] += sum(payouts.get(reference, 0) for reference in one.references)
        booked[one.loan] += one.booked
    ended = {one.loan for one in ours if one.state == "disbursed"}
    times = [(loan, (paid[loan], booked[loan], given.get(loan, 0))) for loan in approved]
    known = {reference for one in ours for reference in one.references}
    return Audit(
        accepted=len(approved),
        lost=sum(1 for loan, books in times if min(books) == 0 or loan not in ended),
        doubled=sum(1 for _, books in times if max(books) > 1)
        + sum(1 for reference in payouts if reference not in known),
    )


async def compared(player: Player, book: OurBook, approved: Collection[int]) -> Audit:
    """The same with the books as they are now."""
    short_code = (await player.client.control("daraja/book"))["organisations"][player.lender.payer]
    payouts = Counter(
        one["reference"]
        for one in short_code["instructions"]
        if one["kind"] == "payout" and one["receipt"]
    )
    times = (await player.client.control("fineract/book"))["times"]
    places = {loan: f"{player.lender.tenant}/{loan}" for loan in approved}
    given = {loan: times.get(place, 0) for loan, place in places.items()}
    return audit(approved, book.loans(), payouts, given)


def _ours(row: Any, booked: Mapping[str, int]) -> OurLoan:
    saga_id, loan, state, accepted, ended, references = row
    saga = ids.shown(ids.LOAN, saga_id)
    return OurLoan(
        saga=saga,
        loan=loan,
        state=state,
        accepted=accepted,
        ended=ended,
        references=tuple(references),
        booked=booked.get(saga, 0),
    )
