"""What a question's answer and an unsigned message say together. Pure."""

import dataclasses

from models.money import Money
from models.reading import ProviderReport


def merged(hint: ProviderReport | None, answer: ProviderReport, asked: Money) -> ProviderReport:
    """The answer to our question, with what only the agreeing hint carried.

    Where the answer names no amount, an unsigned one may only lower what was asked: a message
    anybody could write must not put money on the books that no provider confirmed.
    """
    if hint is None or hint.verdict is not answer.verdict:
        return answer
    told, said = hint.reading, answer.reading
    reading = dataclasses.replace(
        said,
        amount=said.amount or _confirmed(asked, told.amount),
        receipt=said.receipt or told.receipt,
        reason=said.reason or told.reason,
        provider_code=said.provider_code or told.provider_code,
        provider_reference=said.provider_reference or told.provider_reference,
    )
    return dataclasses.replace(answer, reading=reading)


def _confirmed(asked: Money, told: Money | None) -> Money | None:
    """What an unsigned message may say of the amount: less than asked, or another currency."""
    if told is None or told.currency != asked.currency or told.minor < asked.minor:
        return told
    return None
