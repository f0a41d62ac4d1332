"""Rules every provider's readers share. Pure."""

from dataclasses import dataclass, replace

from models.reading import Reading, Reason, Verdict

UNREADABLE = Reading(verdict=Verdict.UNKNOWN, reason=Reason.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a code means. `retryable`: refused before acting."""

    verdict: Verdict
    reason: Reason | None = None
    retryable: bool = False

    def said(self, code: str | None, message: str | None) -> Reading:
        """What an error that says this means, in the provider's own words."""
        return Reading(
            verdict=self.verdict,
            retryable=self.retryable,
            reason=self.reason,
            provider_code=code,
            provider_message=message,
        )


def gave_up(http_status: int) -> bool:
    """5xx and 408: the order may have been acted on, whatever code the body names."""
    return http_status // 100 == 5 or http_status == 408


def about_a_question(reading: Reading) -> Reading:
    """A refused question says nothing about the money it asked about."""
    if reading.verdict is not Verdict.REFUSED:
        return reading
    return replace(reading, verdict=Verdict.UNKNOWN, retryable=False)


def about_no_money(reading: Reading) -> Reading:
    """A message without a verdict keeps its reason; an unreadable one stays unreadable."""
    if reading.reason is Reason.UNREADABLE:
        return reading
    return replace(reading, verdict=None, retryable=False)


def sure_of_amount(reading: Reading, stated: object) -> Reading:
    """Money that arrived in an amount that is stated but cannot be read is not settled."""
    unread = reading.amount is None and stated is not None and stated != ""
    return UNREADABLE if unread and reading.verdict is Verdict.SETTLED else reading


def refused_here(reason: Reason, message: str) -> Reading:
    """We refused to send an instruction the rail cannot carry."""
    return Reading(verdict=Verdict.REFUSED, reason=reason, provider_message=message)
