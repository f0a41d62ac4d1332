"""The payer's page of a checkout session."""

from dataclasses import replace

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response, StreamingResponse

from api.answers import answer, rendered
from api.cancellation import Cancellation
from api.changes import changes, check_room
from api.deps import Wired
from api.errors import CardNumberRefused, CheckoutFinal, NotFound
from api.parts import Parts
from api.payer import forms, screens
from api.payer.access import SESSION, Visitor, visitor
from api.payer.html import ASSETS, STATIC, page
from api.payer.methods import predicted
from api.payer.paying import Paying, Wrong
from api.payer.reading import look
from api.payer.receipt import receipt_facts
from api.payer.route import PageRoute, see
from api.payer.view import Look
from api.queries.views import Rows
from api.waiting import session_of, settled_view

router = APIRouter(tags=["payer"], include_in_schema=False, route_class=PageRoute)

#: Payers one process holds open, by a stream or a page held back; whoever is too many asks again.
MOST = 300
_POLL, _LONGEST_LOOK = 1.0, 20.0


@router.get("/pay/{session}")
async def show(session: str, request: Request, parts: Wired) -> Response:
    """The page as the session stands; with `wait` it is held back until there is news."""
    who = await visitor(parts, SESSION, session, parts.looks)
    if "wait" in request.query_params:
        await _news(parts, who, request.app.state.payer_streams)
    return page("pay.html", (await look(parts, who, request)).facts())


@router.post("/pay/{session}")
async def pay(session: str, request: Request, parts: Wired) -> Response:
    """Ask the payer by the method they chose; what is wrong is shown beside its field."""
    who = await visitor(parts, SESSION, session, parts.sends)
    looked = await look(parts, who, request)
    try:
        fields = await _sent(parts, who, looked, request)
    except CardNumberRefused:
        return page("pay.html", replace(looked, wrong={"phone": looked.voice("card")}).facts(), 422)
    try:
        await Paying(parts, who, looked, forms.payment(fields)).pay()
    except Wrong as wrong:
        given, now = {**fields, "sure": wrong.sure}, await look(parts, who, request)
        return page("pay.html", replace(now, wrong=wrong.fields, given=given).facts(), 422)
    return see(who.path, request, fresh=True)


@router.post("/pay/{session}/cancel")
async def cancel(session: str, request: Request, parts: Wired) -> Response:
    """End the session as the API would: success wins over a cancel, an ended one stays ended."""
    who = await visitor(parts, SESSION, session, parts.sends)
    looked = await look(parts, who, request)
    await _sent(parts, who, looked, request)
    cancellation = Cancellation(parts, who.caller, who.owner)
    await parts.vault.seal(who.caller.org, livemode=who.caller.livemode, field="inbox", plain=b"")
    try:
        async with parts.database.scoped(who.caller.org, who.caller.livemode) as connection:
            await cancellation(connection)
    except CheckoutFinal:
        return see(who.path, request)
    cancellation.send()
    return see(who.path, request)


@router.post("/pay/{session}/operator")
async def operator(session: str, request: Request, parts: Wired) -> Response:
    """The method a number speaks for: in a body, because addresses are logged."""
    who = await visitor(parts, SESSION, session, parts.looks)
    looked = await look(parts, who, request)
    fields = await _sent(parts, who, looked, request)
    up = [one for one in looked.methods if one.up]
    return answer({"method": predicted(fields.get("phone", ""), up)})


@router.get("/pay/{session}/status")
async def status(session: str, parts: Wired) -> Response:
    """Whether there is news: what is seen, and nothing of the payment."""
    who = await visitor(parts, SESSION, session, parts.looks)
    rows = await session_of(parts, who.caller, who.owner)
    return answer({"seen": screens.seen(rows)})


@router.get("/pay/{session}/stream")
async def stream(session: str, request: Request, parts: Wired) -> Response:
    """The same at every change, by server-sent events."""
    who = await visitor(parts, SESSION, session, parts.looks)
    rows = await session_of(parts, who.caller, who.owner)
    open_streams: set[object] = request.app.state.payer_streams
    check_room(open_streams, MOST)

    def tell(rows: Rows) -> bytes:
        return rendered({"seen": screens.seen(rows)})

    told = changes(parts, who.caller, rows, tell=tell, open_streams=open_streams, every=_POLL)
    return StreamingResponse(told, media_type="text/event-stream")


@router.get("/pay/{session}/receipt")
async def receipt(session: str, request: Request, parts: Wired) -> Response:
    """The numbered receipt, and those of refunds. Raises NotFound before anything was paid."""
    who = await visitor(parts, SESSION, session, parts.looks)
    looked = await look(parts, who, request)
    return page("receipt.html", await receipt_facts(parts, who, looked))


@router.get("/assets/{asset}")
async def asset(asset: str) -> Response:
    """A file of the page; its address changes with what it holds."""
    if asset not in ASSETS:
        raise NotFound("no such path")
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return FileResponse(STATIC / asset, media_type=ASSETS[asset], headers=headers)


async def _sent(parts: Parts, who: Visitor, looked: Look, request: Request) -> dict[str, str]:
    secret = parts.settings.callback_secret
    return dict(await forms.sent(request, secret, who.owner, looked.number))


async def _news(parts: Parts, who: Visitor, held: set[object]) -> None:
    """Wait for news, unless as many payers wait as may: the page tells how it stands anyhow."""
    if len(held) >= MOST:
        return
    place = object()
    held.add(place)
    try:
        await settled_view(parts, who.caller, who.owner, _LONGEST_LOOK, until_page=True)
    finally:
        held.discard(place)
