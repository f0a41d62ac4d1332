"""What payees are told, and what people who may approve are reminded of."""

from collections.abc import Mapping

from models.messages import MessageClass
from models.words import Words, words

PAYOUT_WORDING: Mapping[str, Words] = {
    "payout_paid": words(
        MessageClass.RECEIPT,
        en=(
            "{merchant} paid you {amount}",
            "{merchant} paid you {amount} by {rail}: {purpose}.[ Receipt {receipt}.]",
        ),
        fr=(
            "{merchant} vous a payé {amount}",
            "{merchant} vous a payé {amount} par {rail} : {purpose}.[ Reçu {receipt}.]",
        ),
        sw=(
            "{merchant} wamekulipa {amount}",
            "{merchant} wamekulipa {amount} kwa {rail}: {purpose}.[ Risiti {receipt}.]",
        ),
    ),
    "approval_waits": words(
        MessageClass.ALERT,
        en=(
            "{what} waits for approval",
            "{what} over {amount} still waits for a second person. Approve or reject it before "
            "its time is over.",
        ),
        fr=(
            "{what} attend une approbation",
            "{what} de {amount} attend toujours une deuxième personne. Approuvez ou refusez "
            "avant la fin du délai.",
        ),
        sw=(
            "{what} inasubiri idhini",
            "{what} ya {amount} bado inasubiri mtu wa pili. Idhinisha au kataa kabla muda wake "
            "kuisha.",
        ),
    ),
}
#: The events payees are told.
PAYEE_EVENTS = frozenset({"payout_paid"})
