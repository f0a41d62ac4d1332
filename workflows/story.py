"""What an operator reads at a glance: summaries, details and the closing status."""

import dataclasses

from temporalio import workflow

from models.checkout import AttemptOrder, Story
from models.lifecycle import PaymentStatus
from models.reading import ProviderReport, Reason
from workflows.attributes import STATUS


def prompting(attempt: AttemptOrder) -> str:
    """Summary of the one call that moves money."""
    return f"ring the payer's phone by {attempt.provider}: {attempt.charge.amount}"


def asking(attempt: AttemptOrder) -> str:
    """Summary of a question."""
    return f"ask {attempt.provider} what became of attempt {attempt.number}"


def mark_ending(payment: PaymentStatus) -> None:
    """The status operators filter by; also set when a payment becomes unknown."""
    workflow.upsert_search_attributes([STATUS.value_set(str(payment))])


def tell(story: Story) -> None:
    """The live story, in a few lines; sealed like everything else."""
    next_check = (
        story.next_check_at.isoformat(timespec="seconds") if story.next_check_at else "none"
    )
    lines = (
        f"**payment {story.payment}**, session {story.checkout}, attempt {story.attempt}",
        "",
        f"- provider: {story.provider}",
        f"- amount: {story.amount}",
        f"- last evidence: {story.last_evidence}",
        f"- next check: {next_check}",
        f"- needs review: {'yes' if story.needs_review else 'no'}",
    )
    workflow.set_current_details("\n".join(lines))


def in_words(report: ProviderReport) -> str:
    """One report in one line."""
    said = report.reading
    parts = [f"{report.source} says {report.verdict}"]
    parts += [str(said.reason)] if said.reason else []
    parts += [f"code {said.provider_code}"] if said.provider_code else []
    parts += [f"receipt {said.receipt}"] if said.receipt else []
    return ", ".join(parts)


def about(handle: str | None, report: ProviderReport) -> ProviderReport:
    """The report; without verdict and receipt when it is unsigned and names another prompt.

    Else the success of another prompt would be asked for, and found, under this attempt.
    """
    if not report.hint or handle is None or report.reading.provider_reference in {None, handle}:
        return report
    reading = dataclasses.replace(
        report.reading, verdict=None, receipt=None, reason=Reason.UNREADABLE
    )
    return dataclasses.replace(report, reading=reading)
