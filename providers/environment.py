"""What every provider's settings have in common: where they come from and what is refused."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from models.money import EXPONENTS
from providers.wire import near


class ProviderSettings(BaseSettings):
    """Environment variables under `env_prefix`, or files named by `<PREFIX><FIELD>_FILE`.

    Another prefix is chosen by the caller: `MpesaSettings(_env_prefix="MPESA_LIVE_")`.
    Errors never quote the value they refuse.
    """

    model_config = SettingsConfigDict(extra="ignore", hide_input_in_errors=True, frozen=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - no .env beside secrets
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - files are named one by one
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over variables, variables over files."""
        prefix = env_settings.env_prefix if isinstance(env_settings, EnvSettingsSource) else ""
        return init_settings, env_settings, _NamedFiles(settings_cls, prefix)


class _NamedFiles(PydanticBaseSettingsSource):
    """Values kept in files, each file named by a variable: how containers hand over secrets."""

    def __init__(self, settings_cls: type[BaseSettings], prefix: str) -> None:
        super().__init__(settings_cls)
        self._prefix = prefix

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002 - signature of the base class
        path = os.environ.get(f"{self._prefix}{field_name}_FILE".upper())
        value = Path(path).read_text(encoding="utf-8").strip() if path else None
        return value, field_name, False

    def __call__(self) -> dict[str, Any]:
        named = {
            name: self.get_field_value(field, name)[0]
            for name, field in self.settings_cls.model_fields.items()
        }
        return {name: value for name, value in named.items() if value is not None}


def _safe_url(url: str) -> str:
    """Credentials travel in headers: clear text only to this machine or a compose neighbour."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and near(host)):
        raise ValueError("must be https (http only to this machine or a single-label host)")
    if parts.username or parts.query or parts.fragment:
        raise ValueError("must be a plain base address")
    return url.rstrip("/")


def one_of(names: Collection[str]) -> AfterValidator:
    """Refuses every other word, and says which there are."""

    def known(name: str) -> str:
        if name not in names:
            raise ValueError(f"must be one of {', '.join(names)}")
        return name

    return AfterValidator(known)


def is_secure(url: str | None) -> bool:
    """Whether the address is https: pages take no other to lead back to."""
    return url is not None and urlsplit(url).scheme == "https"


def _secure(url: str) -> str:
    if not is_secure(url):
        raise ValueError("must be https")
    return url


BaseUrl = Annotated[str, AfterValidator(_safe_url)]
Currency = Annotated[str, one_of(EXPONENTS)]
SecureUrl = Annotated[str, AfterValidator(_secure)]
