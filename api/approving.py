"""A second person's word, of refunds, payouts, batches and clearing moves alike."""

from uuid import UUID

from psycopg import errors as sql

from activities import approval_rows, otp_rows
from api.float_errors import CodeUsed
from api.keys import Caller
from api.payout_errors import ApprovalByMaker, NotWaitingForApproval
from api.saga_requests import Decides, Row, Word
from models.approval import APPROVAL, ApprovalWord
from runtime.database import Connection

#: Where every saga that waits for a second person stands.
REQUIRES_APPROVAL = "requires_approval"


def approves(
    caller: Caller,
    word: ApprovalWord,
    reason: str | None,
    *,
    state: str = REQUIRES_APPROVAL,
    code: UUID | None = None,
) -> Decides:
    """The word about what waits in `state`; `code` is spent with it.

    Raises ApprovalByMaker, NotWaitingForApproval and CodeUsed.
    """

    async def decides(connection: Connection, row: Row) -> Word:
        if row["state"] != state:
            raise NotWaitingForApproval(f"it is {row['state']}")
        try:
            taken = await approval_rows.decide(
                connection, row, checker=caller.principal, word=word, reason=reason
            )
        except sql.CheckViolation as error:
            raise ApprovalByMaker("whoever asked for it may not decide it") from error
        if not taken:
            raise NotWaitingForApproval("it is decided, or its time is over")
        if code is not None and not await otp_rows.spend(connection, code):
            raise CodeUsed("the code was used, or taken back meanwhile")
        return Word(once="approval", message={APPROVAL: str(word)})

    return decides
