"""What the page of a session shows, gathered from its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from api.payer import forms, screens
from api.payer.methods import Method, example
from api.payer.screens import Screen, screen_of
from api.payer.words import NAMES, Voice
from api.queries.views import Rows
from models import ids
from models.events import next_action
from models.messages import Language
from models.moments import moment
from models.money import Money
from models.receipt import Merchant
from models.return_address import returned

_GUIDED = frozenset({"mpesa", "momo", "airtel", "orange_cm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a session. `secret` signs forms, `return_secret` the way back.

    `wrong`: what the form just sent got wrong, by field; `given`: what it said.
    """

    rows: Rows
    merchant: Merchant
    methods: tuple[Method, ...]
    voice: Voice
    path: str
    now: datetime
    secret: bytes = field(repr=False)
    return_secret: str = field(repr=False)
    titles: Mapping[str, str]
    wrong: Mapping[str, str] = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def screen(self) -> Screen:
        """Where the session is."""
        return screen_of(self.rows, self.now)

    @property
    def number(self) -> int:
        """The attempt a form shown now is meant for."""
        return self.rows.attempt["number"] + 1 if self.rows.attempt else 1

    def facts(self) -> dict[str, Any]:
        """What the template reads."""
        screen, checkout = self.screen, self.rows.checkout
        amount = Money(checkout["amount"], checkout["currency"])
        return {
            **frame(self.voice, self.merchant, self.path, livemode=checkout["livemode"]),
            "title": self.voice("title_pay", merchant=self.merchant.name),
            "screen": str(screen),
            "amount": together(amount),
            "checkout": checkout,
            "form": forms.token(self.secret, checkout["id"], self.number),
            "seen": screens.seen(self.rows),
            "moves": screen.moves,
            "late": screens.late(self.rows, self.now),
            "back": self._back(screen),
            **self._tried(),
            **self._offered(),
        }

    def _tried(self) -> dict[str, Any]:
        attempt = self.rows.attempt
        rail = self.titles.get(attempt["provider"], attempt["provider"]) if attempt else ""
        named = attempt["provider"] if attempt and attempt["provider"] in _GUIDED else "any"
        action = next_action(attempt)
        return {
            "rail": rail,
            "payer": attempt["payer_masked"] if attempt else "",
            "guidance": self.voice(f"pin_{named}"),
            "failed": screens.failed(self.rows),
            "why": self.voice.why(attempt["reason"] if attempt else None),
            "leave": action["url"] if action else None,
            "canceling": self.rows.checkout["cancel_requested_at"] is not None,
        }

    def _offered(self) -> dict[str, Any]:
        last = self.rows.attempt["provider"] if self.rows.attempt else ""
        only = self.methods[0].choice if len(self.methods) == 1 else ""
        return {
            "methods": sorted(self.methods, key=lambda one: not one.up),
            "example": together(example(self.methods)),
            "wrong": {"phone": "", "method": "", "email": "", **self.wrong},
            "problems": self.wrong,
            "given": {
                "method": only,
                "phone": "",
                "email": "",
                "sms": "",
                "sure": "",
                **self.given,
            },
            "last": last,
        }

    def _back(self, screen: Screen) -> str | None:
        """The merchant's address with a signed result; None before there is one."""
        checkout, payment = self.rows.checkout, self.rows.payment
        paid = screen in {Screen.PAID, Screen.REVERSED}
        if not paid and screen not in {Screen.CANCELED, Screen.EXPIRED, Screen.EXHAUSTED}:
            return None
        url = checkout["success_url"] if paid else checkout["cancel_url"]
        if url is None:
            return None
        told = {
            "checkout": ids.shown(ids.CHECKOUT, checkout["id"]),
            "payment": ids.shown(ids.PAYMENT, payment["id"]),
            "reference": checkout["reference"],
            "status": payment["status"],
            "amount": str(checkout["amount"]),
            "currency": checkout["currency"],
            "at": moment(self.now.replace(microsecond=0)) or "",
        }
        return returned(url, told, self.return_secret)


def together(shown: object) -> str:
    """An amount or a phone number that no line breaks apart."""
    return str(shown).replace(" ", "\N{NO-BREAK SPACE}")


def frame(voice: Voice, merchant: Merchant, path: str, *, livemode: bool) -> dict[str, Any]:
    """What every page shows around its own."""
    return {
        "say": voice,
        "lang": str(voice.language),
        "languages": [(str(one), NAMES[one]) for one in merchant.languages],
        "merchant": merchant,
        "contact": together(merchant.contact or ""),
        "path": path,
        "livemode": livemode,
    }


def everybody() -> Merchant:
    """Nobody's merchant: for pages that belong to none."""
    return Merchant(name="", languages=tuple(Language))
