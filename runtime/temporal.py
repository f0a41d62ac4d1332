"""How every process speaks to Temporal: one data converter, one way to connect."""

import dataclasses

from temporalio.client import Client
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import DataConverter, DefaultFailureConverterWithEncodedAttributes
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

from runtime.codec import SealingCodec
from runtime.settings import Settings, keyring


def data_converter(settings: Settings) -> DataConverter:
    """Pydantic payloads, sealed; failure messages and stacks sealed as well."""
    return dataclasses.replace(
        DataConverter(
            payload_converter_class=PydanticPayloadConverter,
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
        runtime=_runtime(settings),
    )


def _runtime(settings: Settings) -> Runtime | None:
    if not settings.metrics_port:
        return None
    address = f"127.0.0.1:{settings.metrics_port}"
    return Runtime(telemetry=TelemetryConfig(metrics=PrometheusConfig(bind_address=address)))
