"""What buyers of float are refused: a branch of the tree in api/errors.py."""

from api.errors import Conflict, Problem


class FloatNotOffered(Conflict):
    """This installation has no bank that sells float."""

    code, title = "float_not_offered", "Float is not sold here"


class WalletInsufficient(Conflict):
    """The wallet cannot bear the total; `available` and `missing` are minor units."""

    code, title = "wallet_insufficient", "The wallet is too small"


class FloatPurchaseOpen(Conflict):
    """Another purchase for the short code is open; `purchase` names it."""

    code, title = "float_purchase_open", "A purchase for this short code is open"


class FloatReferenceInUse(Conflict):
    """Another purchase has the reference."""

    code, title = "float_reference_in_use", "Another purchase has this reference"


class FloatCapReached(Conflict):
    """The organisation has bought as much float as it may within a day; `left` is what it may."""

    code, title = "float_cap_reached", "The day's float is used up"


class CodeWrong(Problem):
    """Not the code; `tries_left` more guesses are taken."""

    status = 422
    code, title = "otp_wrong", "This is not the code"


class CodeExpired(Conflict):
    """The code's time is over."""

    code, title = "otp_expired", "The code has expired"


class CodeLocked(Conflict):
    """The code was guessed wrongly too often, or taken back."""

    code, title = "otp_locked", "The code takes no more guesses"


class CodeUsed(Conflict):
    """The code was used already."""

    code, title = "otp_used", "The code was used"


class NotWaiting(Conflict):
    """The purchase does not wait for a code any more."""

    code, title = "float_purchase_not_waiting", "The purchase waits for no code"


class TooManyCodes(Conflict):
    """The purchase has sent as many codes as it may."""

    code, title = "too_many_otps", "No more codes are sent for this purchase"
