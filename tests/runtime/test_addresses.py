"""The shape of a webhook URL, and what counts as a public address."""

import pytest

from runtime.addresses import UrlRefused, checked_url, is_public

SHAPES = [
    "http://shop.example/",
    "ftp://shop.example/",
    "file:///etc/passwd",
    "gopher://shop.example/",
    "//shop.example/",
    "shop.example",
    "",
    "https://",
    "https:///path",
    "https://user@shop.example/",
    "https://user:word@shop.example/",
    "https://@shop.example/",
    "https://shop.example@127.0.0.1/",
    "https://shop.example:22/",
    "https://shop.example:80/",
    "https://shop.example:99999/",
    "https://shop.example:x/",
    "https://localhost/",
    "https://postgres/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[fe80::1%25eth0]/",
    "https://[::1",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://127.1/",
    "https://127.0.0.0x1/",
    "https://shop.example./",
    "https://shop..example/",
    "https://.shop.example/",
    "https://-shop.example/",
    "https://shop。example/",
    "https://127。0。0。1/",
    "https://127.0.0.1/",
    "https://ⓛocalhost.example/",
    "https://shop.example\\@127.0.0.1/",
    "https://shop.example\t/",
    "https://shop.example/\r\nHost: inner",
    "https://shop.example /",
    "https://127.0.0.1%2f@shop.example/",
    "https://shop%2eexample/",
    "https://" + "a" * 64 + ".example/",
    "https://" + "a." * 127 + "example/",
    "https://shop.example/" + "a" * 2048,
]


@pytest.mark.parametrize("url", SHAPES)
def test_a_url_of_another_shape_is_refused(url: str) -> None:
    with pytest.raises(UrlRefused):
        checked_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/hook?shop=1",
        "https://SHOP.example:8443",
        "https://xn--caf-dma.example/",
        "https://93.184.215.14/",
        "https://[2606:4700::6810:84e5]:443/",
        "https://_hooks.shop.example/",
    ],
)
def test_a_plain_public_url_is_kept_as_it_is(url: str) -> None:
    assert str(checked_url(url)).lower().rstrip("/") == url.lower().replace(":443/", "/").rstrip(
        "/"
    )


@pytest.mark.parametrize("url", ["http://localhost:9001/hook", "http://127.0.0.1:80/"])
def test_internal_hosts_are_named_only_under_the_test_setting(url: str) -> None:
    assert checked_url(url, allow_internal=True).scheme == "http"
    with pytest.raises(UrlRefused):
        checked_url(url)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "100.128.0.1", "2a00:1450::1"])
def test_neighbours_of_closed_blocks_are_public(address: str) -> None:
    assert is_public(address)
