"""What became of payouts, by three books: our states, our ledger, and Airtel's."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from benchmarks.witness import Audit
from models import ids

_OURS = """
select s.id, s.state, extract(epoch from s.created_at)::float8,
       (select extract(epoch from max(t.at))::float8 from transitions t
         where t.checkout_id = s.id and t.object_id = s.id and t.to_state = 'paid'),
       array(select i.our_reference from instructions i where i.saga_id = s.id)
  from sagas s where s.org_id = %s and s.kind = 'payout' order by s.created_at, s.id"""
#: The entry of money that left, once per payout and hold.
_BOOKED = "select about from ledger_entries where org_id = %s and id like 'po\\_%%/paid'"
_STANDING = """
select count(*) filter (where state = 'paid') from sagas where org_id = %s and kind = 'payout'"""
_UNTOLD = "select count(*) from messages where org_id = %s and state in ('queued','sending')"

_UNFINISHED = """
select concat_ws(' ', state, data->>'queued_for', data->>'failure'), count(*) from sagas
 where org_id = %s and kind = 'payout' and state <> 'paid' group by 1"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OurPayout:
    """A saga of ours. `accepted` and `ended` are seconds of the epoch; `booked` counts entries."""

    saga: str
    state: str
    accepted: float
    ended: float | None
    references: tuple[str, ...]
    booked: int


class PayoutBook:
    """Reads one merchant's payouts as the administrator."""

    def __init__(self, admin_url: str, org: UUID) -> None:
        self._database = psycopg.connect(admin_url, autocommit=True)
        self._org = org

    def close(self) -> None:
        """Close the connection."""
        self._database.close()

    def standing(self) -> tuple[int, int]:
        """Payouts that are paid, and messages not sent yet."""
        return int(self._rows(_STANDING)[0][0]), int(self._rows(_UNTOLD)[0][0])

    def unfinished(self) -> dict[str, int]:
        """How many payouts are not paid, by state and what they are queued for or failed by."""
        return dict(self._rows(_UNFINISHED))

    def payouts(self) -> list[OurPayout]:
        """Every payout there is a saga of, oldest first."""
        booked = Counter(about for (about,) in self._rows(_BOOKED))
        return [_ours(row, booked) for row in self._rows(_OURS)]

    def _rows(self, query: str) -> list[Any]:
        return self._database.execute(query, [self._org]).fetchall()


def audit(
    accepted: Mapping[str, str], ours: Sequence[OurPayout], theirs: Sequence[tuple[str, str]]
) -> Audit:
    """Compare three books. `accepted`: the payee of each payout we were answered 201 for.

    `theirs`: reference and payee of every payment in the provider's book; each payee is of one
    payout. What any book lacks is lost; what is in one twice, or was paid under a reference or
    to a payee no accepted payout knows, is doubled.
    """
    times = Counter(payee for _, payee in theirs)
    known = {one.saga: one for one in ours}
    right = [saga for saga, payee in accepted.items() if times[payee] and _whole(known.get(saga))]
    twice = [
        saga
        for saga, payee in accepted.items()
        if times[payee] > 1 or (saga in known and known[saga].booked > 1)
    ]
    named = {reference for one in ours if one.saga in accepted for reference in one.references}
    payees = set(accepted.values())
    strange = [one for one in theirs if one[0] not in named or one[1] not in payees]
    return Audit(
        accepted=len(accepted),
        lost=len(accepted) - len(right),
        doubled=len(twice) + len(strange),
    )


def _whole(one: OurPayout | None) -> bool:
    return one is not None and one.state == "paid" and one.booked > 0


def _ours(row: Any, booked: Mapping[str, int]) -> OurPayout:
    saga_id, state, accepted, ended, references = row
    saga = ids.shown(ids.PAYOUT, saga_id)
    return OurPayout(
        saga=saga,
        state=state,
        accepted=accepted,
        ended=ended,
        references=tuple(references),
        booked=booked.get(saga, 0),
    )
