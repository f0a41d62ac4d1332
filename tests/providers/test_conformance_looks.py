"""Every balance and name look-up claimed: it says what it knows, and nothing about money."""

import httpx
import pytest

from models.money_out import Holder
from models.reading import Reading, Verdict
from providers.contract import ProviderError
from providers.registry import known
from tests.providers.sheets.every import SHEETS
from tests.providers.sheets.failures import FAILURES, NAMES
from tests.providers.sheets.sheet import Look, Play, Rail, Sheet, Wire

LOOKS = [
    pytest.param(sheet, look, id=f"{sheet.provider.name}-{slot}")
    for sheet in SHEETS
    for slot, look in sheet.looks.items()
]
NOTHING_SAID = (
    Wire(status=500, body=b"{}"),
    Wire(status=429),
    Wire(body=b"<html>ok</html>"),
    Wire(body=b'{"half'),
    Wire(body=b"{}"),
)
_SLOTS = ("tells_balance", "names_holders")


def played(sheet: Sheet, *plays: Play) -> Rail:
    """Whoever pays out looks with the same keys, which may not be those that collect."""
    return Rail(sheet.money_out[0] if sheet.money_out else sheet, list(plays))


def test_every_look_a_provider_claims_has_a_sample() -> None:
    claimed = {
        (name, slot)
        for name, one in known(plugins=[]).items()
        for slot in _SLOTS
        if getattr(one, slot) is not None
    }
    assert {(sheet.provider.name, slot) for sheet in SHEETS for slot in sheet.looks} == claimed


@pytest.mark.parametrize(("failure", "meaning"), FAILURES, ids=NAMES)
@pytest.mark.parametrize(("sheet", "look"), LOOKS)
async def test_a_failed_look_says_whether_it_arrived(
    sheet: Sheet, look: Look, failure: Exception, meaning: type[ProviderError]
) -> None:
    rail = played(sheet, failure)
    with pytest.raises(meaning):
        await look(rail)
    assert len(rail.sent) == 1


@pytest.mark.parametrize("wire", NOTHING_SAID, ids=lambda wire: f"{wire.status}-{wire.body!r}")
@pytest.mark.parametrize(("sheet", "look"), LOOKS)
async def test_what_was_not_said_is_not_known(sheet: Sheet, look: Look, wire: Wire) -> None:
    found = await look(played(sheet, wire))
    if isinstance(found, Reading):
        assert found.amount is None
        assert found.verdict in {None, Verdict.UNKNOWN}
    else:
        assert found == Holder()


@pytest.mark.parametrize(("sheet", "look"), LOOKS)
async def test_a_look_moves_nothing_and_names_nobody_in_errors(sheet: Sheet, look: Look) -> None:
    rail = played(sheet, httpx.ReadTimeout("slow"))
    with pytest.raises(ProviderError) as lost:
        await look(rail)
    assert sheet.charge.payer[-9:] not in str(lost.value)
