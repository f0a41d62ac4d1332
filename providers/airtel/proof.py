"""The hash of Airtel's callbacks, and the PIN of its payouts. Nothing here prints either."""

import base64
import hmac
import json
from collections.abc import Iterator, Mapping

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from providers.airtel.settings import AirtelSettings
from providers.wire import Fields, parse, text

#: One source has the hash in the body, another in a header.
_HEADERS = ("hash", "x-hash", "x-signature")


class BadKey(ValueError):
    """The app's public key cannot be read, or is none of RSA."""


def hashed(key: str, payload: bytes) -> str:
    """Base64 of HMAC-SHA256."""
    return base64.b64encode(hmac.digest(key.encode(), payload, "sha256")).decode()


def is_from_airtel(settings: AirtelSettings, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether a callback carries the hash. Without a key its secret address is the only proof.

    Which bytes are hashed is not established: every reading of the documents will do.
    """
    key = settings.callback_key.get_secret_value()
    if not key:
        return True
    answer = parse(body) or {}
    sent = [headers.get(name, "") for name in _HEADERS] + [text(answer.get("hash")) or ""]
    ours = [hashed(key, payload) for payload in _payloads(body, answer)]
    return any(
        hmac.compare_digest(one.encode(), other.encode()) for one in ours for other in sent if other
    )


def sealed_pin(settings: AirtelSettings) -> str:
    """The PIN under the app's public key, in base64. Raises BadKey."""
    scheme: padding.AsymmetricPadding = padding.PKCS1v15()
    if settings.pin_padding == "oaep":
        scheme = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None)
    pin = settings.pin.get_secret_value().encode()
    return base64.b64encode(_key(settings.public_key).encrypt(pin, scheme)).decode()


def _payloads(body: bytes, answer: Fields) -> Iterator[bytes]:
    yield body
    bare = {name: value for name, value in answer.items() if name != "hash"}
    for document in (bare, answer.get("transaction")):
        yield _compact(document)


def _compact(document: object) -> bytes:
    try:
        return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
    except (TypeError, ValueError):
        return b""


def _key(told: str) -> RSAPublicKey:
    try:
        if "BEGIN" in told:
            key = serialization.load_pem_public_key(told.encode())
        else:
            key = serialization.load_der_public_key(base64.b64decode(told, validate=True))
    except ValueError:
        raise BadKey("the public key is neither PEM nor base64 DER") from None
    if not isinstance(key, RSAPublicKey):
        raise BadKey("the public key is none of RSA")
    return key
