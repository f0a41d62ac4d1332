"""A rail that rests is asked about a payment it knows, by one process at a time."""

from activities.rail_probes import RailProbes
from models.charge import Charge
from models.reading import Reading, Verdict
from providers.contract import Unreachable
from runtime.database import Database
from tests.activities.accepted import accept
from tests.activities.rails_world import Rails
from tests.conftest import Urls


class Asked:
    """Remembers what it was asked about."""

    def __init__(self, error: Exception | None = None) -> None:
        self.about: list[Charge] = []
        self._error = error

    async def prompt(self, _charge: Charge) -> Reading:
        raise AssertionError("a probe moves no money")

    async def inquire(self, charge: Charge) -> Reading:
        self.about.append(charge)
        if self._error:
            raise self._error
        return Reading(verdict=Verdict.SETTLED)

    async def aclose(self) -> None:
        """Nothing is open."""


def known(rails: Rails, urls: Urls) -> str:
    """A payment the provider knows."""
    attempt = accept(urls.admin).attempt
    rails.sql("update attempts set provider_reference = 'ws_CO_1', provider = 'mpesa'")
    return attempt


async def test_a_rail_that_rests_is_asked_about_its_newest_payment_once_a_while(
    rails: Rails, urls: Urls, database: Database
) -> None:
    attempt, asked = known(rails, urls), Asked()
    rails.stand("mpesa", "open")
    for _ in range(2):
        await RailProbes(database, {"mpesa": asked}, scale=1.0).probe()
    assert [(one.attempt_id, one.provider_reference) for one in asked.about] == [
        (attempt, "ws_CO_1")
    ]
    rails.later(6)
    await RailProbes(database, {"mpesa": asked}, scale=1.0).probe()
    assert len(asked.about) == 2


async def test_a_rail_that_carries_is_not_probed(
    rails: Rails, urls: Urls, database: Database
) -> None:
    known(rails, urls)
    asked = Asked()
    rails.stand("mpesa", "up")
    await RailProbes(database, {"mpesa": asked}, scale=1.0).probe()
    assert asked.about == []


async def test_who_is_asked_by_our_reference_is_asked_about_any_payment(
    rails: Rails, urls: Urls, database: Database
) -> None:
    known(rails, urls)
    rails.sql("update attempts set provider_reference = null")
    unasked, asked = Asked(), Asked()
    for client, ours in ((unasked, frozenset[str]()), (asked, frozenset({"mpesa"}))):
        rails.stand("mpesa", "open")
        rails.sql("update rail_health set probed_at = null")
        await RailProbes(database, {"mpesa": client}, scale=1.0, by_ours=ours).probe()
    assert (unasked.about, len(asked.about)) == ([], 1)


async def test_nobody_there_is_an_answer_of_its_own(
    rails: Rails, urls: Urls, database: Database
) -> None:
    known(rails, urls)
    asked = Asked(Unreachable("no"))
    rails.stand("mpesa", "open")
    await RailProbes(database, {"mpesa": asked}, scale=1.0).probe()
    assert len(asked.about) == 1
