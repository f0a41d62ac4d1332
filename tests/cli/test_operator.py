"""What operators see in a narrow terminal."""

import pytest

from cli.calls import show
from cli.operator import _SHOWN

PAYMENT = "pay_" + "0123456789" * 2 + "abcdef"


def test_an_id_is_never_cut_because_the_next_command_needs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    row = dict.fromkeys(_SHOWN, "x" * 40) | {"id": PAYMENT}
    show({"data": [row]}, _SHOWN, as_json=False)
    assert PAYMENT in capsys.readouterr().out
