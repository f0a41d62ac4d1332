"""The conformance kit runs every test that asks for `sheet` once per provider."""

import pytest

from tests.providers.sheets.every import SHEETS
from tests.providers.sheets.sheet import Sheet


@pytest.fixture(params=SHEETS, ids=lambda sheet: sheet.provider.name)
def sheet(request: pytest.FixtureRequest) -> Sheet:
    """One provider's case sheet."""
    found: Sheet = request.param
    return found
