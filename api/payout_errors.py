"""What whoever sends money is refused: a branch of the tree in api/errors.py."""

from api.errors import Conflict, Forbidden


class PayoutReferenceInUse(Conflict):
    """Another payout has the reference; GET /v1/payouts?reference= shows it."""

    code, title = "payout_reference_in_use", "Another payout has this reference"


class PayableInsufficient(Conflict):
    """The organisation is owed less than amount and fee; `missing` is minor units."""

    code, title = "payable_insufficient", "You are owed less than this"


class PayoutLimitExceeded(Conflict):
    """A limit of the organisation would be broken."""

    code, title = "payout_limit_exceeded", "A limit of yours does not allow this"


class NobodyMayApprove(Conflict):
    """The amount needs a second person, and no key of another may approve."""

    code, title = "nobody_may_approve", "Nobody there may approve this"


class NotCancelable(Conflict):
    """It has left, or has ended."""

    code, title = "not_cancelable", "It cannot be canceled any more"


class NotWaitingForApproval(Conflict):
    """It is decided, or its time is over, or nobody was asked."""

    code, title = "not_waiting_for_approval", "It waits for no approval"


class CodeRequired(Conflict):
    """The organisation wants a one-time code with every word that lets money go."""

    code, title = "approval_code_required", "A one-time code is required"


class CodeNotWanted(Conflict):
    """The organisation asks for no code."""

    code, title = "approval_code_not_wanted", "No code is asked for here"


class ApprovalByMaker(Forbidden):
    """Whoever asked may not decide."""

    code, title = "approval_by_maker", "Another person has to decide"
