"""The whole stack, or parts of it, in one state folder."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg

from cli.seed import seed
from cli.stack import namespace, postgres
from cli.stack.children import Children, Component
from cli.stack.environment import Urls
from cli.stack.plan import COMPONENTS, Kind, Plan, Wishes
from cli.stack.state import State
from migrations.runner import migrate
from runtime.settings import Settings


def _silent(_line: str) -> None:
    """Say nothing."""


class Stack:
    """Starts, stops, kills and restarts components; data and ports stay the same.

    Calls block; from a coroutine use `asyncio.to_thread`. `components` limits what runs here.
    `env` is added to what our processes are told; `wait_scale` multiplies the waits of sagas.
    `temporal`: "dev" or "server" (the real one); None means what this folder used last.
    `usual_ports=False` leaves the usual ports alone, as tests should.
    """

    def __init__(
        self,
        state_dir: Path | str,
        *,
        components: Sequence[str] = COMPONENTS,
        env: Mapping[str, str] | None = None,
        wait_scale: float = 1.0,
        temporal: Kind | None = None,
        usual_ports: bool = True,
        say: Callable[[str], None] = _silent,
    ) -> None:
        if unknown := set(components) - set(COMPONENTS):
            raise ValueError(f"{', '.join(sorted(unknown))}: one of {', '.join(COMPONENTS)}")
        wishes = Wishes(
            components=tuple(components),
            env=dict(env or {}),
            wait_scale=wait_scale,
            temporal=temporal,
            usual_ports=usual_ports,
        )
        self.state = State(Path(state_dir))
        self.children = Children(self.state)
        self.plan = Plan(self.state, wishes, say)
        self._say = say
        self._launched: dict[str, Component] = {}
        #: The demo merchant's key: set by the start that made it, and kept nowhere.
        self.api_key: str | None = None

    def start(self) -> Urls:
        """Start what does not run yet, in order; undo that if something fails.

        Raises ChildDied with the child's last log lines, StackBusy, NoProgram or NoPostgres.
        """
        with self.state.alone():
            self.state.create()
            before = self.running()
            self._refuse_other_kind(before)
            self.plan.settle(set(before))
            try:
                self._bring_up()
            except BaseException:
                self._take_down([n for n in self.children.remembered() if n not in before])
                raise
        return self.urls

    def stop(self) -> list[str]:
        """Stop everything, in reverse order; returns what was running."""
        if not self.state.path.exists():
            return []
        with self.state.alone():
            running = self.running()
            self._take_down(self.children.remembered())
        return running

    def erase(self) -> None:
        """Stop everything and forget all data."""
        self.stop()
        self.state.erase()

    def kill(self, name: str) -> None:
        """SIGKILL a component with all its descendants, as a power cut would."""
        self.children.kill(name)

    def restart(self, name: str) -> None:
        """Stop a component if it runs, and start it on the same data and port."""
        self.children.stop(name)
        component = self.plan.component(name)
        self.children.launch(component)
        self.children.wait_ready(component)

    def running(self) -> list[str]:
        """Names of the components that run."""
        return [name for name in COMPONENTS if self.children.alive(name)]

    def dead(self) -> list[str]:
        """Names of the components that were started, not stopped, and run no more."""
        return [name for name in self.children.remembered() if not self.children.alive(name)]

    @property
    def urls(self) -> Urls:
        """Where everything is. KeyError before the first start."""
        return self.plan.urls

    def settings(self) -> Settings:
        """The settings our processes run with. KeyError before the first start."""
        told = {
            **self.plan.environment,
            "KAURI_DATABASE_ADMIN_URL": self.urls.database_admin,
        }
        names = {name: f"KAURI_{name.upper()}" for name in Settings.model_fields}
        given: dict[str, Any] = {name: told[key] for name, key in names.items() if key in told}
        return Settings(**given)

    def _refuse_other_kind(self, running: list[str]) -> None:
        other = self.state.read().get("temporal", self.plan.kind) != self.plan.kind
        if other and "temporal" in running:
            raise ValueError("the other kind of Temporal server is running: `kauri down` first")

    def _bring_up(self) -> None:
        names = self.plan.names
        needs_nothing = {
            "postgres",
            "simulators",
            *(["temporal"] if self.plan.kind == "dev" else []),
        }
        self._launch([name for name in names if name in needs_nothing])
        self._database(names)
        self._launch([name for name in names if name != "worker"])
        if "temporal" in names:
            self._await("temporal")
        if self.plan.wants_namespace:
            self._note("namespace", lambda: namespace.ensure(self.plan.place))
        self._launch(names)
        for name in names:
            if name not in {"postgres", "temporal"}:
                self._await(name)

    def _database(self, names: list[str]) -> None:
        """PostgreSQL, ours or the one named by DATABASE_URL, with schema and demo merchant."""
        if not self.plan.wants_database:
            return
        urls, secrets = self.urls, self.state.secrets()
        if "postgres" in names:
            self._await("postgres")
            base = postgres.admin_url(self.state, self.plan.ports["postgres"], "postgres")
            postgres.ensure_database(base, postgres.DATABASE)
        self._note("migrations", lambda: _migrate(urls.database_admin, secrets["app_password"]))
        if not self.state.read().get("seeded"):
            self.api_key = seed(urls.database)
            self.state.remember(seeded=True)

    def _launch(self, names: list[str]) -> None:
        for name in names:
            if not self.children.alive(name):
                self._launched[name] = self.plan.component(name)
                self.children.launch(self._launched[name])

    def _await(self, name: str) -> None:
        component = self._launched.pop(name, None)
        if component is None:
            self._say(f"{name} runs already")
            return
        self._note(name, lambda: self.children.wait_ready(component))

    def _note(self, what: str, work: Callable[[], object]) -> None:
        started = time.monotonic()
        work()
        self._say(f"{what} ready ({time.monotonic() - started:.1f} s)")

    def _take_down(self, names: list[str]) -> None:
        for name in reversed([name for name in COMPONENTS if name in names]):
            self.children.stop(name)
            self._say(f"{name} stopped")


def _migrate(admin_url: str, app_password: str) -> None:
    try:
        migrate(admin_url, app_password)
    except psycopg.OperationalError as error:
        raise RuntimeError(f"the database cannot be used: {error}") from error
