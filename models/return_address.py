"""Back to the merchant with a result it can check: its own address and a signed query.

Signed is what our parameters say, sorted by name and encoded as a form: HMAC-SHA256 in hex under
the merchant's secret. Whatever else the address holds stays as it is.
"""

import hmac
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

PREFIX, SIGNED_AS = "kauri_", "kauri_signature"


def returned(url: str, told: Mapping[str, str], secret: str) -> str:
    """The address with what is told, each name with our prefix, and its signature."""
    text = urlencode(sorted((f"{PREFIX}{name}", value) for name, value in told.items()))
    parts = urlsplit(url)
    query = f"{parts.query}&" if parts.query else ""
    signed = f"{query}{text}&{SIGNED_AS}={_signature(text, secret)}"
    return urlunsplit((parts.scheme, parts.netloc, parts.path, signed, parts.fragment))


def is_ours(url: str, secret: str) -> bool:
    """Whether we signed what the address tells; what a merchant does with its own secret."""
    pairs = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    told = [pair for pair in pairs if pair[0].startswith(PREFIX) and pair[0] != SIGNED_AS]
    signatures = [value for name, value in pairs if name == SIGNED_AS]
    ours = _signature(urlencode(sorted(told)), secret)
    return len(signatures) == 1 and hmac.compare_digest(ours.encode(), signatures[0].encode())


def _signature(text: str, secret: str) -> str:
    return hmac.digest(secret.encode(), text.encode(), "sha256").hex()
