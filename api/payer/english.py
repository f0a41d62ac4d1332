"""What the payer's page says in English. Names in braces are facts."""

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "title_pay": "Pay {merchant}",
    "skip": "Skip to the content",
    "languages": "Language",
    "page_of": "You pay",
    "to": "to {merchant}",
    "order": "Order {reference}",
    "test": "This is a test. No money moves.",
    "choose": "Your payment",
    "again": "Try again",
    "wrong": "Please check:",
    "label_phone": "Your phone number",
    "hint_phone": "The number of the account you pay from, for example {example}",
    "label_method": "How do you want to pay?",
    "hint_method": "Not sure? Leave it open: we find it by your number.",
    "page_hint": "You pay on its own page and come back here.",
    "label_email": "E-mail for your receipt (optional)",
    "label_sms": "Also send my receipt by text message",
    "pay": "Pay {amount}",
    "busy": "One moment…",
    "cancel": "Cancel",
    "none_fits": "No way to pay is available for this amount right now. Please try again later.",
    "wait_hint": (
        "Does not work right now. If you choose it, we ask your phone as soon as it works again."
    ),
    "queued": "{rail} does not work right now",
    "queued_text": (
        "Nothing was sent and nothing was taken. We keep your request and ask your phone for "
        "{amount} as soon as {rail} works again. You may close this page, or cancel."
    ),
    "missing_phone": "Enter your phone number.",
    "wrong_phone": "This is not a phone number we can use. Write it like {example}.",
    "missing_method": "Choose how you want to pay: the number alone does not tell.",
    "other_method": (
        "This number looks like {other}. Choose {other}, or press the button again to go on "
        "with {method}."
    ),
    "wrong_method": "This way to pay is not available. Choose another one.",
    "wrong_email": "This is not an e-mail address.",
    "card": "Never write a card number here.",
    "down": "{method} does not work right now. Choose another way to pay.",
    "waiting": "Check your phone",
    "asking": "We are asking {rail} for {amount} from {payer}.",
    "pin_mpesa": (
        "M-Pesa shows a request on your phone. Check the amount and enter your M-Pesa PIN."
    ),
    "pin_momo": (
        "MTN shows a request on your phone. If nothing appears, dial *126# (in some countries "
        "*165#) and look for pending approvals. Enter your MoMo PIN."
    ),
    "pin_airtel": "Airtel shows a request on your phone. Enter your Airtel Money PIN.",
    "pin_orange_cm": (
        "Orange asks you on your phone. If nothing appears, dial #150# and approve the "
        "payment with your secret code."
    ),
    "pin_any": "A request appears on your phone. Check the amount and enter your PIN.",
    "secret": "Type your PIN on your phone only. We never ask for it.",
    "moves": "This page changes by itself.",
    "look": "Look again",
    "help": "Nothing on your phone?",
    "help_on": "Is your phone switched on, unlocked and connected?",
    "help_slow": "A request can take a minute or two.",
    "help_done": "Have you entered your PIN already? Then just wait.",
    "help_number": (
        "Is {payer} the right number? If not, wait until this request has ended: you can then "
        "try again."
    ),
    "still": (
        "Still waiting. You may close this page: the payment goes on, and this address shows "
        "how it ended."
    ),
    "leave": "Go on at {rail}",
    "leave_text": "You pay {amount} on the page of {rail}. Come back to this page afterwards.",
    "leave_button": "Go on to {rail}",
    "preparing": "One moment",
    "preparing_text": "We are opening the page of {rail}.",
    "unknown": "Do not pay again",
    "unknown_text": (
        "{rail} has not told us clearly whether your payment of {amount} was made. We keep "
        "asking, and this page changes as soon as we know."
    ),
    "unknown_safe": (
        "If money left your account, it is not lost. If it did not, you can pay afterwards."
    ),
    "unknown_close": "You may close this page and come back later.",
    "paid": "Paid",
    "paid_text": "You paid {amount} to {merchant}. Thank you.",
    "receipt": "See your receipt",
    "back": "Back to {merchant}",
    "failed": "The payment was not made. No money was taken.",
    "why_insufficient_funds": "There was not enough money in the account.",
    "why_payer_cancelled": "The request was cancelled on the phone.",
    "why_prompt_expired": "The request was not answered in time.",
    "why_wrong_pin": "The PIN was wrong.",
    "why_payer_not_found": "This number has no account there.",
    "why_payer_unreachable": "The phone could not be reached.",
    "why_payer_busy": "Another request was still open on this phone. Wait a minute.",
    "why_limit_exceeded": "The amount is above what this account may pay.",
    "why_declined": "The payment was declined.",
    "why_maintenance": "The service is being maintained.",
    "why_other": "It did not work this time.",
    "canceled": "Canceled",
    "canceled_text": "Nothing was paid.",
    "expired": "This page has expired",
    "expired_text": "Nothing was paid. Ask {merchant} for a new payment page.",
    "exhausted": "No more tries",
    "exhausted_text": "Nothing was paid. Ask {merchant} for a new payment page.",
    "reversed": "Given back",
    "reversed_text": (
        "Your payment of {amount} was taken back. Ask {merchant} if you did not expect that."
    ),
    "canceling": "You asked to cancel. If {rail} takes the payment all the same, it counts.",
    "questions": "Questions? {merchant}: {contact}",
    "powered": "Payment page by Kauri",
    "receipt_title": "Receipt {number}",
    "refund_title": "Refund {number}",
    "r_merchant": "Merchant",
    "r_amount": "Amount",
    "r_fee": "Fee for you",
    "r_total": "Total",
    "r_method": "Paid with",
    "r_rail": "Receipt of {rail}",
    "r_date": "Date",
    "r_reference": "Reference",
    "r_contact": "Questions and complaints",
    "r_given": "Given back",
    "print": "Keep or print this page as your proof of payment.",
    "to_payment": "Back to the payment",
    "link_open": "How much do you want to pay?",
    "label_amount": "Amount in {currency}",
    "go": "Go on",
    "wrong_amount": "Enter an amount{bounds}.",
    "bounds_both": " from {least} to {most}",
    "bounds_least": " of {least} or more",
    "bounds_most": " of {most} at most",
    "link_over": "This link is no longer in use",
    "link_over_text": "Ask {merchant} for another one.",
    "link_paid": "This link has been paid",
    "link_paid_text": "It is good for one payment, and that was made.",
    "gone": "There is no such page",
    "gone_text": "Check the address, or ask whoever sent it to you.",
    "often": "Too many tries",
    "often_text": "Wait a moment, then try again.",
    "prompts": "This number was asked too often in the last minutes. Wait ten minutes.",
    "stale": "Something has changed in the meantime. Please look again.",
    "broken": "This did not work",
    "broken_text": "We could not answer. Nothing was started twice: look again in a moment.",
    "escrow_title": "Your order at {merchant}",
    "escrow_kept": "This much of your payment is kept safe for your order.",
    "escrow_timer": "On {day} it goes to {merchant} by itself.",
    "escrow_confirm": "I have what I ordered",
    "escrow_confirm_text": "If all is well: {merchant} gets the money. This cannot be undone.",
    "escrow_wrong": "Is something wrong?",
    "escrow_wrong_text": "The money then stays where it is until two people have decided.",
    "escrow_reason": "What is wrong",
    "escrow_complain": "Stop the money",
    "escrow_created": "This order is not paid yet",
    "escrow_created_text": "Look again once you have paid.",
    "escrow_disputed": "We know that something is wrong",
    "escrow_disputed_text": "The money stays where it is until two people have decided.",
    "escrow_over": "Nothing is kept for this order any more",
    "escrow_over_text": "Ask {merchant} if something is missing.",
}
