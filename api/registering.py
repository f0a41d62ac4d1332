"""Telling Daraja where a partner's pay bill payments are asked about and confirmed."""

from api.keys import Caller
from api.partner_errors import NoCredential, PartnerSystemRefuses, PartnerSystemSilent
from api.parts import Parts
from models import ids
from models.credentials import CredentialKind, NoCredentials
from models.reading import Reason
from providers.contract import ProviderError
from providers.mpesa.c2b import Unanswered
from runtime.partners import Known

#: Slugs of the question before the money moves, and of the confirmation.
VALIDATION, CONFIRMATION = "ke7", "ke8"


async def register(parts: Parts, caller: Caller) -> Known:
    """Register the addresses; registered before is fine.

    A question of Daraja's that we do not answer in time is answered with yes: money that moved
    is never lost here. Raises NoCredential, PartnerSystemSilent or PartnerSystemRefuses.
    """
    org, live = ids.shown(ids.ORG, caller.org), caller.livemode
    try:
        known = await parts.partners.known(org, live, CredentialKind.MPESA_C2B)
        client = await parts.partners.mpesa(org, live, "c2b")
        said = await client.register_urls(
            confirmation_url=parts.settings.callback_url(known.id, CONFIRMATION),
            validation_url=parts.settings.callback_url(known.id, VALIDATION),
            unanswered=Unanswered.COMPLETED,
        )
    except NoCredentials as no:
        hint = "enter one and have it checked: POST /v1/credentials/mpesa_c2b"
        raise NoCredential(hint) from no
    except ProviderError as no:
        raise PartnerSystemSilent("M-Pesa does not answer; register again") from no
    if said.reason not in {None, Reason.DUPLICATE}:
        raise PartnerSystemRefuses(f"M-Pesa refuses: {said.reason}")
    return known
