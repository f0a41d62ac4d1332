"""What a stack will be made of: which components, on which ports, told what."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cli.stack import environment, ours, postgres, resolver, temporal, temporal_config
from cli.stack import programs as go
from cli.stack import temporal_server as real_server
from cli.stack.children import Component
from cli.stack.environment import Urls
from cli.stack.namespace import Place
from cli.stack.ports import choose, is_free
from cli.stack.programs import Say
from cli.stack.state import State

Kind = Literal["dev", "server"]

#: In the order they start; they stop in the reverse order.
COMPONENTS = ("postgres", "simulators", "temporal", "ui", "api", "worker")
#: PostgreSQL's own 5432 is left to servers of the system.
USUAL_PORTS = {"postgres": 15432, "temporal": 7233, "ui": 8233, "simulators": 8090, "api": 8080}
_PORTS = (*USUAL_PORTS, "mail", "codec", *temporal_config.inner_ports())


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the caller asks of a stack; see Stack."""

    components: tuple[str, ...] = COMPONENTS
    env: Mapping[str, str] = field(default_factory=dict)
    wait_scale: float = 1.0
    temporal: Kind | None = None
    usual_ports: bool = True


class Plan:
    """Reads and settles what the state folder remembers."""

    def __init__(self, state: State, wishes: Wishes, say: Say) -> None:
        self._state = state
        self._wishes = wishes
        self._say = say

    @property
    def kind(self) -> Kind:
        """The development server, or the real one: as asked, else as last time."""
        remembered: Kind = self._state.read().get("temporal", "dev")
        return self._wishes.temporal or remembered

    @property
    def wants_database(self) -> bool:
        """True when the database, ours or DATABASE_URL's, is this stack's to bring up."""
        return "postgres" in self._wishes.components

    @property
    def wants_namespace(self) -> bool:
        """True when the namespace, here or at TEMPORAL_ADDRESS, is this stack's to bring up."""
        return "temporal" in self._wishes.components

    @property
    def names(self) -> list[str]:
        """Components to run here, in order; what is reached by address is not ours to run."""
        elsewhere = set()
        if os.environ.get("DATABASE_URL"):
            elsewhere.add("postgres")
        if os.environ.get("TEMPORAL_ADDRESS"):
            elsewhere.update(("temporal", "ui"))
        if self.kind == "dev":
            elsewhere.add("ui")
        wanted = set(self._wishes.components) - elsewhere
        return [name for name in COMPONENTS if name in wanted]

    def settle(self, alive: set[str]) -> None:
        """Choose ports and remember them. A port stays unless a stranger listens on it."""
        if self.kind == "server" and os.environ.get("DATABASE_URL"):
            raise ValueError(
                "--temporal server keeps its data in the embedded PostgreSQL: "
                "unset DATABASE_URL, or set TEMPORAL_ADDRESS to your own server"
            )
        before: dict[str, int] = self._state.read().get("ports", {})
        settled: dict[str, int] = {}
        for name in _PORTS:
            usual = before.get(name) or (
                USUAL_PORTS.get(name, 0) if self._wishes.usual_ports else 0
            )
            kept = name in before and (owner(name) in alive or is_free(before[name]))
            settled[name] = before[name] if kept else choose(usual, settled.values())
        self._state.remember(ports=settled, temporal=self.kind)
        if not alive:
            self._state.remember(wait_scale=self._wishes.wait_scale)

    @property
    def ports(self) -> dict[str, int]:
        """The settled ports by name. KeyError before the first start."""
        ports: dict[str, int] = self._state.read()["ports"]
        return ports

    @property
    def urls(self) -> Urls:
        """Where everything is. KeyError before the first start."""
        at = {name: f"127.0.0.1:{port}" for name, port in self.ports.items()}
        given = os.environ.get("DATABASE_URL")
        admin = given or postgres.admin_url(self._state, self.ports["postgres"])
        return Urls(
            api=f"http://{at['api']}",
            docs=f"http://{at['api']}/docs",
            temporal=os.environ.get("TEMPORAL_ADDRESS", at["temporal"]),
            temporal_ui="" if os.environ.get("TEMPORAL_ADDRESS") else f"http://{at['ui']}",
            simulators=f"http://{at['simulators']}",
            mail_port=self.ports["mail"],
            codec=f"http://{at['codec']}/{self._state.secrets()['codec_token']}",
            database=environment.app_url(admin, self._state),
            database_admin=admin,
        )

    @property
    def environment(self) -> dict[str, str]:
        """What our own processes are told."""
        wishes = self._wishes
        return environment.variables(
            self.urls, self._state, wait_scale=wishes.wait_scale, extra=wishes.env
        )

    @property
    def place(self) -> Place:
        """The namespace, and how to get in."""
        told = self.environment
        return Place(
            address=self.urls.temporal,
            namespace=told["KAURI_TEMPORAL_NAMESPACE"],
            api_key=told.get("KAURI_TEMPORAL_API_KEY", ""),
            tls=told.get("KAURI_TEMPORAL_TLS", "").lower() in {"1", "true", "yes", "on"},
        )

    def component(self, name: str) -> Component:
        """How to run one component now. Raises NoProgram or NoPostgres when it cannot be."""
        ports, state = self.ports, self._state
        if name == "postgres":
            return postgres.component(state, ports["postgres"])
        if name == "temporal":
            return self._temporal()
        if name == "ui":
            return real_server.ui_component(
                state, go.obtain(go.UI, self._say), ports, self.urls.codec
            )
        if name == "simulators":
            return ours.simulators(ports["simulators"], state.path / "simulators", self.environment)
        if name == "api":
            return ours.api(ports["api"], self.environment)
        return ours.worker(state.logs / "worker.log", self.environment)

    def _temporal(self) -> Component:
        if self.kind == "dev":
            program = resolver.temporal(self._say)
            return temporal.component(self._state, program, self.ports, self.urls.codec)
        programs = real_server.Programs(
            server=go.obtain(go.SERVER, self._say), sql=go.obtain(go.SQL, self._say)
        )
        return real_server.component(self._state, programs, self.ports)


def owner(port: str) -> str:
    """The component that listens on a port."""
    if port == "mail":
        return "simulators"
    return port if port in COMPONENTS and port != "ui" else "temporal"
