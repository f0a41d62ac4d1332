"""Organisations and keys for them. A key is shown once and kept as a digest only."""

from collections.abc import Sequence
from uuid import UUID

import psycopg

from api.keys import MERCHANT_SCOPES, PARTNER_SCOPES, digest, new_key
from models.ids import uuid7

DEMO_MERCHANT = "Demo merchant"
_ORG = "insert into orgs (id, kind, name, fee_basis_points) values (%s, 'merchant', %s, 225)"
_NEW = "insert into orgs (id, kind, name) values (%s, %s, %s)"
_KEY = """insert into api_keys (id, org_id, livemode, principal, prefix, digest, scopes)
          values (%s, %s, %s, %s, %s, %s, %s)"""


def seed(database_url: str, name: str = DEMO_MERCHANT) -> str:
    """Make a merchant and give back its test key. `database_url` is the application's."""
    org = uuid7()
    with psycopg.connect(database_url) as connection:
        connection.execute("set local role kauri_system")
        connection.execute(_ORG, [org, name])
        return _mint(connection, org, livemode=False, principal="demo", scopes=MERCHANT_SCOPES)


def seed_partner(
    database_url: str, name: str, *, livemode: bool = False, principal: str = "administrator"
) -> tuple[UUID, str]:
    """Make a partner and give back its id and a key of its administrator."""
    return _made(database_url, ("partner", name, principal), PARTNER_SCOPES, livemode=livemode)


def seed_merchant(
    database_url: str, name: str, *, livemode: bool = False, principal: str = "administrator"
) -> tuple[UUID, str]:
    """Make a merchant we take no fee from yet, and give back its id and a key."""
    return _made(database_url, ("merchant", name, principal), MERCHANT_SCOPES, livemode=livemode)


def mint_key(
    database_url: str,
    org: UUID,
    *,
    livemode: bool = False,
    principal: str = "command line",
    scopes: Sequence[str] = MERCHANT_SCOPES,
) -> str:
    """Another key of an organisation that exists."""
    with psycopg.connect(database_url) as connection:
        connection.execute("set local role kauri_system")
        return _mint(connection, org, livemode=livemode, principal=principal, scopes=scopes)


def _made(
    database_url: str, who: tuple[str, str, str], scopes: Sequence[str], *, livemode: bool
) -> tuple[UUID, str]:
    """A new organisation of a kind and a name, and a key for the principal."""
    org, (kind, name, principal) = uuid7(), who
    with psycopg.connect(database_url) as connection:
        connection.execute("set local role kauri_system")
        connection.execute(_NEW, [org, kind, name])
        return org, _mint(connection, org, livemode=livemode, principal=principal, scopes=scopes)


def _mint(
    connection: psycopg.Connection[tuple[object, ...]],
    org: UUID,
    *,
    livemode: bool,
    principal: str,
    scopes: Sequence[str],
) -> str:
    key = new_key(livemode=livemode)
    row = [uuid7(), org, livemode, principal, key[:12], digest(key), list(scopes)]
    connection.execute(_KEY, row)
    return key
