"""How every process speaks to Temporal: one data converter, one way to connect."""

import dataclasses
import logging
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)
from temporalio.runtime import (
    LogForwardingConfig,
    LoggingConfig,
    PrometheusConfig,
    Runtime,
    TelemetryConfig,
    TelemetryFilter,
)

from runtime.codec import SealingCodec
from runtime.settings import Settings, keyring


class _Json(PydanticJSONPlainPayloadConverter):
    """Type adapters of the process, not of the run: the SDK makes a converter for every run."""

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """Read JSON as that type. Raises pydantic.ValidationError."""
        return _adapter(Any if type_hint is None else type_hint).validate_json(payload.data)


class Payloads(CompositePayloadConverter):
    """The SDK's converters, with JSON by pydantic."""

    def __init__(self) -> None:
        usual = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(
            *(_Json() if isinstance(one, JSONPlainPayloadConverter) else one for one in usual)
        )


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def data_converter(settings: Settings) -> DataConverter:
    """Pydantic payloads, sealed; failure messages and stacks sealed as well."""
    return dataclasses.replace(
        DataConverter(
            payload_converter_class=Payloads,
            failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
        ),
        payload_codec=SealingCodec(keyring(settings.codec_keys)),
    )


async def connect(settings: Settings, *, lazy: bool = False) -> Client:
    """A client of the namespace. `lazy`: connect at the first call, so boot never waits."""
    return await Client.connect(
        settings.temporal_address,
        namespace=settings.temporal_namespace,
        api_key=settings.temporal_api_key.get_secret_value() or None,
        tls=settings.temporal_tls,
        data_converter=data_converter(settings),
        lazy=lazy,
        runtime=_runtime(settings.metrics_port),
    )


@cache
def _runtime(metrics_port: int) -> Runtime:
    """One per process. The SDK's own lines go through our log, not to standard output."""
    told = LogForwardingConfig(logger=logging.getLogger("temporalio.core"))
    levels = TelemetryFilter(core_level="WARN", other_level="ERROR")
    metrics = PrometheusConfig(bind_address=f"127.0.0.1:{metrics_port}") if metrics_port else None
    lines = LoggingConfig(filter=levels, forwarding=told)
    return Runtime(telemetry=TelemetryConfig(logging=lines, metrics=metrics))
