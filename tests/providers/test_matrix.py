"""docs/providers.md says what the registry holds."""

import pytest

from providers.matrix import BEGIN, END, main, matrix, written
from providers.registry import known
from tests.providers.sheets.outsider import PROVIDER


def test_the_page_is_current() -> None:
    assert main(["--check"]) == 0


def test_a_capability_is_a_slot_that_is_filled() -> None:
    table = matrix([*known(plugins=[]).values(), PROVIDER])
    assert "| `mpesa` | yes | yes | yes | yes | yes | no | no |" in table
    assert "| `outsider` | no | no | no | no | no | no | no | `note` |" in table


def test_only_what_is_between_the_marks_is_written() -> None:
    assert written(f"a\n{BEGIN}\nold\n{END}\nb", "new") == f"a\n{BEGIN}\nnew\n{END}\nb"
    with pytest.raises(ValueError, match="has no"):
        written("no marks", "new")
