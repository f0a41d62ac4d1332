"""All simulators in one application: providers, a bank, a lender, gateways, /merchant, /control."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Protocol

from fastapi import FastAPI, Response

from simulators import control
from simulators.airtel import answers as airtel_answers
from simulators.airtel.app import Airtel
from simulators.camtel import answers as camtel_answers
from simulators.camtel.app import Camtel
from simulators.cards import answers as cards_answers
from simulators.cards.app import Cards
from simulators.daraja import answers as daraja_answers
from simulators.daraja import controls as daraja_controls
from simulators.daraja.app import Daraja
from simulators.door import Door
from simulators.fineract import control as fineract_control
from simulators.fineract.app import Fineract
from simulators.merchant import Merchant
from simulators.momo import answers as momo_answers
from simulators.momo.app import Momo
from simulators.ncba.app import Ncba
from simulators.ncba.desk import MobileMoney
from simulators.orange import answers as orange_answers
from simulators.orange.app import Orange
from simulators.orange_cm import answers as core_answers
from simulators.orange_cm.app import OrangeCm
from simulators.settings import Settings
from simulators.stage import Stage
from simulators.texts import Texts
from simulators.wave import answers as wave_answers
from simulators.wave.app import Wave


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application; what was pending in the books plays on when it starts."""
    settings = settings or Settings()
    daraja, momo, merchant = Daraja(settings), Momo(settings), Merchant()
    wave, airtel = Wave(settings), Airtel(settings)
    orange, cards, core = Orange(settings), Cards(settings), OrangeCm(settings)
    camtel = Camtel(settings)
    texts, lender = Texts(settings), Fineract(settings)
    bank = Ncba(settings, MobileMoney(credit=daraja.credit, owner=daraja.owner))
    stages = {
        "daraja": daraja.stage, "momo": momo.stage, "wave": wave.stage,
        "airtel": airtel.stage, "orange": orange.stage, "cards": cards.stage,
        "orange_cm": core.stage, "camtel": camtel.stage, "ncba": bank.stage, **texts.stages,
    }  # fmt: skip

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        under_way: tuple[_Resumes, ...] = (*stages.values(), bank, daraja, wave, momo, core, camtel)
        for one in under_way:
            one.resume()
        await texts.start()
        yield
        await texts.stop()
        await lender.aclose()
        for stage in stages.values():
            await stage.aclose()

    app = FastAPI(title="Kauri simulators", lifespan=life, docs_url=None, redoc_url=None)
    app.add_api_route("/healthz", _alive, methods=["GET"])
    app.state.stages, app.state.merchant, app.state.daraja = stages, merchant, daraja
    texts.mount(app)
    bank.mount(app)
    fineract_control.mount(app, lender)
    app.include_router(daraja_controls.routes)
    app.include_router(control.routes)
    _mount_wallets(app, daraja, momo, airtel)
    _mount_pages(app, wave, orange, cards)
    _mount_cameroon(app, core, camtel)
    app.mount("/merchant", merchant.app())
    return app


class _Resumes(Protocol):
    """Plays on what was under way when it stopped."""

    def resume(self) -> None: ...


class _Closed(Protocol):
    """How a provider says that it is down, and that it is busy."""

    def unavailable(self) -> Response: ...
    def busy(self) -> Response: ...


def _door(app: FastAPI, stage: Stage, words: _Closed) -> Door:
    return Door(app, stage=stage, unavailable=words.unavailable, busy=words.busy)


def _mount_wallets(app: FastAPI, daraja: Daraja, momo: Momo, airtel: Airtel) -> None:
    app.mount("/airtel", _door(airtel.app(), airtel.stage, airtel_answers))
    app.mount(
        "/daraja",
        Door(
            daraja.app(),
            stage=daraja.stage,
            unavailable=daraja_answers.unavailable,
            busy=daraja_answers.busy,
        ),
    )
    app.mount(
        "/momo",
        Door(
            momo.app(),
            stage=momo.stage,
            unavailable=partial(momo_answers.gateway, 503, "Service Unavailable"),
            busy=momo_answers.unavailable,
        ),
    )


def _mount_cameroon(app: FastAPI, core: OrangeCm, camtel: Camtel) -> None:
    app.mount("/orange_cm", _door(core.app(), core.stage, core_answers))
    app.mount("/camtel", _door(camtel.app(), camtel.stage, camtel_answers))


def _mount_pages(app: FastAPI, wave: Wave, orange: Orange, cards: Cards) -> None:
    app.mount("/wave", _door(wave.app(), wave.stage, wave_answers))
    app.mount("/orange", _door(orange.app(), orange.stage, orange_answers))
    app.mount("/cards", _door(cards.app(), cards.stage, cards_answers))


async def _alive() -> dict[str, str]:
    return {"status": "ok"}
