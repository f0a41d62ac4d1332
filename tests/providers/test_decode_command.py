"""`kauri decode`: all keys, always; a traceback never."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from cli.decode import decode
from tests.providers.sheets.mpesa import PAID, notice

KEYS = {
    "verdict",
    "retryable",
    "reason",
    "provider_code",
    "provider_message",
    "amount_minor",
    "currency",
    "our_reference",
    "provider_reference",
    "receipt",
}
LISTED = """
    mpesa: stk_ack stk_callback stk_query c2b_validation c2b_confirmation c2b_register_ack b2c_ack
    b2c_result b2b_result transaction_status_result account_balance_result reversal_result error
    momo: requesttopay_ack requesttopay_status transfer_ack transfer_status refund_status callback
    balance active user_info error
    wave: session webhook payout error
    airtel: collect_ack collect_status callback disburse_ack disburse_status refund_ack balance user
    error
    orange: webpay_init webpay_notification webpay_status mp_init mp_pay mp_status error
    orange_cm: mp_init mp_pay mp_status cashin_init cashin_pay cashin_status notification subscriber
    error
    cards: session transaction webhook error
    camtel: collection_ack collection_status transfer_ack transfer_status refund_ack callback
    balance account error
    mifos: disburse_ack repayment_ack deposit_ack loan hook error
    ncba: float_ack transfer_ack callback notification_xml notification_json statement error
    pesalink_ack eft_ack rtgs_ack account_validation
"""
APP = typer.Typer()
APP.command()(decode)


def run(*arguments: str, stdin: bytes = b"") -> Any:
    """The command's result."""
    return CliRunner().invoke(APP, list(arguments), input=stdin)


def test_a_message_is_shown_as_json_with_every_key(tmp_path: Path) -> None:
    (tmp_path / "callback.json").write_bytes(notice(0, items=PAID))
    found = run("mpesa", "stk_callback", str(tmp_path / "callback.json"), "--json")
    assert found.exit_code == 0
    shown = json.loads(found.stdout)
    assert set(shown) == KEYS
    assert (shown["verdict"], shown["retryable"]) == ("settled", False)
    assert (shown["amount_minor"], shown["currency"]) == (15_000, "KES")
    assert (shown["receipt"], shown["our_reference"]) == ("TK72ABC9XY", None)


def test_a_message_is_shown_to_people_one_key_a_line() -> None:
    found = run("mpesa", "stk_callback", "-", stdin=notice(1032, "cancelled 254712000111"))
    lines = dict(line.split(maxsplit=1) for line in found.stdout.splitlines())
    assert set(lines) == KEYS
    assert (lines["verdict"], lines["reason"]) == ("refused", "payer_cancelled")
    assert (lines["receipt"], lines["provider_message"]) == ("-", "cancelled *********111")


def test_a_card_number_is_not_shown_whoever_sent_it() -> None:
    card = "4111 1111 1111 1111"
    named = dict.fromkeys(("id", "client_reference", "transaction_id", "checkout_status"), card)
    for flags in ([], ["--json"]):
        found = run("wave", "session", "-", *flags, stdin=json.dumps(named).encode())
        assert (found.exit_code, "1111" in found.stdout) == (0, False)
        assert found.stdout.count("[card number]") == 4


def test_the_http_status_belongs_to_the_message() -> None:
    accepted = run("momo", "requesttopay_ack", "-", "--http-status", "202", "--json")
    assumed = run("momo", "requesttopay_ack", "-", "--json")
    assert json.loads(accepted.stdout)["verdict"] == "pending"
    assert json.loads(assumed.stdout)["verdict"] == "unknown"


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"<html>", b"[" * 99_999, b'{"a":NaN}'])
def test_what_cannot_be_read_is_a_reading_too(body: bytes) -> None:
    found = run("mpesa", "error", "-", "--json", stdin=body)
    assert found.exit_code == 0
    assert json.loads(found.stdout)["reason"] == "unreadable"


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("orange", "callback", "-"),
        ("momo", "stk_callback", "-"),
        ("momo", "callback"),
        ("momo", "callback", "/nowhere/at/all"),
        ("momo", "callback", "/"),
        ("momo", "callback", "-", "--http-status", "9"),
        ("momo", "callback", "-", "--nonsense"),
    ],
)
def test_only_a_wrong_command_line_ends_with_two(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_the_list_names_every_message_of_every_sender() -> None:
    wanted: list[str] = []
    for word in LISTED.split():
        if word.endswith(":"):
            sender = word.removesuffix(":")
        else:
            wanted.append(f"{sender} {word}")
    assert run("--list").stdout.splitlines() == wanted
    as_json = json.loads(run("--list", "--json").stdout)
    assert [f"{name} {message}" for name in as_json for message in as_json[name]] == wanted
