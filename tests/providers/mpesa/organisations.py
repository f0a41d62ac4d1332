"""An organisation as the tests of its client and of its simulator know it."""

import base64
import json
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from models.ids import INSTRUCTION, mint, originator_reference
from models.money import Money
from models.payout import Payout, Reversal, Transfer, TransferKind
from providers.mpesa.organisation import MpesaOrganisation, OrganisationKeys
from tests.providers.sheets.mpesa import SHEET
from tests.providers.sheets.mpesa_key import certificate, key
from tests.providers.sheets.sheet import Play, Rail, Wire

PASSWORD = "canary-initiator-password"
URLS = {
    "result_url": "https://pay.example/in/ke2/abc.def",
    "timeout_url": "https://pay.example/in/ke3/abc.def",
}


def keys(**changes: Any) -> OrganisationKeys:
    known = {
        "base_url": "https://daraja.example",
        "short_code": "600222",
        "initiator": "kauri-api",
        "certificate_pem": certificate(),
        "consumer_key": "canary-consumer-key",
        "consumer_secret": "canary-consumer-secret",
        "initiator_password": PASSWORD,
    }
    return OrganisationKeys(**{**known, **changes})


def organisation(*plays: Play, tokens: tuple[Play, ...] = ()) -> tuple[MpesaOrganisation, Rail]:
    """A client whose provider plays `plays`."""
    rail = Rail(SHEET, list(plays), list(tokens))
    return MpesaOrganisation(keys(), transport=rail), rail


def a_payout(**changes: Any) -> Payout:
    instruction = mint(INSTRUCTION)
    known = {
        "instruction_id": instruction,
        "reference": originator_reference(instruction),
        "amount": Money(1_000_000, "KES"),
        "payee": "254712000111",
        "purpose": "Loan LN-42",
        **URLS,
    }
    return Payout(**{**known, **changes})


def a_transfer(**changes: Any) -> Transfer:
    instruction = mint(INSTRUCTION)
    known = {
        "instruction_id": instruction,
        "reference": originator_reference(instruction),
        "amount": Money(500_000, "KES"),
        "kind": TransferKind.TO_PAYOUTS,
        "to_short_code": "600222",
        "purpose": "Float",
        **URLS,
    }
    return Transfer(**{**known, **changes})


def a_reversal(**changes: Any) -> Reversal:
    known = {
        "instruction_id": mint(INSTRUCTION),
        "receipt": "RKL51ZDR4F",
        "amount": Money(30_000, "KES"),
        "purpose": "Paid to the wrong account",
        **URLS,
    }
    return Reversal(**{**known, **changes})


def taken(originator: str = "theirs", **changes: Any) -> Wire:
    """The acknowledgement of an instruction."""
    body = {
        "ConversationID": "AG_20261121_1",
        "OriginatorConversationID": originator,
        "ResponseCode": "0",
        "ResponseDescription": "Accept the service request successfully.",
    }
    return Wire(body=json.dumps(body | changes).encode())


def sent_by(request: httpx.Request) -> dict[str, Any]:
    """The body of a request, its credential opened."""
    body: dict[str, Any] = json.loads(request.content)
    sealed = base64.b64decode(body["SecurityCredential"])
    return {**body, "SecurityCredential": key().decrypt(sealed, PKCS1v15()).decode()}
