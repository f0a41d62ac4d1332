"""Credits on the pool account begin a workflow each, whichever form the bank told them in."""

from collections.abc import Callable, Mapping
from typing import Any

from loguru import logger

from models import ids, topup
from models.bank_credit import BankCreditOrder, instructions_in
from models.banking import BankNotice, Channel, reference_in
from models.places import BankAccount
from providers.ncba import notices
from providers.ncba.keys import NoticeKeys
from providers.ncba.notices import Heard
from providers.ncba.settings import NcbaSettings
from runtime.dispatch import Start
from runtime.starting import bank_credit_start

_BANK = "ncba"


class BankNotices:
    """Handles one door's notices; they were proven when they came, and are again."""

    def __init__(self, settings: NcbaSettings, hear: Callable[[bytes, NoticeKeys], Heard]) -> None:
        self._settings = settings
        self._hear = hear

    async def __call__(self, row: Mapping[str, Any], raw: bytes) -> tuple[str, Start | None]:
        """A credit starts; a debit is only kept: statements and sagas know our own.

        So is what the bank does not call done, and money of another account: the hash has no
        marks between its fields, so digits of the account may have been read as the amount's.
        """
        heard = self._hear(raw, self._settings.notice_keys())
        if heard.notice is None:
            return "not believed", None
        if heard.notice.amount.minor <= 0:
            return "debit", None
        kept = self._only_kept(heard.notice)
        if kept is not None:
            logger.error("a bank notice credits nobody: {}", kept)
            return kept, None
        return "credit", self._start(row, heard.notice)

    def _only_kept(self, notice: BankNotice) -> str | None:
        if not notices.done(notice):
            return "not done"
        settings = self._settings
        by_pay_bill = notice.channel is Channel.JSON and notice.account == settings.pay_bill
        ours = notice.account == settings.pool_account or by_pay_bill
        return None if ours else "another account"

    def _start(self, row: Mapping[str, Any], notice: BankNotice) -> Start:
        account = BankAccount(bank=_BANK, account=self._settings.pool_account)
        order = BankCreditOrder(
            receipt=notice.id,
            bank_reference=notice.bank_reference,
            amount=notice.amount,
            into=account,
            evidence_id=ids.shown(ids.EVIDENCE, row["id"]),
            livemode=row["livemode"],
            reference=reference_in(notice, topup.REFERENCE),
            names=instructions_in((notice.narrative or "", notice.bill_reference or "")),
        )
        return bank_credit_start(order)


def bank_notices(settings: NcbaSettings) -> dict[str, BankNotices]:
    """The handlers of both doors, by slug."""
    return {
        "kb2": BankNotices(settings, notices.hear_xml),
        "kb3": BankNotices(settings, notices.hear_json),
    }
