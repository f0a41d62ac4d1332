"""The configuration of the real Temporal server on one machine: loopback only, few shards."""

import json
from pathlib import Path
from typing import Any

from cli.stack.temporal import TUNING
from cli.stack.temporal_schema import USER

#: The four services of one process. The frontend's gRPC port is the public one.
SERVICES = ("frontend", "history", "matching", "worker")
_SHARDS = 16
#: The server's caches are told to follow quickly: a fresh namespace is used within seconds.
_DYNAMIC = {**TUNING, "system.namespaceCacheRefreshInterval": '"1s"'}


def inner_ports() -> list[str]:
    """Names of the ports the server needs beside `temporal` and `ui`."""
    grpc = [f"{name}_grpc" for name in SERVICES if name != "frontend"]
    return [*grpc, *(f"{name}_membership" for name in SERVICES)]


def write(folder: Path, ports: dict[str, int], password: str) -> None:
    """Write both files below `folder`; JSON is YAML."""
    folder.mkdir(exist_ok=True)
    dynamic = {name: [{"value": json.loads(value)}] for name, value in _DYNAMIC.items()}
    (folder / "dynamic.yaml").write_text(json.dumps(dynamic))
    write_private(folder / "config" / "kauri.yaml", _config(folder, ports, password))


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Write a configuration that holds a secret, for its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(json.dumps(content, indent=2))


def _config(folder: Path, ports: dict[str, int], password: str) -> dict[str, Any]:
    frontend = f"127.0.0.1:{ports['temporal']}"
    return {
        "log": {"stdout": True, "level": "error"},
        "persistence": {
            "defaultStore": "default",
            "visibilityStore": "visibility",
            "numHistoryShards": _SHARDS,
            "datastores": {
                "default": {"sql": _store(ports, password, "temporal", connections=20)},
                "visibility": {
                    "sql": _store(ports, password, "temporal_visibility", connections=10)
                },
            },
        },
        "global": {
            "membership": {"maxJoinDuration": "30s", "broadcastAddress": "127.0.0.1"},
            "pprof": {"port": 0},
        },
        "services": {name: {"rpc": _rpc(ports, name)} for name in SERVICES},
        "clusterMetadata": _cluster(frontend),
        "dcRedirectionPolicy": {"policy": "noop"},
        "archival": {"history": {"state": "disabled"}, "visibility": {"state": "disabled"}},
        "publicClient": {"hostPort": frontend},
        "dynamicConfigClient": {"filepath": str(folder / "dynamic.yaml"), "pollInterval": "60s"},
    }


def _store(
    ports: dict[str, int], password: str, database: str, *, connections: int
) -> dict[str, Any]:
    return {
        "pluginName": "postgres12_pgx",  # prepares statements: half of PostgreSQL's work
        "databaseName": database,
        "connectAddr": f"127.0.0.1:{ports['postgres']}",
        "connectProtocol": "tcp",
        "user": USER,
        "password": password,
        "maxConns": connections,
        "maxIdleConns": connections,
        "maxConnLifetime": "1h",
    }


def _rpc(ports: dict[str, int], name: str) -> dict[str, Any]:
    grpc = ports["temporal"] if name == "frontend" else ports[f"{name}_grpc"]
    return {
        "grpcPort": grpc,
        "membershipPort": ports[f"{name}_membership"],
        "bindOnLocalHost": True,
    }


def _cluster(frontend: str) -> dict[str, Any]:
    return {
        "enableGlobalNamespace": False,
        "failoverVersionIncrement": 10,
        "masterClusterName": "active",
        "currentClusterName": "active",
        "clusterInformation": {
            "active": {
                "enabled": True,
                "initialFailoverVersion": 1,
                "rpcName": "frontend",
                "rpcAddress": frontend,
            }
        },
    }
