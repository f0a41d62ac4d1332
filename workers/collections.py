"""Everything a collection's workflows call, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from activities.account_matching import AccountMatching
from activities.collection_confirming import CollectionConfirming
from activities.collection_letters import CollectionLetters
from activities.collection_prompts import CollectionPrompts
from activities.collection_rows import CollectionRows
from activities.collection_undoing import CollectionUndoing
from activities.collections import Collections
from activities.credential_probes import Address
from activities.fence import Fence
from activities.receipt_questions import ReceiptQuestions
from activities.repayment_notices import RepaymentNotices
from activities.sagas import Sagas
from runtime.database import Database
from runtime.partners import Partners
from runtime.vault import Vault
from workflows.collection import CollectionWorkflow
from workflows.collection_reversal import CollectionReversalWorkflow
from workflows.repayment_hint import RepaymentHintWorkflow

WORKFLOWS: tuple[type, ...] = (
    CollectionWorkflow,
    CollectionReversalWorkflow,
    RepaymentHintWorkflow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collecting:
    """The activities of collections."""

    matching: AccountMatching
    confirming: CollectionConfirming
    prompts: CollectionPrompts
    posting: Collections
    undoing: CollectionUndoing
    letters: CollectionLetters
    rows: CollectionRows
    notices: RepaymentNotices

    @property
    def activities(self) -> tuple[Callable[..., Any], ...]:
        """Each of them, for a worker."""
        return (
            self.matching.match,
            self.confirming.ask,
            self.prompts.ring,
            self.prompts.ask,
            self.posting.post,
            self.posting.look,
            self.undoing.undo,
            self.undoing.look_undone,
            self.letters.compose,
            self.rows.remember,
            self.notices.tell,
        )


def collecting(
    database: Database, vault: Vault, partners: Partners, sagas: Sagas, address: Address
) -> Collecting:
    """Build them once."""
    fence = Fence(sagas)
    return Collecting(
        matching=AccountMatching(partners),
        confirming=CollectionConfirming(partners, ReceiptQuestions(database), address),
        prompts=CollectionPrompts(partners, fence, address),
        posting=Collections(partners, fence),
        undoing=CollectionUndoing(partners, fence),
        letters=CollectionLetters(partners),
        rows=CollectionRows(database),
        notices=RepaymentNotices(database, vault, partners),
    )
