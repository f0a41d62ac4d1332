"""Rails as their rows have them, seen and set by hand."""

import json
from typing import Any

import psycopg

from models import ids

_STAND = """
insert into rail_health (provider, country, operation, state, trials, until)
values (%s, %s, %s, %s, %s, now())
on conflict (provider, country, operation) do update set state = excluded.state,
  trials = excluded.trials, until = now(), counted_from = now(), drained_at = null"""
_TABLES = ("rail_health", "rail_queue", "rail_outcomes", "rail_changes", "rail_windows")


class Rails:
    """Empty at first: no rail is known of and nothing waits."""

    def __init__(self, admin: str) -> None:
        self._admin = admin
        for table in (*_TABLES, "rail_watchers", "deliveries", "events", "webhook_endpoints"):
            self.sql(f"delete from {table}")

    def sql(self, statement: str, *values: Any) -> list[Any]:
        """Run one statement as the administrator."""
        with psycopg.connect(self._admin, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def stand(
        self,
        provider: str,
        state: str,
        *,
        country: str = "KE",
        operation: str = "collect",
        trials: int = 0,
    ) -> None:
        """The rail stands there from now on."""
        self.sql(_STAND, provider, country, operation, state, trials)

    def stands(self, provider: str) -> str:
        """Where its collections stand."""
        found = self.sql(
            "select state from rail_health where provider = %s and operation = 'collect'", provider
        )
        return str(found[0][0])

    def later(self, seconds: float) -> None:
        """So much time has passed for every rail."""
        for table, columns in (
            ("rail_health", ("since", "counted_from", "until", "probed_at", "drained_at")),
            ("rail_outcomes", ("at",)),
            ("rail_windows", ("starts_at", "ends_at")),
        ):
            moved = ", ".join(f"{one} = {one} - interval '{seconds} s'" for one in columns)
            self.sql(f"update {table} set {moved}")

    def wait(self, number: int, *, workflow_id: str = "", provider: str = "mpesa") -> None:
        """One more waits for its collection, after the others."""
        org = ids.PLATFORM_ORG
        self.sql(
            "insert into rail_queue (waits_as, org_id, livemode, workflow_id, provider, operation)"
            " values (%s, %s, false, %s, %s, 'collect')",
            *[f"att_{number}", org, workflow_id or f"cs_{number}", provider],
        )

    def waiting(self) -> list[str]:
        """Whose runs wait, in order."""
        rows = self.sql(
            "select workflow_id from rail_queue where freed_at is null order by queued_at, waits_as"
        )
        return [row[0] for row in rows]

    def listener(self, *types: str, state: str = "enabled", livemode: bool = False) -> Any:
        """An organisation with an endpoint for these events; its id."""
        org = ids.uuid7()
        self.sql("insert into orgs (id, kind, name) values (%s, 'merchant', 'Acme')", org)
        self.sql(
            "insert into webhook_endpoints (id, org_id, livemode, url, event_types, state,"
            " secret_sealed) values (%s, %s, %s, 'https://shop.example', %s, %s, '')",
            *[ids.uuid7(), org, livemode, list(types), state],
        )
        return org

    def told(self) -> list[tuple[Any, str, int, Any]]:
        """Who was told what: organisation, event, its number, the object."""
        rows = self.sql(
            "select org_id, type, sequence, data->'object' from events"
            " where starts_with(type, 'provider.') order by org_id, sequence"
        )
        return [(org, kind, number, _plain(shown)) for org, kind, number, shown in rows]


def _plain(shown: Any) -> Any:
    return json.loads(shown) if isinstance(shown, str) else shown
