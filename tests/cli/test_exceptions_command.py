"""`kauri exceptions`: what waits for people, and the word of two."""

import json
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from cli.exceptions import exceptions_app

KEYS = ["--key", "kk_test_a", "--approver-key", "kk_test_b", "--reason", "the payer called"]


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was asked of an API that agrees to everything."""
    calls: list[dict[str, Any]] = []

    def request(method: str, url: str, **more: Any) -> httpx.Response:
        calls.append({"method": method, "path": httpx.URL(url).raw_path.decode(), **more})
        row = {"id": "case_1", "kind": "unmatched_collection", "about": "c2b_1"}
        return httpx.Response(200, json={"data": [row], "status": "allocated"})

    monkeypatch.setattr(httpx, "request", request)
    return calls


def test_open_exceptions_are_listed(sent: list[dict[str, Any]]) -> None:
    ended = CliRunner().invoke(exceptions_app, ["list", "--key", "kk_test_a", "--json"])
    assert json.loads(ended.output)["data"][0]["about"] == "c2b_1"
    assert [(one["method"], one["path"]) for one in sent] == [
        ("GET", "/v1/operator/exceptions?state=open")
    ]


def test_an_allocation_carries_account_reason_and_second_person(
    sent: list[dict[str, Any]],
) -> None:
    ended = CliRunner().invoke(exceptions_app, ["allocate", "c2b_1", "L12", *KEYS])
    assert ended.exit_code == 0
    [call] = sent
    assert call["path"] == "/v1/operator/collections/c2b_1/decide"
    assert call["json"] == {"word": "allocate", "account": "L12", "reason": "the payer called"}
    assert call["headers"]["Kauri-Approver"] == "Bearer kk_test_b"


def test_any_other_word_is_sent_as_it_is(sent: list[dict[str, Any]]) -> None:
    CliRunner().invoke(exceptions_app, ["decide", "c2b_1", "refunded", *KEYS])
    assert sent[0]["json"] == {"word": "refunded", "reason": "the payer called"}
