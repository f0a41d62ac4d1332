"""References as providers mint them: random, so that a restart never repeats one."""

import secrets
import string

_RECEIPT = string.ascii_uppercase + string.digits


def digits(length: int) -> str:
    """A number of that many digits that does not begin with zero."""
    return str(secrets.randbelow(9 * 10 ** (length - 1)) + 10 ** (length - 1))


def receipt() -> str:
    """An M-Pesa receipt: ten capitals and digits, a letter first."""
    return secrets.choice(string.ascii_uppercase) + "".join(
        secrets.choice(_RECEIPT) for _ in "123456789"
    )
