"""Ids that name nothing, and versions that are no longer the newest."""

import pytest

from api.errors import ChangedMeanwhile, NotFound
from api.naming import named
from api.versions import check_unchanged, tag
from models import ids

ROW = {"version": 3}


@pytest.mark.parametrize("text", ["", "loan", ids.mint(ids.TOPUP), ids.mint(ids.LOAN)[:-1]])
def test_a_text_that_is_no_id_of_the_kind_names_nothing(text: str) -> None:
    with pytest.raises(NotFound, match="there is no such loan"):
        named(ids.LOAN, text, "loan")


def test_an_id_of_the_kind_is_read() -> None:
    loan = ids.uuid7()
    assert named(ids.LOAN, ids.shown(ids.LOAN, loan), "loan") == loan


@pytest.mark.parametrize("sent", [None, "*", '"3"'])
def test_a_change_of_the_newest_version_passes(sent: str | None) -> None:
    check_unchanged(ROW, sent)
    assert tag(ROW) == '"3"'


@pytest.mark.parametrize("sent", ["", "3", '"2"', 'W/"3"'])
def test_a_change_of_another_version_is_refused(sent: str) -> None:
    with pytest.raises(ChangedMeanwhile):
        check_unchanged(ROW, sent)
