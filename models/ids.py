"""Every id, and how one is derived from another. One function each.

Ids minted in the accept row are UUIDv7 shown as a prefix and lower-case Crockford base32
(26 characters, sorts by time). Everything else derives from them.
"""

import base64
import hashlib
import hmac
import os
import time
import uuid
from datetime import date
from functools import lru_cache

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_CROCKFORD = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}

CHECKOUT, PAYMENT, ATTEMPT = "cs", "pay", "att"
EVENT, ENDPOINT, ORG, CASE = "evt", "we", "org", "case"
EVIDENCE, KEY = "evd", "key"
LOAN, TOPUP, FLOAT_PURCHASE, COLLECTION = "ld", "tu", "fp", "c2b"
REFUND, PAYOUT, BATCH, ESCROW, CLEARING = "rf", "po", "pb", "esc", "cm"
BATCH_ROW = "pbr"
INSTRUCTION, MESSAGE = "ins", "msg"
CREDENTIAL, USER, PRODUCT = "cred", "usr", "prod"
MAINTENANCE = "mw"
LINK, RECEIPT = "pl", "rc"

#: House accounts (floats, fees, suspense) belong to this fixed organisation.
PLATFORM_ORG = uuid.UUID("00000000-0000-7000-8000-000000000001")


class BadId(ValueError):
    """The text is not an id of the expected kind."""


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562 version 7). Not for use inside workflows."""
    millis = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    value = (millis & (2**48 - 1)) << 80 | 0x7 << 76 | (noise >> 68) << 64
    value |= 0b10 << 62 | noise & (2**62 - 1)
    return uuid.UUID(int=value)


@lru_cache(maxsize=4096)
def shown(prefix: str, value: uuid.UUID) -> str:
    """The public form: `pay_01j…`."""
    # 160 bits make 32 letters; the last 26 are the id. Thirteen times in an accepted request.
    letters = base64.b32encode(bytes(4) + value.bytes)[6:].translate(_CROCKFORD)
    return f"{prefix}_{letters.decode()}"


def parsed(prefix: str, text: str) -> uuid.UUID:
    """The UUID behind a public id; raises BadId for any other text."""
    head, _, tail = text.partition("_")
    if head != prefix or len(tail) != 26 or tail[0] > "7" or set(tail) - _VALUES.keys():
        raise BadId(f"{text[:40]!r} is not a {prefix}_… id")
    number = 0
    for letter in tail:
        number = number * 32 + _VALUES[letter]
    return uuid.UUID(int=number)


def prefix_of(text: str) -> str:
    """The kind of thing a public id names."""
    return text.partition("_")[0]


def mint(prefix: str) -> str:
    """A new public id."""
    return shown(prefix, uuid7())


def momo_reference(attempt_id: str) -> str:
    """MTN's X-Reference-Id: 128 bits of SHA-256 with the version-4 bits set."""
    return str(uuid.UUID(bytes=hashlib.sha256(attempt_id.encode()).digest()[:16], version=4))


def account_reference(attempt_id: str) -> str:
    """M-Pesa's AccountReference: `K` and 10 characters people can read to each other."""
    number = int.from_bytes(hashlib.sha256(attempt_id.encode()).digest()[:7], "big")
    return "K" + "".join(ALPHABET[number >> 5 * i & 31] for i in range(10)).upper()


def top_up_reference(topup_id: str) -> str:
    """What a partner writes on a bank transfer: `KT` and 8 letters people can read."""
    number = int.from_bytes(hashlib.sha256(topup_id.encode()).digest()[:5], "big")
    return "KT" + "".join(ALPHABET[number >> 5 * i & 31] for i in range(8)).upper()


def originator_reference(instruction_id: str) -> str:
    """M-Pesa's OriginatorConversationID: `K` and 18 letters; documents speak of under 20."""
    number = int.from_bytes(hashlib.sha256(instruction_id.encode()).digest()[:12], "big")
    return "K" + "".join(ALPHABET[number >> 5 * i & 31] for i in range(18)).upper()


def plain_hex(instruction: str) -> str:
    """An instruction's id for a provider that takes letters and digits only (Airtel Money)."""
    return parsed(INSTRUCTION, instruction).hex


def instruction_id(saga_id: str, rail: str, number: int) -> str:
    """The id of a saga's instruction: its number on its rail, and nothing else."""
    name = hashlib.sha256(f"{saga_id}/{rail}/{number}".encode()).digest()[:16]
    return shown(INSTRUCTION, uuid.UUID(bytes=name, version=5))


def callback_path(owner_id: str, slug: str, key: bytes) -> str:
    """The neutral, unguessable path one attempt, instruction or credential is called back on.

    Lower hex only.
    """
    owner = parsed(prefix_of(owner_id), owner_id).hex
    return f"/in/{slug}/{owner}.{callback_tag(slug, owner, key)}"


def page_path(kind: str, owner: uuid.UUID, key: bytes) -> str:
    """The unguessable path of a payer's page: `pay` of a session, `l` of a payment link."""
    return f"/{kind}/{owner.hex}.{callback_tag(kind, owner.hex, key)}"


def callback_tag(slug: str, owner_hex: str, key: bytes) -> str:
    """HMAC-SHA256 over the slug and the path's owner, 32 hex digits."""
    return hmac.new(key, f"{slug}/{owner_hex}".encode(), hashlib.sha256).hexdigest()[:32]


def body_digest(owner: str, raw: bytes) -> str:
    """What makes two callbacks the same: SHA-256 over the path's owner and the raw body."""
    return hashlib.sha256(owner.encode() + b"\0" + raw).hexdigest()


def fineract_key(
    *, tenant: str, loan: int, receipt: str, op: str, amount_minor: int, on: date, try_number: int
) -> str:
    """Fineract's Idempotency-Key: 48 hex digits, for its column holds 50 and ignores the loan."""
    parts = (tenant, loan, receipt, op, amount_minor, on.isoformat(), try_number)
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:48]


def settled_entry(attempt_id: str) -> str:
    """Ledger entry of an attempt whose money arrived as asked."""
    return f"{attempt_id}/settled"


def suspense_entry(attempt_id: str, cause: str) -> str:
    """Ledger entry of money that nobody could be credited with yet."""
    return f"{attempt_id}/{cause}"
