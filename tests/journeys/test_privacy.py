"""Nothing readable at rest: not in Temporal, not in PostgreSQL, not in any log."""

import subprocess
from pathlib import Path

from cli.demo.client import DemoClient, Keys
from cli.stack.stack import Stack
from tests.journeys.conftest import settled
from tests.journeys.test_outages import pay_in

#: Numbers no other test uses; both pay.
KENYAN, CAMEROONIAN = "254711902837", "237671902837"
#: The simulators are the providers: what they keep is theirs.
_NOT_OURS = {"simulators", "simulators.log"}


def holding(folder: Path, words: list[str]) -> list[str]:
    """Files under the folder that hold one of the words in clear."""
    patterns = [option for word in words for option in ("-e", word)]
    found = subprocess.run(
        ["grep", "-rlaF", *patterns, str(folder)], capture_output=True, text=True, check=False
    )
    paths = [Path(line) for line in found.stdout.splitlines()]
    return [str(path) for path in paths if not _NOT_OURS & set(path.parts)]


async def test_a_payers_number_and_the_keys_are_nowhere_in_clear(
    stack: Stack, shop: DemoClient, keys: Keys
) -> None:
    for phone, method in ((KENYAN, "mpesa"), (CAMEROONIAN, "momo")):
        paid = await shop.post("/v1/checkouts", pay_in(f"+{phone}", method))
        await settled(shop, paid["payment"]["id"], "succeeded")
    secrets = [keys.merchant, keys.operator, "sim-passkey", "sim-consumer-secret"]
    assert holding(stack.state.path, [KENYAN, CAMEROONIAN, *secrets]) == []


async def test_the_search_would_find_what_is_in_clear(stack: Stack, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(f"payer {KENYAN} paid")
    assert holding(tmp_path, [KENYAN]) == [str(tmp_path / "log")]
    assert holding(stack.state.path, ["checkouts"]) != []
