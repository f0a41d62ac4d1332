"""The gateway's page: the payer approves, declines or walks away. It asks for no card."""

from html import escape
from urllib.parse import urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from simulators.book import Payment
from simulators.cards import answers
from simulators.cards.book import CardBook
from simulators.faults import Outcome
from simulators.stage import Stage

_HEAD = "<h1>Cards (simulated)</h1>"
_BUTTONS = "".join(
    f'<form method="post" action="{word}"><button>{word}</button></form>'
    for word in ("approve", "decline", "abandon")
)


class Page:
    """Routes of the page."""

    def __init__(self, book: CardBook, stage: Stage) -> None:
        self._book, self._stage = book, stage

    def mount(self, app: FastAPI) -> None:
        """Put the routes into the application."""
        app.add_route("/checkout/pay/{key}", self.show, methods=["GET"])
        app.add_route("/checkout/pay/{key}/{word}", self.choose, methods=["POST"])

    async def show(self, request: Request) -> Response:
        """What a payer sees."""
        payment = self._known(request)
        if payment is None:
            return HTMLResponse(f"{_HEAD}<p>No such session.</p>", 404)
        self._stage.opened(payment)
        amount = f"{payment.currency} {answers.written(payment.amount_minor, payment.currency)}"
        base = f"{request.scope['root_path']}/checkout/pay/{escape(payment.key)}/"
        return HTMLResponse(
            f'<base href="{base}">{_HEAD}<p>{escape(payment.echo["description"])}: {amount}</p>'
            + _BUTTONS
        )

    async def choose(self, request: Request) -> Response:
        """The payer's choice. A try that was declined may be followed by another."""
        payment, word = self._known(request), request.path_params["word"]
        if payment is None or word not in {"approve", "decline", "abandon"}:
            return HTMLResponse(f"{_HEAD}<p>No such session.</p>", 404)
        if word == "abandon":
            return _back(payment.echo["cancelUrl"])
        if payment.outcome is not Outcome.PAID:
            chosen = Outcome.PAID if word == "approve" else Outcome.DECLINED
            await self._stage.decide(payment, chosen)
        if payment.outcome is Outcome.PAID:
            return _back(payment.echo["returnUrl"], resultIndicator=payment.echo["success"])
        return HTMLResponse(f"{_HEAD}<p>Declined: try again.</p>{_BUTTONS}")

    def _known(self, request: Request) -> Payment | None:
        return self._book.payments.get(request.path_params["key"])


def _back(url: str, **told: str) -> Response:
    if not url:
        return HTMLResponse(f"{_HEAD}<p>You may close this page.</p>")
    joint = "&" if "?" in url else "?"
    return RedirectResponse(url + (joint + urlencode(told) if told else ""), 303)
