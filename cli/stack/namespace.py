"""The namespace and its search attributes: registered through the API, used only once usable."""

import asyncio
import socket
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.api.workflowservice.v1 import (
    CountWorkflowExecutionsRequest,
    DescribeNamespaceRequest,
    RegisterNamespaceRequest,
    UpdateNamespaceRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from workflows.attributes import MODE, ORG, PROVIDER, STATUS

RETENTION = timedelta(days=30)
ATTRIBUTES = tuple(key.name for key in (STATUS, PROVIDER, ORG, MODE))
_PATIENCE = 60.0
_USABLE = " and ".join(f"{name} = 'x'" for name in ATTRIBUTES)

T = TypeVar("T")


class NamespaceUnusable(RuntimeError):
    """The namespace or its search attributes cannot be used; says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A namespace on a server, and how to get in."""

    address: str
    namespace: str
    api_key: str = ""
    tls: bool = False

    async def client(self) -> Client:
        """A client of the namespace. Raises RuntimeError when nothing answers."""
        return await Client.connect(
            self.address, namespace=self.namespace, api_key=self.api_key or None, tls=self.tls
        )


def answers(place: Place) -> bool:
    """True when a Temporal server is serving there."""
    host, _, port = place.address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=2).close()
        return _apart(lambda: _healthy(place))
    except (OSError, RuntimeError, RPCError):
        return False


def ensure(place: Place) -> None:
    """Register namespace and attributes and wait until both work. Raises NamespaceUnusable."""
    _apart(lambda: _ensure(place))


def missing(place: Place) -> list[str]:
    """Search attributes the namespace lacks. Raises RPCError when there is no such namespace."""
    return _apart(lambda: _missing(place))


def _apart(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run in a thread of its own: callers may already be inside an event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(work())).result()


async def _healthy(place: Place) -> bool:
    client = await place.client()
    return await client.service_client.check_health(timeout=timedelta(seconds=2))


async def _missing(place: Place) -> list[str]:
    client = await place.client()
    await client.workflow_service.describe_namespace(
        DescribeNamespaceRequest(namespace=place.namespace)
    )
    return await _absent(client)


async def _ensure(place: Place) -> None:
    client = await place.client()
    await _until(lambda: _register(client), "the namespace cannot be registered")
    await _until(lambda: _add_attributes(client), "the search attributes cannot be registered")
    await _until(lambda: _try_query(client), "the search attributes are not usable")


async def _until(step: Callable[[], Coroutine[Any, Any, None]], problem: str) -> None:
    """Repeat a step until the server accepts it: its caches take about a second to follow."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return await step()
        except RPCError as error:
            if error.status == RPCStatusCode.PERMISSION_DENIED or time.monotonic() > deadline:
                raise NamespaceUnusable(f"{problem}: {error.message}") from error
        await asyncio.sleep(0.1)


async def _register(client: Client) -> None:
    """Create the namespace, or bring its retention to what we need; then see it."""
    kept = Duration(seconds=int(RETENTION.total_seconds()))
    service = client.workflow_service
    known = DescribeNamespaceRequest(namespace=client.namespace)
    try:
        described = await service.describe_namespace(known)
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:
            raise
        await service.register_namespace(
            RegisterNamespaceRequest(
                namespace=client.namespace, workflow_execution_retention_period=kept
            )
        )
        described = await service.describe_namespace(known)
    if described.config.workflow_execution_retention_ttl.seconds < kept.seconds:
        config = NamespaceConfig(workflow_execution_retention_ttl=kept)
        await service.update_namespace(
            UpdateNamespaceRequest(namespace=client.namespace, config=config)
        )


async def _add_attributes(client: Client) -> None:
    absent = await _absent(client)
    if absent:
        keyword = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=client.namespace, search_attributes=dict.fromkeys(absent, keyword)
            )
        )


async def _absent(client: Client) -> list[str]:
    listed = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return [name for name in ATTRIBUTES if name not in listed.custom_attributes]


async def _try_query(client: Client) -> None:
    await client.workflow_service.count_workflow_executions(
        CountWorkflowExecutionsRequest(namespace=client.namespace, query=_USABLE)
    )
