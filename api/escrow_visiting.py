"""Who opens an escrow's link: the customer, who is nobody we know."""

from uuid import UUID

from api.errors import NotFound, RateLimited
from api.escrow_deciding import NOTE, EscrowDesk
from api.escrow_view import LINK
from api.limits import Limiter
from api.parts import Parts
from api.path_tags import verified
from api.queries import escrows as queries

CUSTOMER = "customer"


async def opened(parts: Parts, link: str, limiter: Limiter) -> tuple[EscrowDesk, str]:
    """The desk of the link's escrow and its merchant's name.

    Raises NotFound, SignatureWrong, and RateLimited for a link that is opened too often.
    """
    escrow = UUID(verified(parts, LINK, link))
    passes, _headers = limiter.take(escrow.bytes)
    if not passes:
        raise RateLimited("this page is asked for too often", headers={"Retry-After": "1"})
    whose = await queries.whose(parts.database, escrow)
    if whose is None:
        raise NotFound("there is no such escrow")
    desk = EscrowDesk(
        parts=parts,
        org=whose["org_id"],
        livemode=whose["livemode"],
        escrow=escrow,
        actor=CUSTOMER,
    )
    # Fetched inside the transaction the key would need a second connection of the pool.
    await parts.vault.seal(desk.org, livemode=desk.livemode, field=NOTE, plain=b"")
    return desk, whose["name"]
