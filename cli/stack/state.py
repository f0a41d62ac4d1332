"""The state folder: ports, process ids, secrets, logs and data of one stack."""

import base64
import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: What is generated for a new state folder. Every value is random.
_PASSWORDS = ("admin_password", "app_password", "temporal_password", "codec_token")
_KEYRINGS = ("codec_keys", "vault_keys")
_KEYS = ("callback_key", "lookup_key")


class StackBusy(RuntimeError):
    """Another `kauri up` or `down` is at work on the same state folder."""


class State:
    """One folder. Root keeps it passable (0711) so that PostgreSQL's own user reaches its data."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.logs = self.path / "logs"
        self._file = self.path / "state.json"
        self._secrets = self.path / "secrets.json"
        self._lock = self.path / "lock"

    def create(self) -> None:
        """Make the folder and its secrets, once."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        self.logs.mkdir(mode=0o700, exist_ok=True)
        (self.path / ".gitignore").write_text("*\n")
        if not self._secrets.exists():
            _write_private(self._secrets, _generated())

    def read(self) -> dict[str, Any]:
        """What is remembered; empty for a new folder."""
        try:
            remembered: dict[str, Any] = json.loads(self._file.read_text())
        except FileNotFoundError:
            return {}
        return remembered

    def remember(self, **facts: Any) -> None:
        """Keep facts beside those already there."""
        _write_private(self._file, {**self.read(), **facts})

    def secrets(self) -> dict[str, str]:
        """The secrets of this stack. Raises FileNotFoundError before `create`."""
        known: dict[str, str] = json.loads(self._secrets.read_text())
        return known

    def erase(self) -> None:
        """Forget everything, data included. Only a folder that is ours is touched."""
        outside = self.read().get("database_folder")
        if outside:
            shutil.rmtree(outside, ignore_errors=True)
        if not self._secrets.exists():
            return
        for entry in self.path.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry != self._lock:
                entry.unlink()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder while starting or stopping. Raises StackBusy."""
        self.path.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StackBusy(f"another kauri is at work on {self.path}: wait for it") from None
            yield


def _generated() -> dict[str, str]:
    return {
        **{name: secrets.token_hex(20) for name in _PASSWORDS},
        **{name: f"k1:{_key()}" for name in _KEYRINGS},
        **{name: _key() for name in _KEYS},
    }


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _write_private(path: Path, content: dict[str, Any]) -> None:
    """Replace a file in one step, readable by its owner only."""
    fresh = path.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file, indent=2)
    fresh.replace(path)
