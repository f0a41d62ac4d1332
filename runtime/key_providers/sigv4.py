"""AWS Signature Version 4 for a POST with a body: as the AWS General Reference describes it.

Canonical request: method, path, query, headers in order, their names, SHA-256 of the body.
String to sign: algorithm, time, scope, SHA-256 of the canonical request. The key is derived
from the secret by date, region and service.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsKeys:
    """Who signs, for which region. `session` only with temporary credentials."""

    access_key: str
    secret_key: str = field(repr=False)
    region: str
    session: str = field(default="", repr=False)


def signed(
    url: str,
    *,
    method: str = "POST",
    service: str,
    headers: Mapping[str, str],
    body: bytes,
    keys: AwsKeys,
    now: datetime,
) -> dict[str, str]:
    """The headers to send: those given, with host, time, session and Authorization."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    place = urlsplit(url)
    sent = {name.lower(): value.strip() for name, value in headers.items()}
    sent |= {"host": place.netloc, "x-amz-date": stamp}
    if keys.session:
        sent["x-amz-security-token"] = keys.session
    names = ";".join(sorted(sent))
    lines = "".join(f"{name}:{sent[name]}\n" for name in sorted(sent))
    digest = hashlib.sha256(body).hexdigest()
    canonical = "\n".join((method, place.path or "/", place.query, lines, names, digest))
    scope = f"{stamp[:8]}/{keys.region}/{service}/aws4_request"
    hashed = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"{_ALGORITHM}\n{stamp}\n{scope}\n{hashed}"
    proof = _mac(_key(keys, stamp[:8], service), text).hex()
    credential = f"Credential={keys.access_key}/{scope}"
    sent["authorization"] = f"{_ALGORITHM} {credential}, SignedHeaders={names}, Signature={proof}"
    return sent


def _key(keys: AwsKeys, day: str, service: str) -> bytes:
    key = f"AWS4{keys.secret_key}".encode()
    for part in (day, keys.region, service, "aws4_request"):
        key = _mac(key, part)
    return key


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()
