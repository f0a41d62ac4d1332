"""A real TLS server: the connection goes to an address, the certificate is held to the name."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from runtime.egress import Egress

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def _certificate(folder: Path) -> Path:
    """A self-signed certificate for shop.example, with its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("shop.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path = folder / "shop.pem"
    path.write_bytes(pem)
    return path


class Shop:
    """A server on the loopback that notes the Host of what it was sent."""

    def __init__(self, certificate: Path) -> None:
        self.heard: list[str] = []
        self.port = 0
        self.client = ssl.create_default_context(cafile=str(certificate))
        self._server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._server.load_cert_chain(certificate)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.heard += [line[6:] for line in head.split("\r\n") if line.startswith("Host: ")]
        writer.write(ANSWER)
        await writer.drain()
        writer.close()

    async def open(self) -> asyncio.Server:
        server = await asyncio.start_server(self.answer, "127.0.0.1", 0, ssl=self._server)
        self.port = server.sockets[0].getsockname()[1]
        return server


async def _loopback(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    made = Shop(_certificate(tmp_path))
    server = await made.open()
    yield made
    server.close()


async def _post(shop: Shop, host: str, tls: ssl.SSLContext | None) -> tuple[int | None, str | None]:
    egress = Egress(allow_internal=True, resolve=_loopback, tls=tls)
    answer = await egress.post(f"https://{host}:{shop.port}/", headers={}, body=b"{}")
    await egress.close()
    return answer.status, answer.error


async def test_the_certificate_of_the_name_is_accepted_although_an_address_was_called(
    shop: Shop,
) -> None:
    assert await _post(shop, "shop.example", shop.client) == (200, None)
    assert shop.heard == [f"shop.example:{shop.port}"]


@pytest.mark.parametrize(("host", "trusted"), [("other.example", True), ("shop.example", False)])
async def test_another_name_or_an_unknown_issuer_is_refused_before_anything_is_sent(
    shop: Shop, host: str, trusted: bool
) -> None:
    status, error = await _post(shop, host, shop.client if trusted else None)
    assert (status, error) == (None, "the TLS certificate or handshake was refused")
    assert shop.heard == []
