"""What one bank customer is known by. The bank publishes no production address: no default."""

from dataclasses import dataclass, field

#: Seconds. The bank documents no life of a token; integrators keep one for 15 to 25 minutes.
TOKEN_LIFE = 15 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NcbaKeys:
    """Open banking of one customer. `base_url` keeps its path (`…/test/apigateway`).

    `cif`: the customer number; empty means the first six digits of the debited account.
    """

    base_url: str
    user_id: str
    password: str = field(repr=False)
    subscription_key: str = field(repr=False)
    country: str = "Kenya"
    cif: str = ""
    token_path: str = "/api/v1/Auth/generate-token"  # noqa: S105 - a path, not a secret
    call_deadline: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeKeys:
    """What the bank proves itself with when it calls us: user, password and hash secret."""

    user: str
    password: str = field(repr=False)
    secret: str = field(repr=False)
