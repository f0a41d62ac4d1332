"""The conformance kit runs every test that asks for `sheet` once per provider.

`tokened`: once per provider that has tokens. `money_out`: once per refund or payout claimed, by
banks too.
"""

import pytest

from tests.providers.sheets.every import BANKS, SHEETS
from tests.providers.sheets.sheet import MoneyOut, Sheet


@pytest.fixture(params=SHEETS, ids=lambda sheet: sheet.provider.name)
def sheet(request: pytest.FixtureRequest) -> Sheet:
    """One provider's case sheet."""
    found: Sheet = request.param
    return found


@pytest.fixture(
    params=[sheet for sheet in SHEETS if sheet.token_path], ids=lambda sheet: sheet.provider.name
)
def tokened(request: pytest.FixtureRequest) -> Sheet:
    """The case sheet of one provider whose calls carry a token fetched first."""
    found: Sheet = request.param
    return found


@pytest.fixture(
    params=[
        *(one for sheet in SHEETS for one in sheet.money_out),
        *(one for ways in BANKS.values() for one in ways),
    ],
    ids=lambda one: one.name,
)
def money_out(request: pytest.FixtureRequest) -> MoneyOut:
    """The samples of one way out of one provider."""
    found: MoneyOut = request.param
    return found
