"""What the bank tells us of money on our accounts: proven first, stored once, answered at once.

The bank sends a notice again until it reads `OK`, so a notice we do not believe comes back.
"""

from collections.abc import Callable

from fastapi import APIRouter, Request
from loguru import logger
from starlette.responses import Response

from api import doors
from api.parts import Parts, parts_of
from api.path_tags import check_platform
from models import ids
from models.ids import PLATFORM_ORG
from providers.doors import Kind
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
    check_platform(parts, slug, token)
    raw = await request.body()
    heard = hear(raw, parts.bank.notice_keys())
    if heard.distrust is not None:
        logger.error("a bank notice at {} is not believed: {}", slug, heard.distrust)
        return heard, False
    platform = {"id": PLATFORM_ORG, "org_id": PLATFORM_ORG, "livemode": parts.bank.livemode}
    _row_id, new = await doors.kept(
        parts,
        {**platform, "workflow": f"bank/{slug}"},
        request,
        slug=slug,
        kind=Kind.ARRIVAL,
        identity=ids.body_digest(slug, heard.proof.encode()),
        point=slug,
    )
    return heard, not new
