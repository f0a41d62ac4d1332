"""What the payer's page says in French. Names in braces are facts."""

from collections.abc import Mapping

FRENCH: Mapping[str, str] = {
    "title_pay": "Payer {merchant}",
    "skip": "Aller au contenu",
    "languages": "Langue",
    "page_of": "Vous payez",
    "to": "à {merchant}",
    "order": "Commande {reference}",
    "test": "Ceci est un essai. Aucun argent ne bouge.",
    "choose": "Votre paiement",
    "again": "Essayez encore",
    "wrong": "À vérifier :",
    "label_phone": "Votre numéro de téléphone",
    "hint_phone": "Le numéro du compte avec lequel vous payez, par exemple {example}",
    "label_method": "Comment voulez-vous payer ?",
    "hint_method": "Vous hésitez ? Ne choisissez rien : nous le trouvons d'après votre numéro.",
    "page_hint": "Vous payez sur sa page puis revenez ici.",
    "label_email": "E-mail pour votre reçu (facultatif)",
    "label_sms": "Envoyez-moi aussi le reçu par SMS",
    "pay": "Payer {amount}",
    "busy": "Un instant…",
    "cancel": "Annuler",
    "none_fits": "Aucun moyen de paiement n'est disponible pour ce montant. Réessayez plus tard.",
    "wait_hint": (
        "Ne fonctionne pas en ce moment. Si vous le choisissez, nous sollicitons votre "
        "téléphone dès que cela remarche."
    ),
    "queued": "{rail} ne fonctionne pas en ce moment",
    "queued_text": (
        "Rien n'a été envoyé et rien n'a été prélevé. Nous gardons votre demande et vous "
        "demanderons {amount} sur votre téléphone dès que {rail} remarche. Vous pouvez fermer "
        "cette page, ou annuler."
    ),
    "missing_phone": "Saisissez votre numéro de téléphone.",
    "wrong_phone": "Ce numéro de téléphone ne convient pas. Écrivez-le comme {example}.",
    "missing_method": "Choisissez comment payer : le numéro seul ne suffit pas.",
    "other_method": (
        "Ce numéro semble être chez {other}. Choisissez {other}, ou appuyez de nouveau pour "
        "continuer avec {method}."
    ),
    "wrong_method": "Ce moyen de paiement n'est pas disponible. Choisissez-en un autre.",
    "wrong_email": "Ce n'est pas une adresse e-mail.",
    "card": "N'écrivez jamais un numéro de carte ici.",
    "down": "{method} ne fonctionne pas en ce moment. Choisissez un autre moyen.",
    "waiting": "Regardez votre téléphone",
    "asking": "Nous demandons {amount} à {rail} pour le {payer}.",
    "pin_mpesa": (
        "M-Pesa affiche une demande sur votre téléphone. Vérifiez le montant et saisissez "
        "votre code PIN M-Pesa."
    ),
    "pin_momo": (
        "MTN affiche une demande sur votre téléphone. Si rien n'apparaît, composez *126# "
        "(ailleurs *165#) et cherchez les approbations en attente. Saisissez votre code PIN "
        "MoMo."
    ),
    "pin_airtel": (
        "Airtel affiche une demande sur votre téléphone. Saisissez votre code PIN Airtel Money."
    ),
    "pin_orange_cm": (
        "Orange vous sollicite sur votre téléphone. Si rien n'apparaît, composez #150# et "
        "validez avec votre code secret."
    ),
    "pin_any": (
        "Une demande apparaît sur votre téléphone. Vérifiez le montant et saisissez votre code PIN."
    ),
    "secret": "Ne tapez votre code PIN que sur votre téléphone. Nous ne le demandons jamais.",
    "moves": "Cette page change d'elle-même.",
    "look": "Regarder à nouveau",
    "help": "Rien sur votre téléphone ?",
    "help_on": "Est-il allumé, déverrouillé et connecté ?",
    "help_slow": "Une demande peut prendre une ou deux minutes.",
    "help_done": "Avez-vous déjà saisi votre code ? Alors attendez.",
    "help_number": (
        "Le {payer} est-il le bon numéro ? Sinon, attendez la fin de cette demande : vous "
        "pourrez recommencer."
    ),
    "still": (
        "Toujours en attente. Vous pouvez fermer cette page : le paiement continue, et cette "
        "adresse montrera le résultat."
    ),
    "leave": "Continuez chez {rail}",
    "leave_text": "Vous payez {amount} sur la page de {rail}. Revenez ensuite sur cette page.",
    "leave_button": "Continuer chez {rail}",
    "preparing": "Un instant",
    "preparing_text": "Nous ouvrons la page de {rail}.",
    "unknown": "Ne payez pas une deuxième fois",
    "unknown_text": (
        "{rail} ne nous a pas dit clairement si votre paiement de {amount} a eu lieu. Nous "
        "continuons à demander, et cette page change dès que nous le savons."
    ),
    "unknown_safe": (
        "Si l'argent a quitté votre compte, il n'est pas perdu. Sinon, vous pourrez payer ensuite."
    ),
    "unknown_close": "Vous pouvez fermer cette page et revenir plus tard.",
    "paid": "Payé",
    "paid_text": "Vous avez payé {amount} à {merchant}. Merci.",
    "receipt": "Voir votre reçu",
    "back": "Retour à {merchant}",
    "failed": "Le paiement n'a pas eu lieu. Rien n'a été prélevé.",
    "why_insufficient_funds": "Le solde du compte ne suffit pas.",
    "why_payer_cancelled": "La demande a été annulée sur le téléphone.",
    "why_prompt_expired": "La demande est restée sans réponse.",
    "why_wrong_pin": "Le code PIN était faux.",
    "why_payer_not_found": "Ce numéro n'y a pas de compte.",
    "why_payer_unreachable": "Le téléphone n'a pas pu être joint.",
    "why_payer_busy": "Une autre demande était ouverte sur ce téléphone. Attendez une minute.",
    "why_limit_exceeded": "Le montant dépasse ce que ce compte peut payer.",
    "why_declined": "Le paiement a été refusé.",
    "why_maintenance": "Le service est en maintenance.",
    "why_other": "Cela n'a pas marché cette fois.",
    "canceled": "Annulé",
    "canceled_text": "Rien n'a été payé.",
    "expired": "Cette page a expiré",
    "expired_text": "Rien n'a été payé. Demandez une nouvelle page de paiement à {merchant}.",
    "exhausted": "Plus d'essai possible",
    "exhausted_text": "Rien n'a été payé. Demandez une nouvelle page de paiement à {merchant}.",
    "reversed": "Rendu",
    "reversed_text": (
        "Votre paiement de {amount} a été repris. Demandez à {merchant} si vous ne vous y "
        "attendiez pas."
    ),
    "canceling": "Vous avez demandé d'annuler. Si {rail} prend quand même le paiement, il compte.",
    "questions": "Des questions ? {merchant} : {contact}",
    "powered": "Page de paiement par Kauri",
    "receipt_title": "Reçu {number}",
    "refund_title": "Remboursement {number}",
    "r_merchant": "Marchand",
    "r_amount": "Montant",
    "r_fee": "Frais pour vous",
    "r_total": "Total",
    "r_method": "Payé avec",
    "r_rail": "Reçu de {rail}",
    "r_date": "Date",
    "r_reference": "Référence",
    "r_contact": "Questions et réclamations",
    "r_given": "Remboursé",
    "print": "Gardez ou imprimez cette page : elle prouve votre paiement.",
    "to_payment": "Retour au paiement",
    "link_open": "Combien voulez-vous payer ?",
    "label_amount": "Montant en {currency}",
    "go": "Continuer",
    "wrong_amount": "Saisissez un montant{bounds}.",
    "bounds_both": " de {least} à {most}",
    "bounds_least": " d'au moins {least}",
    "bounds_most": " d'au plus {most}",
    "link_over": "Ce lien n'est plus en service",
    "link_over_text": "Demandez-en un autre à {merchant}.",
    "link_paid": "Ce lien a été payé",
    "link_paid_text": "Il vaut pour un seul paiement, qui a eu lieu.",
    "gone": "Cette page n'existe pas",
    "gone_text": "Vérifiez l'adresse, ou demandez à qui vous l'a envoyée.",
    "often": "Trop d'essais",
    "often_text": "Attendez un moment, puis réessayez.",
    "prompts": (
        "Ce numéro a été sollicité trop souvent ces dernières minutes. Attendez dix minutes."
    ),
    "stale": "Quelque chose a changé entre-temps. Regardez à nouveau.",
    "broken": "Cela n'a pas marché",
    "broken_text": (
        "Nous n'avons pas pu répondre. Rien n'a été lancé deux fois : regardez à nouveau dans "
        "un instant."
    ),
    "escrow_title": "Votre commande chez {merchant}",
    "escrow_kept": "Cette part de votre paiement est gardée pour votre commande.",
    "escrow_timer": "Le {day}, elle revient d'elle-même à {merchant}.",
    "escrow_confirm": "J'ai reçu ma commande",
    "escrow_confirm_text": "Si tout va bien : {merchant} reçoit l'argent, et c'est définitif.",
    "escrow_wrong": "Un problème ?",
    "escrow_wrong_text": "L'argent ne bouge plus avant que deux personnes aient décidé.",
    "escrow_reason": "Ce qui ne va pas",
    "escrow_complain": "Bloquer l'argent",
    "escrow_created": "Cette commande n'est pas encore payée",
    "escrow_created_text": "Revenez quand vous aurez payé.",
    "escrow_disputed": "Nous savons qu'il y a un problème",
    "escrow_disputed_text": "L'argent ne bouge plus avant que deux personnes aient décidé.",
    "escrow_over": "Plus rien n'est gardé pour cette commande",
    "escrow_over_text": "Demandez à {merchant} s'il manque quelque chose.",
}
