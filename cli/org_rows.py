"""Organisations, their terms and their keys, as whoever runs the platform sees them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

Row = dict[str, Any]

_LIST = "select id, kind, name from orgs order by created_at, id"
_TERMS = """
select kind, name, fee_basis_points, fee_fixed_minor, tax_basis_points, duplicate_reference,
       confirm_payouts, return_fee_on_reversal, return_fee_on_refund from orgs where id = %s"""
_KEYS = """
select prefix, principal, livemode, scopes, created_at, expires_at, revoked_at from api_keys
 where org_id = %s order by created_at, id"""
_REVOKE = """
update api_keys set revoked_at = coalesce(revoked_at, now())
 where org_id = %s and prefix = %s returning prefix"""


def organisations(database_url: str) -> list[Row]:
    """Every organisation, oldest first."""
    return _rows(database_url, _LIST, [])


def terms(database_url: str, org: UUID) -> Row | None:
    """What was agreed with an organisation; None where there is none of that id."""
    found = _rows(database_url, _TERMS, [org])
    return found[0] if found else None


def agree(database_url: str, org: UUID, changed: Mapping[str, Any]) -> None:
    """Set these columns of the organisation; they count for what is accepted from now on."""
    columns = [sql.SQL("{} = %s").format(sql.Identifier(name)) for name in changed]
    update = sql.SQL("update orgs set {} where id = %s returning id").format(
        sql.SQL(", ").join(columns)
    )
    _rows(database_url, update, [*changed.values(), org])


def keys(database_url: str, org: UUID) -> list[Row]:
    """An organisation's keys, oldest first; never the keys themselves."""
    return _rows(database_url, _KEYS, [org])


def revoke(database_url: str, org: UUID, prefix: str) -> int:
    """End the keys that begin so; how many there are. Doing it again changes nothing."""
    return len(_rows(database_url, _REVOKE, [org, prefix]))


def _rows(database_url: str, query: str | sql.Composed, values: list[Any]) -> list[Row]:
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        connection.execute("set local role kauri_system")
        return connection.execute(query, values).fetchall()
