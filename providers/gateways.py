"""Which message gateways there are. A missing or broken one stops the boot and is named."""

from collections.abc import Callable, Iterable, Mapping

from providers.mail.settings import MailSettings
from providers.mail.smtp import Mail
from providers.messaging import Sends
from providers.sms.africastalking import AfricasTalking
from providers.sms.airtouch import AirTouch
from providers.sms.settings import AfricasTalkingSettings, AirTouchSettings


class BadGateway(RuntimeError):
    """A gateway is unknown, named twice or not configured."""


KNOWN: Mapping[str, Callable[[], Sends]] = {
    AirTouch.name: lambda: AirTouch(AirTouchSettings()),
    AfricasTalking.name: lambda: AfricasTalking(AfricasTalkingSettings()),
    Mail.name: lambda: Mail(MailSettings()),
}


def load(names: Iterable[str]) -> list[Sends]:
    """The named gateways, in that order of preference. Raises BadGateway naming the wrong one."""
    chosen = [name.strip() for name in names if name.strip()]
    if len(chosen) != len(set(chosen)):
        raise BadGateway(f"a gateway is named twice in {', '.join(chosen)}")
    return [_loaded(name) for name in chosen]


def _loaded(name: str) -> Sends:
    if name not in KNOWN:
        raise BadGateway(f"gateway {name!r} is unknown; there are {', '.join(KNOWN)}")
    try:
        return KNOWN[name]()
    except ValueError as error:  # pydantic's ValidationError is one
        raise BadGateway(f"gateway {name!r} is not configured: {error}") from error
