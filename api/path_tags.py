"""Who a callback path belongs to: its tag proves that we made it."""

import hmac
import re

from api.errors import NotFound, SignatureWrong
from api.parts import Parts
from models import ids

_OWNER = re.compile(r"([0-9a-f]{32})\.([0-9a-f]{32})")


def verified(parts: Parts, slug: str, token: str) -> str:
    """The path's owner in hex. Raises NotFound for another shape, SignatureWrong for a forgery."""
    match = _OWNER.fullmatch(token)
    if match is None:
        raise NotFound("no such path")
    owner, tag = match.groups()
    ours = ids.callback_tag(slug, owner, parts.settings.callback_secret)
    if not hmac.compare_digest(ours, tag):
        raise SignatureWrong("the tag is not ours")
    return owner


def check_platform(parts: Parts, slug: str, token: str) -> None:
    """The platform's standing path of that slug, and no other. Raises SignatureWrong."""
    owner = ids.PLATFORM_ORG.hex
    ours = f"{owner}.{ids.callback_tag(slug, owner, parts.settings.callback_secret)}"
    if not hmac.compare_digest(ours.encode(), token.encode()):
        raise SignatureWrong("the tag is not ours")
