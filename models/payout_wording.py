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
    "approval_code": words(
        MessageClass.OTP,
        en=(
            "Your confirmation code",
            "{code} is the code to let {amount} go to {beneficiary}. It is good for {minutes} "
            "minutes. Tell it to nobody you do not trust.",
        ),
        fr=(
            "Votre code de confirmation",
            "{code} est le code pour laisser partir {amount} vers {beneficiary}. Il est valable "
            "{minutes} minutes. Ne le donnez qu'à une personne de confiance.",
        ),
        sw=(
            "Namba yako ya kuthibitisha",
            "{code} ni namba ya kuruhusu {amount} kwenda kwa {beneficiary}. Ni halali kwa dakika "
            "{minutes}. Usimwambie mtu usiyemwamini.",
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
