"""What the bank tells us of money on our accounts: proven first, stored once, answered at once.

The bank sends a notice again until it reads `OK`, so a notice we do not believe comes back.
"""

import hmac
from collections.abc import Callable
from functools import partial

from fastapi import APIRouter, Request
from loguru import logger
from starlette.responses import Response

from api.errors import SignatureWrong
from api.parts import Parts, parts_of
from api.queries import doors as queries
from api.stored import sealed_message
from models import faultpoints, ids
from models.ids import PLATFORM_ORG
from providers.ncba import notices
from providers.ncba.keys import NoticeKeys
from providers.ncba.notices import Heard

router = APIRouter(prefix="/in", tags=["callbacks"], include_in_schema=False)

ACCOUNT, PAY_BILL = "kb2", "kb3"
_Hear = Callable[[bytes, NoticeKeys], Heard]


@router.post(f"/{ACCOUNT}/{{token}}")
async def receive_account_notice(token: str, request: Request) -> Response:
    """A movement of the pool account, in the bank's SOAP."""
    heard, known = await _take(parts_of(request), request, ACCOUNT, token, notices.hear_xml)
    body = notices.answer_xml(heard, duplicate=known)
    return Response(body, media_type="text/xml")


@router.post(f"/{PAY_BILL}/{{token}}")
async def receive_pay_bill_notice(token: str, request: Request) -> Response:
    """A payment to the bank's pay bill for our account, in JSON."""
    heard, known = await _take(parts_of(request), request, PAY_BILL, token, notices.hear_json)
    body = notices.answer_json(heard, duplicate=known)
    return Response(body, media_type="application/json")


async def _take(
    parts: Parts, request: Request, slug: str, token: str, hear: _Hear
) -> tuple[Heard, bool]:
    """What was heard, and whether it was known before. Raises SignatureWrong."""
    _verified(parts, slug, token)
    raw = await request.body()
    heard = hear(raw, parts.bank.notice_keys())
    if heard.distrust is not None:
        logger.error("a bank notice at {} is not believed: {}", slug, heard.distrust)
        return heard, False
    found = {"id": PLATFORM_ORG, "org_id": PLATFORM_ORG, "livemode": parts.bank.livemode}
    await faultpoints.reach(f"{slug}.before", slug)
    row_id, new = await queries.store(
        parts.database,
        {**found, "saga_id": None, "workflow": f"bank/{slug}"},
        kind="arrival",
        slug=slug,
        digest=ids.body_digest(slug, heard.proof.encode()),
        sealed=await sealed_message(parts, found, request, raw),
        most=None,
    )
    await faultpoints.reach(f"{slug}.after", slug)
    if new and row_id is not None:
        parts.dispatcher.soon(partial(parts.vault_inbox.deliver, [row_id]))
    return heard, not new


def _verified(parts: Parts, slug: str, token: str) -> None:
    owner = PLATFORM_ORG.hex
    ours = f"{owner}.{ids.callback_tag(slug, owner, parts.settings.callback_secret)}"
    if not hmac.compare_digest(ours.encode(), token.encode()):
        raise SignatureWrong("the tag is not ours")
