"""The compose file and the image: checked by structure; no Docker engine is needed."""

import re
from pathlib import Path
from typing import Any, get_origin

import pytest
import yaml
from pydantic_settings import BaseSettings

from cli.stack.environment import _SIMULATED
from providers import gateways, registry
from providers.airtel.settings import AirtelSettings
from providers.cards.settings import CardsSettings
from providers.mail.settings import MailSettings
from providers.momo.settings import MomoSettings
from providers.mpesa.settings import MpesaSettings
from providers.ncba.settings import NcbaSettings
from providers.orange.settings import OrangeSettings
from providers.orange_cm.settings import OrangeCmSettings
from providers.sms.settings import AfricasTalkingSettings, AirTouchSettings
from providers.wave.settings import WaveSettings
from runtime.partner_clients import DarajaSettings
from runtime.settings import Settings
from simulators.settings import Settings as Simulated

ROOT = Path(__file__).parent.parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.temporal.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
JOBS = {"temporal-schema", "migrate"}
OURS = {"migrate", "simulators", "api", "worker"}
_LINES = (ROOT / ".env.example").read_text().splitlines()
EXAMPLE = dict(line.split("=", 1) for line in _LINES if line and not line.startswith("#"))
#: What the example leaves to whoever needs it.
_OPTIONAL = {hit[1] for line in _LINES if (hit := re.match(r"#([A-Z]+_[A-Z_]+)=", line))}
_READ: tuple[type[BaseSettings], ...] = (
    Settings, MpesaSettings, DarajaSettings, MomoSettings, WaveSettings, AirtelSettings,
    OrangeSettings, OrangeCmSettings,
    CardsSettings, NcbaSettings, AirTouchSettings, AfricasTalkingSettings,
    MailSettings, Simulated,
)  # fmt: skip
#: Not for API and workers, each with its reason.
_KEPT_AWAY = {
    "KAURI_DATABASE_ADMIN_URL": "for the migrations only",
    "KAURI_FAULTPOINTS": "refused in production",
    "KAURI_WEBHOOK_ALLOW_INTERNAL": "refused in production",
}


def variables(settings: type[BaseSettings], *, words: bool = False) -> set[str]:
    """What it reads; or only words, switches and secrets: numbers have defaults that serve."""
    prefix = settings.model_config["env_prefix"]
    return {
        f"{prefix}{name.upper()}"
        for name, field in settings.model_fields.items()
        if not words
        or (field.annotation not in {int, float} and get_origin(field.annotation) is not tuple)
    }


SETTINGS = {name for settings in _READ for name in variables(settings)}
PASSED: dict[str, str | None] = COMPOSE["x-environment"]


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


def test_the_simulators_can_be_told_every_address_they_call() -> None:
    called = {name for name in variables(Simulated) if name.endswith("_URL")}
    assert {"SIMULATOR_WAVE_WEBHOOK_URL", "SIMULATOR_AIRTEL_CALLBACK_URL"} < called
    assert called - SERVICES["simulators"]["environment"].keys() == set()


@pytest.mark.parametrize("settings", [one for one in _READ if one is not Simulated])
def test_whatever_names_or_proves_somebody_reaches_api_and_workers(
    settings: type[BaseSettings],
) -> None:
    needed = variables(settings, words=True) - _KEPT_AWAY.keys()
    assert needed - PASSED.keys() == set()
    assert [name for name in _KEPT_AWAY if name in PASSED] == []


def test_what_kauri_up_tells_its_processes_is_told_to_containers_too() -> None:
    told = {name: EXAMPLE.get(name) for name in _SIMULATED}
    assert told == {**_SIMULATED, "SMTP_HOST": "simulators"}
    assert told.keys() - PASSED.keys() == set()


def test_the_example_is_a_configuration_that_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in EXAMPLE.items():
        monkeypatch.setenv(name, value)
    providers = EXAMPLE["KAURI_PROVIDERS"].split(",")
    assert list(registry.load(providers)) == providers
    named = EXAMPLE["KAURI_MESSAGE_GATEWAYS"].split(",")
    assert [gateway.name for gateway in gateways.load(named)] == named
    assert NcbaSettings().configured


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
    passed_on = set(re.findall(r"^ +([A-Z]+_[A-Z_]+):$", text, re.MULTILINE))
    assert set(used) | passed_on == set(EXAMPLE) | _OPTIONAL
    assert passed_on >= _OPTIONAL
    filled = {name for name, value in EXAMPLE.items() if value and name.startswith("KAURI_")}
    assert filled == {
        "KAURI_ENV", "KAURI_PUBLIC_URL", "KAURI_MESSAGE_GATEWAYS", "KAURI_PROVIDERS",
    }  # fmt: skip
    assert EXAMPLE["POSTGRES_PASSWORD"] == ""
    assert [name for name, value in EXAMPLE.items() if name in passed_on and not value] == []


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
