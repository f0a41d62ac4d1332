"""Hooks of Fineract: a wrapper since 1.5, the bare answer of the command before. Pure.

Unsigned, without an id, sent once; sent for failed and parked commands too, then without a
`response`.
"""

from models.lender_orders import HookHint
from models.reading import Reading, Reason
from providers.mifos.acks import CURRENCY
from providers.mifos.records import number
from providers.readings import UNREADABLE
from providers.wire import Fields, fields, masked, money, parse, text

_OWNERS = ("loanId", "savingsId", "resourceId")


def read_hint(
    body: bytes, *, entity: str | None = None, action: str | None = None
) -> HookHint | None:
    """What to read back; None where the body is no hook.

    `entity`, `action`: the headers X-Fineract-Entity and -Action, all the bare shape has.
    """
    told = parse(body)
    if told is None or not _is_hook(told):
        return None
    wrapped = "entityName" in told
    answer = fields(told.get("response")) if wrapped else told
    return HookHint(
        entity=text(told.get("entityName")) or entity,
        action=text(told.get("actionName")) or action,
        loan_id=number(answer.get("loanId")),
        savings_id=number(answer.get("savingsId")),
        client_id=number(answer.get("clientId")) or number(told.get("clientId")),
        office_id=number(answer.get("officeId")) or number(told.get("officeId")),
        resource_id=number(answer.get("resourceId")),
        failed=_failed(answer),
    )


def read_hook(body: bytes, http_status: int = 200) -> Reading:  # noqa: ARG001 - a hook has no status
    """A hook says nothing about money; `provider_code` is entity/action where it names them."""
    hint, told = read_hint(body), parse(body)
    if hint is None or told is None:
        return UNREADABLE
    answer = fields(told.get("response")) or told
    changes = fields(answer.get("changes"))
    named = f"{hint.entity}/{hint.action}" if hint.entity and hint.action else None
    return Reading(
        verdict=None,
        reason=Reason.DECLINED if hint.failed else None,
        provider_code=masked(named),
        amount=money(changes.get("transactionAmount"), CURRENCY),
        our_reference=_external_id(answer),
        provider_reference=next(
            (shown for key in _OWNERS if (shown := text(answer.get(key)))), None
        ),
        receipt=masked(changes.get("receiptNumber")),
    )


def _external_id(answer: Fields) -> str | None:
    return text(answer.get("subResourceExternalId")) or text(answer.get("resourceExternalId"))


def _is_hook(told: Fields) -> bool:
    wrapped = bool(text(told.get("entityName")) and text(told.get("actionName")))
    return wrapped or any(number(told.get(key)) for key in _OWNERS)


def _failed(answer: Fields) -> bool:
    parked = text(answer.get("rollbackTransaction")) == "true"
    return parked or not any(number(answer.get(key)) for key in _OWNERS)
