"""Every sentence we send, in English, French and Swahili.

Names in braces are facts. What stands in square brackets is left out where its fact is not
known; every other fact must be.
"""

from collections.abc import Mapping

from models.messages import Language, MessageClass
from models.payer_wording import PAYER_EVENTS, PAYER_WORDING
from models.payout_wording import PAYEE_EVENTS, PAYOUT_WORDING
from models.words import Words
from models.words import words as _words

_EN, _FR, _SW = Language.ENGLISH, Language.FRENCH, Language.SWAHILI

#: The events a partner's clients and a merchant's payers and payees are told; their own people are
#: told all others.
TO_CLIENTS = PAYER_EVENTS | PAYEE_EVENTS | {
    "loan_disbursed_client", "repayment_posted", "repayment_reversed",
}  # fmt: skip

#: What a mail begins and ends with.
GREETINGS: Mapping[Language, tuple[str, str]] = {
    _EN: ("Hello,", "This message was sent by Kauri. Please do not answer it."),
    _FR: ("Bonjour,", "Ce message est envoyé par Kauri. Merci de ne pas y répondre."),
    _SW: ("Habari,", "Ujumbe huu umetumwa na Kauri. Tafadhali usiujibu."),
}

WORDING: Mapping[str, Words] = {
    "otp": _words(
        MessageClass.OTP,
        en=(
            "Your confirmation code",
            "{code} is your code to buy float of {amount} for {beneficiary}. It is good for "
            "{minutes} minutes. Tell it to nobody.",
        ),
        fr=(
            "Votre code de confirmation",
            "{code} est votre code pour acheter {amount} de float pour {beneficiary}. Il est "
            "valable {minutes} minutes. Ne le donnez à personne.",
        ),
        sw=(
            "Namba yako ya kuthibitisha",
            "{code} ni namba yako ya kununua float ya {amount} kwa {beneficiary}. Ni halali kwa "
            "dakika {minutes}. Usimwambie mtu yeyote.",
        ),
    ),
    "loan_disbursed_client": _words(
        MessageClass.RECEIPT,
        en=(
            "Your loan has been paid out",
            "Your loan of {amount} has been sent to your M-Pesa. Receipt {receipt}.[ Your next "
            "repayment is due on {next_repayment}.]",
        ),
        fr=(
            "Votre prêt est versé",
            "Votre prêt de {amount} a été versé sur votre M-Pesa. Reçu {receipt}.[ Prochaine "
            "échéance le {next_repayment}.]",
        ),
        sw=(
            "Mkopo wako umelipwa",
            "Mkopo wako wa {amount} umetumwa kwa M-Pesa yako. Risiti {receipt}.[ Malipo yako "
            "yajayo ni tarehe {next_repayment}.]",
        ),
    ),
    "loan_disbursed_partner": _words(
        MessageClass.RECEIPT,
        en=(
            "Loan paid out: {client}",
            "Loan paid to {client}: {amount}, receipt {receipt}.[ Your wallet holds {balance}.]",
        ),
        fr=(
            "Prêt versé : {client}",
            "Prêt versé à {client} : {amount}, reçu {receipt}.[ Solde du compte : {balance}.]",
        ),
        sw=(
            "Mkopo umelipwa: {client}",
            "Mkopo umelipwa kwa {client}: {amount}, risiti {receipt}.[ Salio la pochi: {balance}.]",
        ),
    ),
    "loan_parked_wallet": _words(
        MessageClass.ALERT,
        en=(
            "Loan {loan} waits for your wallet",
            "Loan {loan} of {client} waits: charges are {needed}, your wallet holds {balance}. "
            "Top up and it goes on by itself.",
        ),
        fr=(
            "Le prêt {loan} attend votre portefeuille",
            "Le prêt {loan} de {client} attend : frais {needed}, portefeuille {balance}. "
            "Rechargez, il repartira seul.",
        ),
        sw=(
            "Mkopo {loan} unasubiri pochi yako",
            "Mkopo {loan} wa {client} unasubiri: gharama ni {needed}, pochi ina {balance}. "
            "Ongeza salio nao utaendelea wenyewe.",
        ),
    ),
    "loan_parked_float": _words(
        MessageClass.ALERT,
        en=(
            "Loan {loan} waits for M-Pesa float",
            "Loan {loan} of {client} waits: it needs {needed}, your M-Pesa utility account holds "
            "{balance}. Buy float and it goes on by itself.",
        ),
        fr=(
            "Le prêt {loan} attend du float M-Pesa",
            "Le prêt {loan} de {client} attend : il faut {needed}, le compte M-Pesa a {balance}. "
            "Achetez du float, il repartira seul.",
        ),
        sw=(
            "Mkopo {loan} unasubiri float ya M-Pesa",
            "Mkopo {loan} wa {client} unasubiri: unahitaji {needed}, akaunti ya M-Pesa ina "
            "{balance}. Nunua float nao utaendelea wenyewe.",
        ),
    ),
    "loan_failed": _words(
        MessageClass.ALERT,
        en=(
            "Loan {loan} was not paid",
            "Loan {loan} of {client} ({amount}) was not paid[: {reason}]. No money has moved and "
            "no charge was taken.",
        ),
        fr=(
            "Le prêt {loan} n'est pas versé",
            "Le prêt {loan} de {client} ({amount}) n'est pas versé[ : {reason}]. Aucun argent n'a "
            "bougé, aucun frais n'est pris.",
        ),
        sw=(
            "Mkopo {loan} haukulipwa",
            "Mkopo {loan} wa {client} ({amount}) haukulipwa[: {reason}]. Hakuna pesa iliyotumwa "
            "wala gharama iliyotozwa.",
        ),
    ),
    "wallet_low": _words(
        MessageClass.ALERT,
        en=(
            "Your wallet is low",
            "Your wallet holds {balance}, below {threshold}. We suggest a top-up of "
            "{recommended}[: {link}]",
        ),
        fr=(
            "Votre portefeuille est bas",
            "Votre portefeuille a {balance}, moins que {threshold}. Recharge conseillée : "
            "{recommended}[ {link}]",
        ),
        sw=(
            "Salio la pochi ni dogo",
            "Pochi yako ina {balance}, chini ya {threshold}. Tunapendekeza uongeze "
            "{recommended}[: {link}]",
        ),
    ),
    "topup_credited": _words(
        MessageClass.RECEIPT,
        en=(
            "Wallet topped up",
            "Your wallet was credited with {amount}, receipt {receipt}.[ It holds {balance}.]",
        ),
        fr=(
            "Portefeuille rechargé",
            "Votre portefeuille est crédité de {amount}, reçu {receipt}.[ Solde : {balance}.]",
        ),
        sw=(
            "Pochi imeongezwa",
            "Pochi yako imeongezwa {amount}, risiti {receipt}.[ Salio sasa: {balance}.]",
        ),
    ),
    "float_settled": _words(
        MessageClass.RECEIPT,
        en=(
            "Float bought",
            "Float of {amount} is on {short_code}. {total} was taken from your wallet[, which "
            "now holds {balance}].",
        ),
        fr=(
            "Float acheté",
            "Float de {amount} crédité sur {short_code}. {total} pris sur votre portefeuille."
            "[ Solde : {balance}.]",
        ),
        sw=(
            "Float imenunuliwa",
            "Float ya {amount} iko kwenye {short_code}. {total} imetolewa kwenye pochi yako."
            "[ Salio: {balance}.]",
        ),
    ),
    "float_refused": _words(
        MessageClass.ALERT,
        en=(
            "Float was not bought",
            "Float of {amount} for {short_code} was not bought[: {reason}]. What was held is back "
            "in your wallet.",
        ),
        fr=(
            "Float non acheté",
            "Float de {amount} pour {short_code} non acheté[ : {reason}]. La somme réservée est "
            "rendue à votre portefeuille.",
        ),
        sw=(
            "Float haikununuliwa",
            "Float ya {amount} kwa {short_code} haikununuliwa[: {reason}]. Pesa iliyoshikiliwa "
            "imerudi kwenye pochi yako.",
        ),
    ),
    "repayment_posted": _words(
        MessageClass.RECEIPT,
        en=(
            "Payment received",
            "We received {amount}, receipt {receipt}, for account {account}.[ New balance: "
            "{balance}.] Thank you.",
        ),
        fr=(
            "Paiement reçu",
            "Nous avons reçu {amount}, reçu {receipt}, pour le compte {account}.[ Nouveau solde : "
            "{balance}.] Merci.",
        ),
        sw=(
            "Malipo yamepokelewa",
            "Tumepokea {amount}, risiti {receipt}, kwa akaunti {account}.[ Salio jipya: "
            "{balance}.] Asante.",
        ),
    ),
    "repayment_reversed": _words(
        MessageClass.RECEIPT,
        en=(
            "Payment reversed",
            "Your payment of {amount}, receipt {receipt}, for account {account} was reversed by "
            "M-Pesa. It no longer counts.",
        ),
        fr=(
            "Paiement annulé",
            "Votre paiement de {amount}, reçu {receipt}, pour le compte {account} a été annulé "
            "par M-Pesa. Il ne compte plus.",
        ),
        sw=(
            "Malipo yamerudishwa",
            "Malipo yako ya {amount}, risiti {receipt}, kwa akaunti {account} yamerudishwa na "
            "M-Pesa. Hayahesabiwi tena.",
        ),
    ),
    "system_error": _words(
        MessageClass.ALERT,
        en=(
            "Action needed: {what}",
            "{what}. Affected: {affected}. What to do: {action}.",
        ),
        fr=(
            "Action requise : {what}",
            "{what}. Concerné : {affected}. À faire : {action}.",
        ),
        sw=(
            "Hatua inahitajika: {what}",
            "{what}. Yaliyoathirika: {affected}. La kufanya: {action}.",
        ),
    ),
    "password_expiring": _words(
        MessageClass.ALERT,
        en=(
            "Initiator password of {short_code} expires",
            "The M-Pesa initiator password of {short_code} expires in {days} days, on {date}. "
            "Change it at Safaricom, then enter the new one here.",
        ),
        fr=(
            "Le mot de passe de {short_code} expire",
            "Le mot de passe M-Pesa de {short_code} expire dans {days} jours, le {date}. "
            "Changez-le chez Safaricom puis saisissez le nouveau ici.",
        ),
        sw=(
            "Nenosiri la {short_code} linaisha muda",
            "Nenosiri la M-Pesa la {short_code} linaisha baada ya siku {days}, tarehe {date}. "
            "Libadilishe Safaricom kisha uweke jipya hapa.",
        ),
    ),
    **PAYER_WORDING,
    **PAYOUT_WORDING,
}
