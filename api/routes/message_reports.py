"""Delivery reports of SMS gateways: unsigned, so the path is the secret.

A report only ever moves a message forward, and one about a message we never sent moves nothing.
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from activities import message_rows
from api.errors import NotFound
from api.parts import parts_of
from api.path_tags import verified
from models import faultpoints
from models.ids import PLATFORM_ORG
from providers.sms.reports import read_report

router = APIRouter(prefix="/in", tags=["callbacks"], include_in_schema=False)

#: The standing path belongs to the platform: one per account at the gateway.
SLUG = "sm1"


@router.post(f"/{SLUG}/{{token}}")
async def receive_report(token: str, request: Request) -> Response:
    """Keep the report; what cannot be read is answered like the rest, so it does not come again."""
    parts = parts_of(request)
    if verified(parts, SLUG, token) != PLATFORM_ORG.hex:
        raise NotFound("no such path")
    told = read_report(await request.body())
    if told is not None:
        await faultpoints.reach(f"{SLUG}.before", told.provider_ref)
        async with parts.database.system() as connection:
            await message_rows.report(connection, told)
        await faultpoints.reach(f"{SLUG}.after", told.provider_ref)
    return Response(status_code=200)
