"""A purchase of float that waits for its code, and the bank it is bought from."""

import pytest

from runtime.database import Database
from runtime.vault import Vault
from tests.activities.float_rows_world import FloatBuyer, StatedBank
from tests.activities.rails_world import Rails
from tests.conftest import Urls


@pytest.fixture
async def buyer(urls: Urls, database: Database, vault: Vault) -> FloatBuyer:
    """A purchase that waits for its code, and a wallet that can bear it."""
    return await FloatBuyer(urls, database, vault).accepted()


@pytest.fixture
def bank() -> StatedBank:
    """Takes orders and shows nothing yet."""
    return StatedBank()


@pytest.fixture
def rails(urls: Urls) -> Rails:
    """No rail is known of and nothing waits."""
    return Rails(urls.admin)
