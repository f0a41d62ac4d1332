"""Why something about a batch of payouts is refused."""

from api.errors import Conflict


class BatchReferenceInUse(Conflict):
    """Another batch of the organisation has the reference."""

    code, title = "batch_reference_in_use", "Another batch has this reference"


class BatchStanding(Conflict):
    """The batch stands where this cannot be done."""

    code, title = "batch_state", "The batch does not allow this now"
