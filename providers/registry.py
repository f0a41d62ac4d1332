"""Which providers there are. A missing or broken one stops the boot and is named."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any, TypeVar

from models.charge import Limits, Offer, Terms
from providers.contract import (
    Callbacks,
    Collects,
    Decodes,
    NamesHolders,
    PaysOut,
    Provider,
    Refunds,
    System,
    TellsBalance,
)

Client = TypeVar("Client")

#: Ours. Outsiders register `name = "package.module:PROVIDER"` under the entry point group.
BUILTIN = (
    "providers.mpesa.provider",
    "providers.momo.provider",
    "providers.wave.provider",
    "providers.airtel.provider",
    "providers.orange.provider",
    "providers.orange_cm.provider",
    "providers.cards.provider",
    "providers.camtel.provider",
)
GROUP = "kauri.providers"
#: Systems no payer pays through; each module holds a `SYSTEM`.
SYSTEMS = ("providers.mifos.system", "providers.ncba.messages")


class BadProvider(RuntimeError):
    """A provider is unknown, registered twice, cannot be imported or is not configured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A provider with its settings read."""

    provider: Provider
    settings: Any
    offer: Offer
    terms: Terms
    callbacks: Callbacks | None

    @property
    def rate(self) -> float | None:
        """Calls a second the provider takes from us; None where no limit is known."""
        told: float | None = getattr(self.settings, "calls_per_second", None)
        return told

    @property
    def payout_limits(self) -> tuple[Limits, ...]:
        """What one payout may carry."""
        told = self.provider.payout_limits
        return self.offer.limits if told is None else told(self.settings)

    def client(self) -> Collects:
        """A new client; the caller closes it. Raises BadProvider if it collects nothing."""
        if self.provider.collects is None:
            raise BadProvider(f"provider {self.provider.name!r} does not collect")
        return self.provider.collects(self.settings)

    def payer(self) -> PaysOut | None:
        """A new client that pays out; None where the provider or its settings have none."""
        return self._opened(self.provider.pays_out)

    def refunder(self) -> Refunds | None:
        """A new client that gives payments back; None as for `payer`."""
        return self._opened(self.provider.refunds)

    def teller(self) -> TellsBalance | None:
        """A new client that tells what our wallet holds; None as for `payer`."""
        return self._opened(self.provider.tells_balance)

    def namer(self) -> NamesHolders | None:
        """A new client that tells who holds a wallet; None as for `payer`."""
        return self._opened(self.provider.names_holders)

    def _opened(self, slot: Callable[[Any], Client | None] | None) -> Client | None:
        return None if slot is None else slot(self.settings)


def known(
    builtin: Iterable[str] = BUILTIN, plugins: Iterable[EntryPoint] | None = None
) -> dict[str, Provider]:
    """Every registered provider by name. Raises BadProvider."""
    found: dict[str, Provider] = {}
    for module in builtin:
        _add(found, _imported(module), origin=module)
    for plugin in entry_points(group=GROUP) if plugins is None else plugins:
        _add(found, _loaded(plugin), origin=plugin.value)
    return found


def systems(modules: Iterable[str] = SYSTEMS) -> tuple[System, ...]:
    """Systems no payer pays through. Raises BadProvider."""
    return tuple(_system(module) for module in modules)


def readers() -> dict[str, Mapping[str, Decodes]]:
    """Every message that can be read, by the name of who sends it. Raises BadProvider."""
    senders: tuple[Provider | System, ...] = (*known().values(), *systems())
    return {sender.name: sender.messages for sender in senders}


def load(
    names: Iterable[str], *, providers: Mapping[str, Provider] | None = None
) -> dict[str, Ready]:
    """The named providers, settings read. Raises BadProvider naming the one that is wrong."""
    registered = known() if providers is None else providers
    chosen = [name.strip() for name in names if name.strip()]
    if len(chosen) != len(set(chosen)):
        raise BadProvider(f"a provider is named twice in {', '.join(chosen)}")
    return {name: _ready(name, registered) for name in chosen}


def _ready(name: str, registered: Mapping[str, Provider]) -> Ready:
    provider = registered.get(name)
    if provider is None:
        raise BadProvider(f"provider {name!r} is unknown; there are {', '.join(registered)}")
    try:
        settings = provider.settings()
        return Ready(
            provider=provider,
            settings=settings,
            offer=provider.offer(settings),
            terms=provider.terms(settings),
            callbacks=provider.callbacks(settings) if provider.callbacks else None,
        )
    except Exception as error:
        raise BadProvider(f"provider {name!r} is not configured: {error}") from error


def _system(module: str) -> System:
    found = _imported(module, "SYSTEM")
    if not isinstance(found, System):
        raise BadProvider(f"{module} holds no System")
    return found


def _imported(module: str, slot: str = "PROVIDER") -> object:
    try:
        return getattr(import_module(module), slot)
    except Exception as error:
        raise BadProvider(f"provider module {module!r} cannot be imported: {error}") from error


def _loaded(plugin: EntryPoint) -> object:
    try:
        return plugin.load()
    except Exception as error:
        raise BadProvider(f"provider plug-in {plugin.name!r} cannot be loaded: {error}") from error


def _add(found: dict[str, Provider], provider: object, *, origin: str) -> None:
    if not isinstance(provider, Provider):
        raise BadProvider(f"{origin} holds no Provider")
    if provider.name in found:
        raise BadProvider(f"provider {provider.name!r} is registered twice (again by {origin})")
    found[provider.name] = provider
