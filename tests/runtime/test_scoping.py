"""Every table of an organisation is walled in, and every exception is written down."""

import psycopg

from tests.conftest import Urls

_OWNED = """
select t.table_name, c.relrowsecurity and c.relforcerowsecurity,
  exists (select 1 from pg_policies p where p.tablename = t.table_name
    and p.policyname = 'org_scope')
  from information_schema.columns t join pg_class c on c.relname = t.table_name
 where t.table_schema = 'public' and t.column_name = 'org_id' and c.relkind = 'r'"""
_POLICIES = "select tablename, policyname from pg_policies where policyname <> 'org_scope'"
_EXCEPTIONS = "select table_name, policy_name from rls_exceptions where reason <> ''"


def asked(urls: Urls, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(urls.admin) as connection:
        return connection.execute(statement).fetchall()


def test_every_table_of_an_organisation_is_scoped_to_it(urls: Urls) -> None:
    tables = asked(urls, _OWNED)
    assert {"credentials", "authorised_users", "loan_products"} <= {row[0] for row in tables}
    ledger = {row[0] for row in tables if not row[2]}
    assert [row[0] for row in tables if not row[1]] == []
    assert ledger <= {name for name, _policy in asked(urls, _POLICIES)}


def test_every_exception_from_the_scope_is_written_down_with_its_reason(urls: Urls) -> None:
    assert set(asked(urls, _POLICIES)) == set(asked(urls, _EXCEPTIONS))


def test_an_application_without_a_scope_sees_nothing_of_partners(urls: Urls) -> None:
    with psycopg.connect(urls.app) as connection:
        for table in ("credentials", "authorised_users", "loan_products", "data_keys"):
            assert connection.execute(f"select count(*) from {table}").fetchone() == (0,)
