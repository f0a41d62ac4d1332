"""Who sent a notification, and what of it is kept. Nothing here raises."""

import hmac
from collections.abc import Mapping

from models.card_numbers import without_card_numbers
from providers.cards.settings import CardsSettings

HEADER = "X-Notification-Secret"


def is_from_gateway(settings: CardsSettings, headers: Mapping[str, str]) -> bool:
    """Whether the secret sent with it is ours. Without one set, nothing is believed.

    The secret signs nothing: whoever sees one notification can send others. `headers` are found
    by their lower-case names.
    """
    secret = settings.notification_secret.get_secret_value()
    sent = headers.get(HEADER.lower(), "").encode()
    return bool(secret) and hmac.compare_digest(sent, secret.encode())


def kept(raw: bytes) -> bytes:
    """The message as it may be stored: the gateway masks card numbers, and if it once did not,
    a nought stands there instead.
    """
    shown = raw.decode(errors="surrogateescape")
    return without_card_numbers(shown, mark="0").encode(errors="surrogateescape")
