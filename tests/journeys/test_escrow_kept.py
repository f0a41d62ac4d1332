"""An escrow through everything that runs: the demo's own story, told by API, ledger and Airtel."""

from cli.demo import escrow
from cli.demo.client import DemoClient


async def test_an_escrow_is_paid_partly_released_and_the_rest_given_back(shop: DemoClient) -> None:
    kept = await escrow.play(shop, lambda _line: None)
    assert kept.finding.holds, kept.finding.detail
    timeline = (await shop.get(f"/v1/escrows/{kept.escrow['id']}/timeline"))["data"]
    told = [item["type"] for item in timeline if item["kind"] == "event"]
    assert told == [
        "escrow.created",
        "escrow.funded",
        "escrow.released",
        "escrow.disputed",
        "escrow.refunded",
        "escrow.closed",
    ]
