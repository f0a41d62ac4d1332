"""What is counted: requests as they are served, payments when somebody asks (GET /metrics)."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import Scope

from runtime.database import Database

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
# Ids are ordered by time, so "made since" is a range of the primary key.
_PAYMENTS = """
select p.status, coalesce(a.provider, 'none') as provider, count(*) as payments
  from payments p left join lateral (select provider from attempts where payment_id = p.id
    order by number desc limit 1) a on true
 where p.id >= %s group by 1, 2"""
_TIME_TO_FINAL = """
select percentile_disc(array[0.5, 0.95, 0.99]) within group
    (order by extract(epoch from updated_at - created_at)) as seconds
  from payments where id >= %s and status in ('succeeded','canceled','reversed')"""
_OPEN = """
select count(*) filter (where status = 'unknown') as unknown,
       count(*) filter (where needs_review) as review
  from payments where status in ('unknown','processing','requires_action') or needs_review"""
_BACKLOG = """
select 'starts' as queue, count(*) as rows,
       coalesce(extract(epoch from now() - min(accepted_at)), 0) as lag
  from starts where started_at is null
union all
select 'inbox', count(*), coalesce(extract(epoch from now() - min(received_at)), 0)
  from inbox where delivered_at is null"""
_MESSAGES = "select channel, state, count(*) as messages from messages where id >= %s group by 1, 2"
_GATEWAYS = "select gateway, coalesce(open_until > now(), false) as resting from gateway_health"
_RAILS = """
select h.provider, h.country, h.operation, h.state, (select count(*) from rail_queue q
    where (q.provider, q.operation) = (h.provider, h.operation) and q.freed_at is null) as waiting
  from rail_health h"""
_QUANTILES = ("0.5", "0.95", "0.99")


class Metrics:
    """One registry per application, so that tests do not share counts."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Histogram(
            "kauri_http_request_seconds",
            "Time to answer, by route template.",
            ["method", "route", "status"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self._refused = Counter(
            "kauri_callbacks_refused",
            "Messages for M-Pesa's addresses from sources that are not listed.",
            ["slug"],
            registry=self._registry,
        )
        self._series: dict[tuple[str, str, int], Any] = {}
        self._payments = self._gauge(
            "kauri_payments_last_day", "Payments made in 24 hours.", "status", "provider"
        )
        self._final = self._gauge(
            "kauri_payment_seconds_to_final", "Time to the final state, last hour.", "quantile"
        )
        self._unknown = self._gauge("kauri_payments_unknown", "Payments whose outcome is unknown.")
        self._review = self._gauge("kauri_payments_in_review", "Payments a person has to look at.")
        self._backlog = self._gauge("kauri_relay_backlog", "Rows not handed over yet.", "queue")
        self._lag = self._gauge("kauri_relay_lag_seconds", "Age of the oldest such row.", "queue")
        self._messages = self._gauge(
            "kauri_messages_last_day", "Messages made in 24 hours.", "channel", "state"
        )
        self._resting = self._gauge(
            "kauri_gateway_resting", "1 while nothing is sent by the gateway.", "gateway"
        )
        rail = ("provider", "country", "operation")
        self._rails = self._gauge("kauri_rail", "1 for where the rail stands.", *rail, "state")
        self._waiting = self._gauge("kauri_rail_waiting", "Runs that wait for the rail.", *rail)

    def served(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request under its route template."""
        route = getattr(scope.get("route"), "path", "none")
        key = (scope["method"], route, status)
        series = self._series.get(key)
        if series is None:
            series = self._series[key] = self._requests.labels(key[0], key[1], str(status))
        series.observe(seconds)

    def refused(self, slug: str) -> None:
        """Count one message from a source that is not listed."""
        self._refused.labels(slug).inc()

    async def page(self, database: Database) -> bytes:
        """Every metric in Prometheus text format. Raises psycopg errors."""
        now = datetime.now(UTC)
        async with database.system() as connection:
            await connection.execute("set local statement_timeout = 5000")
            day = [_id_at(now - timedelta(days=1))]
            self._count(await (await connection.execute(_PAYMENTS, day)).fetchall())
            hour = [_id_at(now - timedelta(hours=1))]
            times = await (await connection.execute(_TIME_TO_FINAL, hour)).fetchone()
            unresolved = await (await connection.execute(_OPEN)).fetchone()
            queues = await (await connection.execute(_BACKLOG)).fetchall()
            messages = await (await connection.execute(_MESSAGES, day)).fetchall()
            gateways = await (await connection.execute(_GATEWAYS)).fetchall()
            rails = await (await connection.execute(_RAILS)).fetchall()
        self._tell(times or {}, unresolved or {}, queues)
        self._tell_messages(messages, gateways)
        self._tell_rails(rails)
        return generate_latest(self._registry)

    def _tell_rails(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._rails.clear()
        for row in rows:
            rail = (row["provider"], row["country"], row["operation"])
            self._rails.labels(*rail, row["state"]).set(1)
            self._waiting.labels(*rail).set(row["waiting"])

    def _count(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self._payments.clear()
        for row in rows:
            self._payments.labels(row["status"], row["provider"]).set(row["payments"])

    def _tell(
        self,
        times: Mapping[str, Any],
        unresolved: Mapping[str, Any],
        queues: Sequence[Mapping[str, Any]],
    ) -> None:
        self._final.clear()
        for quantile, seconds in zip(_QUANTILES, times.get("seconds") or (), strict=False):
            self._final.labels(quantile).set(seconds)
        self._unknown.set(unresolved.get("unknown", 0))
        self._review.set(unresolved.get("review", 0))
        for row in queues:
            self._backlog.labels(row["queue"]).set(row["rows"])
            self._lag.labels(row["queue"]).set(row["lag"])

    def _tell_messages(
        self, messages: Sequence[Mapping[str, Any]], gateways: Sequence[Mapping[str, Any]]
    ) -> None:
        self._messages.clear()
        for row in messages:
            self._messages.labels(row["channel"], row["state"]).set(row["messages"])
        for row in gateways:
            self._resting.labels(row["gateway"]).set(row["resting"])

    def _gauge(self, name: str, meaning: str, *labels: str) -> Gauge:
        return Gauge(name, meaning, labels, registry=self._registry)


def _id_at(moment: datetime) -> UUID:
    """The smallest UUIDv7 of a moment."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
