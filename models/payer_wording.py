"""What payers are told: the receipt of a payment or of a refund, and that nothing was paid."""

from collections.abc import Mapping

from models.messages import MessageClass
from models.words import Words, words

PAYER_WORDING: Mapping[str, Words] = {
    "payment_receipt": words(
        MessageClass.RECEIPT,
        en=(
            "Receipt {number} from {merchant}",
            "You paid {amount} to {merchant}. Receipt {number}[, {rail} {rail_receipt}]. Fee "
            "{fee}.[ Questions: {contact}.]",
        ),
        fr=(
            "Reçu {number} de {merchant}",
            "Vous avez payé {amount} à {merchant}. Reçu {number}[, {rail} {rail_receipt}]. Frais "
            "{fee}.[ Questions : {contact}.]",
        ),
        sw=(
            "Risiti {number} ya {merchant}",
            "Umelipa {amount} kwa {merchant}. Risiti {number}[, {rail} {rail_receipt}]. Ada "
            "{fee}.[ Maswali: {contact}.]",
        ),
    ),
    "payment_failed": words(
        MessageClass.RECEIPT,
        en=(
            "Nothing was paid to {merchant}",
            "Your payment of {amount} to {merchant} was not made. No money was taken.[ "
            "Questions: {contact}.]",
        ),
        fr=(
            "Rien n'a été payé à {merchant}",
            "Votre paiement de {amount} à {merchant} n'a pas eu lieu. Rien n'a été prélevé.[ "
            "Questions : {contact}.]",
        ),
        sw=(
            "Hakuna kilicholipwa kwa {merchant}",
            "Malipo yako ya {amount} kwa {merchant} hayakufanyika. Hakuna pesa iliyokatwa.[ "
            "Maswali: {contact}.]",
        ),
    ),
    "refund_receipt": words(
        MessageClass.RECEIPT,
        en=(
            "Refund {number} from {merchant}",
            "{merchant} gave you back {amount}. Receipt {number}[, {rail} {rail_receipt}].[ "
            "Questions: {contact}.]",
        ),
        fr=(
            "Remboursement {number} de {merchant}",
            "{merchant} vous a rendu {amount}. Reçu {number}[, {rail} {rail_receipt}].[ "
            "Questions : {contact}.]",
        ),
        sw=(
            "Marejesho {number} kutoka {merchant}",
            "{merchant} wamekurudishia {amount}. Risiti {number}[, {rail} {rail_receipt}].[ "
            "Maswali: {contact}.]",
        ),
    ),
}
#: Told to a merchant's payers, never to its people.
PAYER_EVENTS = frozenset(PAYER_WORDING)
