"""Registering a pay bill at Daraja, as its partner asks for it."""

from activities.registering import Registering
from api.keys import Caller
from api.partner_errors import NoCredential, PartnerSystemRefuses, PartnerSystemSilent
from api.parts import Parts
from models import ids
from models.credentials import NoCredentials
from providers.contract import ProviderError


async def register(parts: Parts, caller: Caller) -> None:
    """Have payments told to us. Raises NoCredential, PartnerSystemSilent or -Refuses."""
    registering = Registering(parts.database, parts.partners, parts.settings.callback_url)
    org = ids.shown(ids.ORG, caller.org)
    try:
        said = await registering.register(org, livemode=caller.livemode)
    except NoCredentials as no:
        hint = "enter one and have it checked: POST /v1/credentials/mpesa_c2b"
        raise NoCredential(hint) from no
    except ProviderError as no:
        raise PartnerSystemSilent("M-Pesa does not answer; register again") from no
    if said.reason:
        raise PartnerSystemRefuses(f"M-Pesa refuses: {said.reason}")
