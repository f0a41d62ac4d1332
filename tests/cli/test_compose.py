"""The compose file and the image: checked by structure; no Docker engine is needed."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from providers.momo.settings import MomoSettings
from providers.mpesa.settings import MpesaSettings
from runtime.settings import Settings

ROOT = Path(__file__).parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.temporal.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
JOBS = {"temporal-schema", "migrate"}
OURS = {"migrate", "simulators", "api", "worker"}
EXAMPLE = dict(
    line.split("=", 1)
    for line in (ROOT / ".env.example").read_text().splitlines()
    if line and not line.startswith("#")
)
SETTINGS = {
    *(f"KAURI_{name.upper()}" for name in Settings.model_fields),
    *(f"MPESA_{name.upper()}" for name in MpesaSettings.model_fields),
    *(f"MOMO_{name.upper()}" for name in MomoSettings.model_fields),
}


def test_every_part_of_the_stack_is_there() -> None:
    assert set(SERVICES) == {"postgres", "temporal", "temporal-ui", *JOBS, *OURS}


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_nothing_runs_as_root_and_every_server_has_a_health_check(name: str) -> None:
    service = SERVICES[name]
    assert service["user"] not in {"root", "0"}
    health = service["healthcheck"]
    assert health == {"disable": True} if name in JOBS else health["test"]


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_services_use_the_settings_there_are(name: str) -> None:
    told = SERVICES[name].get("environment", {})
    assert set(told) - SETTINGS == set()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_what_a_service_waits_for_exists_and_can_be_reached(name: str) -> None:
    for other, how in SERVICES[name].get("depends_on", {}).items():
        wanted = "service_completed_successfully" if other in JOBS else "service_healthy"
        assert how == {"condition": wanted}


def test_api_and_worker_wait_for_the_migrations() -> None:
    assert "migrate" in SERVICES["api"]["depends_on"]
    assert "migrate" in SERVICES["worker"]["depends_on"]
    assert "KAURI_DATABASE_ADMIN_URL" not in SERVICES["api"]["environment"]


def test_no_secret_has_a_default_and_the_example_names_every_variable() -> None:
    text = (ROOT / "docker-compose.temporal.yml").read_text()
    used = dict(re.findall(r"(?<!\$)\$\{(\w+)(:[-?][^}]*)\}", text))
    defaulted = {name for name, rule in used.items() if rule.startswith(":-")}
    assert defaulted == {"KAURI_ENV", "KAURI_PUBLIC_URL"}
    assert set(used) == set(EXAMPLE)
    ours = [name for name in EXAMPLE if name.startswith(("KAURI_", "POSTGRES_"))]
    filled = {name for name in ours if EXAMPLE[name]}
    assert filled == {"KAURI_ENV", "KAURI_PUBLIC_URL"}


def test_ports_are_published_on_this_machine_only() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_a_worker_may_finish_its_longest_call() -> None:
    seconds = int(SERVICES["worker"]["stop_grace_period"].removesuffix("s"))
    assert seconds > Settings().graceful_shutdown_seconds


def test_the_image_runs_as_nobody_special_from_hashed_locks() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    users = [line.split()[1] for line in lines if line.startswith("USER ")]
    assert users == ["10001"]
    assert any("--require-hashes -r requirements/run.txt" in line for line in lines)
    assert any(line.startswith("HEALTHCHECK") for line in lines)


def test_the_image_gets_every_package_and_no_state() -> None:
    allowed = {
        line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line[0] == "!"
    }
    pyproject = (ROOT / "pyproject.toml").read_text()
    packages = re.search(r"^packages = \[(.*)\]$", pyproject, re.MULTILINE)
    assert packages is not None
    assert set(re.findall(r'"(\w+)"', packages.group(1))) <= allowed
    assert not {".env", ".kauri", ".git", "tests"} & allowed
