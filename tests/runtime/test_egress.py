"""Merchant URLs: nothing that is not public is ever connected to (T11)."""
# ruff: noqa: ASYNC109 - httpcore's signatures take a timeout

import asyncio
import ssl
from collections.abc import Iterable, Sequence

import httpcore
import pytest

from models.delivery import Answer
from runtime.egress import Egress

PUBLIC = "93.184.215.14"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Stream(httpcore.AsyncNetworkStream):
    """Answers with fixed bytes; notes what was written and the name TLS asked for."""

    def __init__(self, network: "Network") -> None:
        self._network = network
        self._left = list(network.answer)

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if not self._left:
            if self._network.silent:
                await asyncio.Event().wait()
            return b""
        self._network.bytes_read += len(self._left[0])
        return self._left.pop(0)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._network.written += buffer

    async def aclose(self) -> None:
        pass

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self._network.tls_names.append(server_hostname)
        return self

    def get_extra_info(self, info: str) -> None:
        return None


class Network(httpcore.AsyncNetworkBackend):
    """Connects to nothing and writes down where to."""

    def __init__(self, *answer: bytes, silent: bool = False, dead: Sequence[str] = ()) -> None:
        self.answer = answer or (OK,)
        self.silent = silent
        self._dead = dead
        self.connected: list[tuple[str, int]] = []
        self.tls_names: list[str | None] = []
        self.written = b""
        self.bytes_read = 0

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        self.connected.append((host, port))
        if host in self._dead:
            raise httpcore.ConnectError("refused")
        return Stream(self)


class Names:
    """A resolver that gives each answer once, then the last one again; counts questions."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


async def post(url: str, network: Network, names: Names, *, internal: bool = False) -> Answer:
    egress = Egress(allow_internal=internal, resolve=names, backend=network, deadline=30.0)
    answer = await egress.post(url, headers={"webhook-id": "evt_1"}, body=b"{}")
    await egress.close()
    return answer


INNER = [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]


@pytest.mark.parametrize("address", INNER)
async def test_a_name_that_resolves_inside_is_never_connected_to(address: str) -> None:
    network = Network()
    answer = await post("https://shop.example/hook", network, Names([address]))
    assert network.connected == []
    assert answer.status is None


@pytest.mark.parametrize("address", INNER)
async def test_one_inner_answer_among_public_ones_is_enough_to_refuse(address: str) -> None:
    network = Network()
    await post("https://shop.example/hook", network, Names([PUBLIC, address]))
    assert network.connected == []


@pytest.mark.parametrize("url", ["http://shop.example/", "https://127.0.0.1/", "https://0x7f.1/"])
async def test_a_url_of_another_shape_is_not_even_resolved(url: str) -> None:
    network, names = Network(), Names([PUBLIC])
    answer = await post(url, network, names)
    assert (network.connected, names.asked) == ([], 0)
    assert (answer.error or "").startswith("not called")


async def test_the_checked_address_is_connected_to_and_the_name_kept_for_host_and_tls() -> None:
    network = Network()
    answer = await post("https://shop.example/hook?a=1", network, Names([PUBLIC]))
    assert network.connected == [(PUBLIC, 443)]
    assert network.tls_names == ["shop.example"]
    assert b"POST /hook?a=1 HTTP/1.1\r\nHost: shop.example\r\n" in network.written
    assert (answer.status, answer.excerpt) == (200, "ok")


async def test_a_name_that_changes_its_mind_after_the_check_changes_nothing() -> None:
    network, names = Network(), Names([PUBLIC], ["127.0.0.1"])
    await post("https://rebind.example/", network, names)
    assert network.connected == [(PUBLIC, 443)]
    assert names.asked == 1


async def test_the_second_call_resolves_anew_and_is_checked_anew() -> None:
    network, names = Network(), Names([PUBLIC], ["10.0.0.1"])
    egress = Egress(resolve=names, backend=network, deadline=30.0)
    network.answer = (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",)
    await egress.post("https://rebind.example/", headers={}, body=b"{}")
    second = await egress.post("https://rebind.example/", headers={}, body=b"{}")
    assert network.connected == [(PUBLIC, 443)]
    assert "not public" in (second.error or "")


async def test_a_resolver_that_fails_or_says_nothing_closes_the_door() -> None:
    async def broken(host: str, port: int) -> Sequence[str]:
        raise OSError("SERVFAIL")

    network = Network()
    egress = Egress(resolve=broken, backend=network)
    failed = await egress.post("https://shop.example/", headers={}, body=b"{}")
    empty = await post("https://shop.example/", network, Names([]))
    assert network.connected == []
    assert "cannot be resolved" in (failed.error or "")
    assert "no address" in (empty.error or "")


@pytest.mark.parametrize("inner", ["http://127.0.0.1/", "https://10.0.0.1/", "//169.254.169.254/"])
async def test_a_redirect_is_an_answer_and_is_not_followed(inner: str) -> None:
    head = f"HTTP/1.1 302 Found\r\nLocation: {inner}\r\nContent-Length: 0\r\n\r\n"
    network = Network(head.encode())
    answer = await post("https://shop.example/", network, Names([PUBLIC]))
    assert (answer.status, answer.accepted) == (302, False)
    assert network.connected == [(PUBLIC, 443)]


async def test_the_next_checked_address_is_tried_when_one_does_not_answer() -> None:
    network = Network(dead=[PUBLIC])
    answer = await post("https://shop.example/", network, Names([PUBLIC, "2606:4700::6810:84e5"]))
    assert [host for host, _ in network.connected] == [PUBLIC, "2606:4700::6810:84e5"]
    assert answer.status == 200


async def test_an_answer_is_read_to_64_kib_and_kept_to_500_characters() -> None:
    head = b"HTTP/1.1 500 No\r\nContent-Length: 10000000\r\n\r\n"
    network = Network(head, *[b"x" * 16_384] * 100)
    answer = await post("https://shop.example/", network, Names([PUBLIC]))
    assert answer.excerpt == "x" * 500
    assert network.bytes_read <= 5 * 16_384


async def test_a_server_that_never_ends_its_answer_meets_the_deadline() -> None:
    network = Network(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nab", silent=True)
    egress = Egress(resolve=Names([PUBLIC]), backend=network, deadline=0.02)
    answer = await egress.post("https://shop.example/", headers={}, body=b"{}")
    assert (answer.status, answer.error) == (None, "no answer in time")


async def test_a_broken_or_unreadable_answer_is_a_failure_and_not_an_error() -> None:
    broken = await post(
        "https://shop.example/", Network(b"\x00\x01garbage\r\n\r\n"), Names([PUBLIC])
    )
    zero = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\x00\xff!"
    odd = await post("https://shop.example/", Network(zero), Names([PUBLIC]))
    assert (broken.status, odd.status) == (None, 200)
    assert "\0" not in odd.excerpt


async def test_retry_after_comes_back_with_the_answer() -> None:
    head = b"HTTP/1.1 429 Slow\r\nRetry-After: 120\r\nContent-Length: 0\r\n\r\n"
    answer = await post("https://shop.example/", Network(head), Names([PUBLIC]))
    assert (answer.status, answer.retry_after) == (429, "120")


async def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    network = Network()
    await post("https://shop.example/", network, Names([PUBLIC]))
    assert network.connected == [(PUBLIC, 443)]


async def test_the_test_setting_opens_internal_hosts_and_plain_http() -> None:
    network = Network()
    answer = await post("http://localhost:9001/", network, Names(["127.0.0.1"]), internal=True)
    assert network.connected == [("127.0.0.1", 9001)]
    assert answer.status == 200
