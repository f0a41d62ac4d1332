"""Which URLs and addresses merchant webhooks may reach. Anything not plainly public is not."""

import ipaddress
import re

import httpx

#: IPv4 blocks that are not on the public internet (IANA special-purpose registry).
_CLOSED_V4 = tuple(
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
#: Public IPv6 is 2000::/3 and nothing else: this alone shuts out ::1, ::ffff:0:0/96,
#: 64:ff9b::/96 (NAT64), fc00::/7, fe80::/10, fec0::/10 and ff00::/8.
_OPEN_V6 = ipaddress.IPv6Network("2000::/3")
_CLOSED_V6 = tuple(
    ipaddress.IPv6Network(block)
    for block in (
        "2001::/23",  # Teredo (2001::/32) and the other protocol assignments
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
_PORTS = (443, 8443)
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
_PLAIN = re.compile(r"[\x21-\x5b\x5d-\x7e]{1,2048}")  # printable ASCII, no backslash


class UrlRefused(ValueError):
    """A webhook URL of a shape we never call; the message says what to change."""


def is_public(address: str) -> bool:
    """True for an address of the public internet; False for anything unreadable."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in block for block in _CLOSED_V4)
    if ip.scope_id is not None:
        return False
    return ip in _OPEN_V6 and not any(ip in block for block in _CLOSED_V6)


def checked_url(text: str, *, allow_internal: bool = False) -> httpx.URL:
    """The URL, if its shape is one we call. Raises UrlRefused; resolves nothing."""
    if not _PLAIN.fullmatch(text):
        raise UrlRefused("use printable ASCII (an international host as xn--…), 2048 at most")
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise UrlRefused("this is not a URL") from error
    if url.scheme != "https" and not (allow_internal and url.scheme == "http"):
        raise UrlRefused("use https")
    if "@" in re.split(r"[/?#]", text.partition("://")[2])[0]:  # httpx drops an empty one
        raise UrlRefused("no user name or password in the URL")
    if url.port is not None and url.port not in _PORTS and not allow_internal:
        raise UrlRefused("use port 443 or 8443")
    _check_host(url.raw_host.decode().lower(), allow_internal=allow_internal)
    return url


def _check_host(host: str, *, allow_internal: bool) -> None:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        _check_name(host, allow_internal=allow_internal)
        return
    if not is_public(host) and not allow_internal:
        raise UrlRefused("the address is not public")


def _check_name(host: str, *, allow_internal: bool) -> None:
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise UrlRefused("the host is not a domain name")
    if _NUMBER.fullmatch(labels[-1]):  # decimal, octal and hex spellings of an address
        raise UrlRefused("write the address as four decimal numbers")
    if len(labels) == 1 and not allow_internal:
        raise UrlRefused("the host needs a domain")
