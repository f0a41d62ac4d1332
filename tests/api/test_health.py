"""Health, metrics, and the documentation that needs no network."""

import json
from typing import Any

from api.errors import every_problem
from api.openapi import COMMITTED, document
from migrations.newest import newest
from migrations.runner import head
from models import ids

MPESA = {"method": "mpesa", "payer": {"phone": "+254700000001"}}


async def test_a_healthy_process_is_ready(world: Any) -> None:
    assert (await world.client().get("/healthz")).json() == {"status": "ok"}
    ready = await world.client().get("/readyz")
    assert ready.status_code == 200
    assert {name for name, check in ready.json()["checks"].items() if check["ok"]} >= {
        "database",
        "migrations",
        "temporal",
    }


async def test_without_temporal_requests_are_accepted_and_readiness_says_so(world: Any) -> None:
    world.temporal.serving = False
    ready = await world.client().get("/readyz")
    check = ready.json()["checks"]["temporal"]
    assert (ready.status_code, check["ok"], check["required"]) == (200, False, False)
    assert "ConnectionRefusedError" in check["detail"]


async def test_an_old_schema_is_not_ready(world: Any) -> None:
    ((now,),) = world.sql("select version_num from alembic_version")
    world.sql("update alembic_version set version_num = '0001'")
    try:
        ready = await world.client().get("/readyz")
    finally:
        world.sql("update alembic_version set version_num = %s", now)
    assert ready.status_code == 503
    assert "0001" in ready.json()["checks"]["migrations"]["detail"]


def test_the_newest_revision_is_alembics_head() -> None:
    assert newest() == head()


async def test_rows_nobody_hands_over_are_seen(world: Any) -> None:
    await world.created(confirm=MPESA)
    world.sql("update starts set accepted_at = now() - interval '5 minutes'")
    check = (await world.client().get("/readyz")).json()["checks"]["relay"]
    assert check["ok"] is False
    assert "worker" in check["detail"]


async def test_metrics_count_requests_by_template_and_payments_by_status(world: Any) -> None:
    world.sql("truncate checkouts, payments, attempts, starts, inbox cascade")
    paid = await world.created(confirm=MPESA)
    unknown = await world.created(confirm=MPESA)
    world.attempt_ends(paid, "succeeded", "succeeded")
    world.attempt_ends(unknown, "unknown", "unknown")
    await world.http.get(f"/v1/payments/{paid['payment']['id']}")
    page = (await world.client().get("/metrics")).text
    assert 'route="/v1/payments/{payment}",status="200"} 1.0' in page
    assert 'kauri_payments_last_day{provider="mpesa",status="succeeded"} 1.0' in page
    assert "kauri_payments_unknown 1.0" in page
    assert 'kauri_relay_backlog{queue="starts"} 2.0' in page
    assert 'kauri_payment_seconds_to_final{quantile="0.5"}' in page
    assert str(world.org) not in page
    assert ids.shown(ids.ORG, world.org) not in page


async def test_the_documentation_loads_nothing_from_elsewhere(world: Any) -> None:
    http = world.client()
    page = await http.get("/docs")
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for part in page.text.split('"'):
        if part.startswith("/docs/"):
            found = await http.get(part)
            assert (found.status_code, bool(found.content)) == (200, True)
    assert (await http.get("/docs/swagger-ui.LICENSE")).status_code == 404


async def test_every_problem_is_explained_where_its_type_points(world: Any) -> None:
    page = (await world.client().get("/docs/problems")).text
    assert all(f'<tr id="{one.code}">' in page for one in every_problem())


def test_the_committed_description_is_the_one_of_the_code() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == document(), "python -m api.openapi --write"


def test_the_description_names_problems_and_shows_examples() -> None:
    described = json.loads(document())
    create = described["paths"]["/v1/checkouts"]["post"]
    problem = create["responses"]["409"]["content"]["application/problem+json"]["schema"]
    assert problem["$ref"].rpartition("/")[2] in described["components"]["schemas"]
    examples = described["components"]["schemas"]["CreateCheckout"]["examples"]
    assert examples[0]["confirm"]["method"] == "mpesa"
    assert create["security"] == [{"api_key": []}]
    assert "HTTPValidationError" not in json.dumps(described)
