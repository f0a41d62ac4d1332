"""The way back to the merchant carries a result that only we could have signed."""

import pytest

from models.return_address import is_ours, returned

SECRET = "rs_" + "a" * 64
TOLD = {"checkout": "cs_1", "status": "succeeded", "reference": "order 1&2", "amount": "125000"}
URL = "https://shop.example/thanks?basket=7#top"


def test_the_merchants_own_address_keeps_its_query_and_its_place() -> None:
    url = returned(URL, TOLD, SECRET)
    assert url.startswith("https://shop.example/thanks?basket=7&kauri_amount=125000&")
    assert "kauri_reference=order+1%262" in url
    assert url.endswith("#top")
    assert is_ours(url, SECRET)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("kauri_status=succeeded", "kauri_status=canceled"),
        ("kauri_amount=125000", "kauri_amount=1"),
        ("kauri_amount=125000&", ""),
        ("kauri_signature=", "kauri_signature=0"),
        ("kauri_signature=", "kauri_other="),
        ("basket=7&", "basket=7&kauri_extra=1&"),
    ],
)
def test_whatever_is_changed_is_seen(old: str, new: str) -> None:
    url = returned(URL, TOLD, SECRET)
    assert old in url
    assert not is_ours(url.replace(old, new), SECRET)


def test_another_merchants_secret_signs_something_else() -> None:
    assert not is_ours(returned(URL, TOLD, "rs_b"), SECRET)


def test_the_merchants_own_words_are_not_signed_and_may_change() -> None:
    assert is_ours(returned(URL, TOLD, SECRET).replace("basket=7", "basket=8"), SECRET)
