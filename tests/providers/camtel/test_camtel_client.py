"""What Camtel would be sent, and what proves its callbacks."""

import json
from dataclasses import replace

import pytest

from models import ids
from models.money_out import Holder
from models.reading import Reason, Verdict
from providers.camtel.proof import is_from_camtel, signature
from providers.camtel.settings import CamtelSettings
from providers.registry import BadProvider, known, load
from tests.providers.sheets.camtel import (
    ATTEMPT,
    ORDER,
    PAYOUTS,
    REFUND,
    SETTINGS,
    SHEET,
    client,
    event,
    resource,
    wire,
)
from tests.providers.sheets.sheet import Rail, Wire

NOW = 1_700_000_000
BODY = event(resource("SUCCEEDED"))


def test_nothing_starts_until_the_proposal_is_switched_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("BASE_URL", "CLIENT_ID", "CLIENT_SECRET"):
        monkeypatch.setenv(f"CAMTEL_{name}", "https://camtel.example")
    with pytest.raises(BadProvider, match="CAMTEL_EXPERIMENTAL=true"):
        load(["camtel"])
    monkeypatch.setenv("CAMTEL_EXPERIMENTAL", "true")
    assert load(["camtel"])["camtel"].provider.experimental


def test_it_alone_is_experimental() -> None:
    assert [name for name, one in known(plugins=[]).items() if one.experimental] == ["camtel"]


async def test_a_transfer_names_its_reference_twice() -> None:
    rail = Rail(PAYOUTS, [wire(resource("PENDING", ORDER.id), 202)])
    await client(rail).pay_out(ORDER)
    (sent,) = rail.sent
    assert (sent.url.path, sent.headers["Idempotency-Key"]) == ("/v1/transfers", ORDER.id)
    assert json.loads(sent.content) == {
        "client_reference": ORDER.id,
        "amount": "1500",
        "currency": "XAF",
        "payee": "+237620000002",
        "reason": "Loan 42",
        "callback_url": ORDER.result_url,
    }


async def test_a_refund_names_the_collection_and_cannot_be_asked_about() -> None:
    rail = Rail(PAYOUTS, [wire(resource("SUCCEEDED", REFUND.id))])
    ours = client(rail)
    assert (await ours.refund(REFUND)).verdict is Verdict.SETTLED
    assert rail.sent[0].url.path == "/v1/collections/col_01/refunds"
    assert json.loads(rail.sent[0].content) == {"client_reference": REFUND.id, "amount": "1500"}
    asked = await ours.ask_refund(REFUND)
    assert (asked.verdict, asked.reason) == (Verdict.UNKNOWN, Reason.NOTHING_TO_ASK_WITH)
    assert len(rail.sent) == 1


@pytest.mark.parametrize(
    ("play", "holder"),
    [
        (wire({"active": True, "name_masked": "J*** D***"}), Holder(active=True, name="J*** D***")),
        (wire({"active": False, "name_masked": "J***"}), Holder(active=False)),
        (wire({"active": "perhaps"}), Holder()),
    ],
)
async def test_a_masked_name_is_shown_and_never_compared(play: Wire, holder: Holder) -> None:
    assert await client(Rail(PAYOUTS, [play])).holder(ORDER) == holder


def proof(secret: str = "canary-callback", at: int = NOW) -> dict[str, str]:
    """The header of a callback."""
    return {"x-signature": f"t={at},v1={signature(secret, str(at), BODY)}"}


@pytest.mark.parametrize(
    ("headers", "body", "believed"),
    [
        (proof(), BODY, True),
        (proof(), BODY + b" ", False),
        (proof("another"), BODY, False),
        (proof(at=NOW - 301), BODY, False),
        ({"x-signature": "t=,v1="}, BODY, False),
        ({}, BODY, False),
    ],
)
def test_a_callback_is_believed_by_its_signature(
    headers: dict[str, str], body: bytes, *, believed: bool
) -> None:
    assert is_from_camtel(SETTINGS, body, headers, clock=lambda: NOW) is believed


def test_without_a_secret_no_callback_is_believed() -> None:
    mute = SETTINGS.model_copy(update={"callback_secret": type(SETTINGS.client_secret)("")})
    assert not is_from_camtel(mute, BODY, proof(""), clock=lambda: NOW)


def test_a_callback_names_its_attempt_or_instruction() -> None:
    standing = SHEET.callbacks.standing
    assert standing is not None
    assert standing.attempt(BODY) == ids.parsed(ids.ATTEMPT, ATTEMPT)
    told = event(resource("SUCCEEDED", ORDER.id))
    assert standing.attempt(told) == ids.parsed(ids.INSTRUCTION, ORDER.id)
    assert standing.attempt(event(resource("SUCCEEDED", "somebody's"))) is None
    assert standing.attempt(b"<html>") is None


async def test_an_answer_about_another_payment_is_no_answer() -> None:
    rail = Rail(SHEET, [wire(resource("SUCCEEDED", "att_01jc0000000000000000000009"))])
    reading = await client(rail).inquire(replace(SHEET.charge, attempt_id=ATTEMPT))
    assert (reading.verdict, reading.reason) == (Verdict.UNKNOWN, Reason.MISMATCH)


def test_settings_name_no_address_by_themselves() -> None:
    with pytest.raises(ValueError, match="base_url"):
        CamtelSettings(experimental=True, client_id="c", client_secret="s")
