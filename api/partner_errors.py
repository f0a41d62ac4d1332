"""What partners are refused: a branch of the tree in api/errors.py."""

from api.errors import Conflict, Problem


class NoCredential(Conflict):
    """The partner has no valid credential for this."""

    code, title = "no_valid_credential", "There is no valid credential for this"


class CheckInProgress(Conflict):
    """The credential is being checked."""

    code, title = "check_in_progress", "The credential is being checked"


class WouldLock(Conflict):
    """This very password was refused: another try may lock the initiator."""

    code, title = "initiator_would_lock", "The password was refused before"


class ProductClosed(Conflict):
    """The lender does not lend this product any more."""

    code, title = "loan_product_closed", "The loan product is closed"


class UserExists(Conflict):
    """Another authorised user has the phone number."""

    code, title = "authorised_user_exists", "The phone number is another user's"


class TooManyUsers(Conflict):
    """The partner has as many authorised users as it may."""

    code, title = "too_many_authorised_users", "There are too many authorised users"


class PartnerSystemSilent(Problem):
    """The partner's own system did not answer, or answered what cannot be read."""

    status = 502
    code, title = "partner_system_silent", "The partner's system does not answer"
    retryable = "same_key"


class PartnerSystemRefuses(Problem):
    """The partner's own system refused the question."""

    status = 502
    code, title = "partner_system_refuses", "The partner's system refuses"
