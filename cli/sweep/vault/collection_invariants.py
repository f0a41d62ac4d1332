"""What must hold of collections: what was paid, what we booked, what the lender booked, what
the client was told, and what people are asked to decide.
"""

from collections.abc import Iterator

from cli.sweep.facts import Row
from cli.sweep.invariants import Violation
from cli.sweep.vault.facts import Facts, name
from models.saga import SagaKind

Found = Iterator[tuple[str, str]]
#: In these the lender may or may not have booked it: nobody knows yet.
_OPEN = {"posting", "posting_unknown", "posting_review", "reversal_review"}
_GIVEN = {"repayment", "deposit"}
_HELD = {"unmatched_collection", "collection_not_confirmed"}
#: Somebody told us of money that M-Pesa does not confirm: it is booked until people say what it is.
_UNCONFIRMED = {"contradicted", "no_such_receipt", "not_confirmed"}
#: What the client is told, and how that text begins; partners are told of suspense by other words.
_TOLD, _BEGINS = "repayment_posted", "We received "
#: States of a message that has gone, as far as a gateway says.
_GONE = {"submitted", "delivered"}


def i4_repayments_agree(facts: Facts) -> Found:
    """The lender's books have what was posted, under its receipt, and nothing that was not."""
    for saga in _collections(facts):
        booked = sum(int(line["amount_minor"]) for line in repaid(facts, saga))
        due = saga["data"]["received"] if saga["state"] == "posted" else 0
        if booked != due and saga["state"] not in _OPEN:
            yield name(saga), f"the lender booked {booked}, {due} is due"


def i6_suspense_is_decided(facts: Facts) -> Found:
    """What nobody can be credited with has one case that people decide."""
    for saga in _collections(facts):
        cases = [case for case in facts.cases if case["saga_id"] == saga["id"]]
        held = [case for case in cases if case["kind"] in _HELD]
        if saga["state"] == "suspense" and len(held) != 1:
            yield name(saga), f"is in suspense with {len(held)} cases"


def i10_client_told(facts: Facts) -> Found:
    """What was posted is told once: one message, which nobody gets twice without a doubt."""
    for saga in _collections(facts):
        told = [row for row in _messages(facts, saga) if row["event"] == _TOLD]
        due = saga["state"] in {"posted", "reversed", "reversal_review"}
        if len(told) != due:
            yield name(saga), f"{len(told)} messages say that it was posted"
        for message in told:
            yield from _delivered(facts, saga, message)


def strangers(facts: Facts) -> list[Violation]:
    """Payments and postings that belong to no collection, when the facts hold all there are."""
    ours = {row["receipt"] for row in facts.claims} | {row["our_reference"] for row in facts.rung}
    lost = [
        f"{one['receipt']} was paid, and we do not know of it"
        for one in _paid(facts)
        if not {one["receipt"], one["reference"]} & ours
    ]
    odd = [
        f"{line['external_id']} stands in the lender's books, and is nobody's"
        for line in facts.mifos["transactions"]
        if line["kind"] in _GIVEN and not line["reversed"] and line["external_id"] not in ours
    ]
    return [Violation(invariant="I4", payment="", says=says) for says in [*lost, *odd]]


def collected(facts: Facts, saga: Row) -> int:
    """What M-Pesa took for it and kept: by the menu, or where the phone rang."""
    receipt = saga["data"].get("receipt")
    others = {row["receipt"] for row in facts.claims if row["id"] != saga["id"]}
    rung = {row["our_reference"] for row in facts.rung if row["saga_id"] == saga["id"]}
    own = [one for one in _paid(facts) if one["reference"] in rung or one["receipt"] == receipt]
    return sum(one["minor"] for one in own if one["receipt"] not in others)


def unconfirmed(saga: Row) -> bool:
    """True where only people can say whether the money ever came."""
    return saga["state"] == "suspense" and saga["data"].get("why") in _UNCONFIRMED


def repaid(facts: Facts, saga: Row) -> list[Row]:
    """What stands in the lender's books under its receipt."""
    receipt = saga["data"].get("receipt")
    lines = facts.mifos["transactions"]
    stands = [line for line in lines if line["kind"] in _GIVEN and not line["reversed"]]
    return [line for line in stands if receipt and line["external_id"] == receipt]


def _paid(facts: Facts) -> list[Row]:
    """Every payment that stands at M-Pesa, with its receipt and the reference the payer saw."""
    books = facts.mpesa["organisations"].values()
    by_menu = [one for book in books for one in book["collections"] if one["state"] == "completed"]
    menu = [
        {"receipt": one["receipt"], "reference": "", "minor": one["amount_minor"]}
        for one in by_menu
    ]
    codes = {row["our_reference"] for row in facts.rung}
    pushed = [
        {
            "receipt": one["receipt"],
            "reference": one["our_reference"],
            "minor": one["amount_minor"],
        }
        for one in facts.mpesa["debits"]
        if one["our_reference"] in codes
    ]
    return [*menu, *pushed]


def _delivered(facts: Facts, saga: Row, message: Row) -> Found:
    receipt = saga["data"]["receipt"]
    ours = [one for one in facts.texts if one["text"].startswith(_BEGINS)]
    texts = sum(receipt in one["text"] for one in ours)
    if texts > 1 + message["doubts"]:
        yield name(saga), f"the client was told {texts} times"
    if message["state"] in _GONE and not texts:
        yield name(saga), f"the message is {message['state']}, and nobody got it"
    if message["state"] in {"queued", "sending"} and not message["tries"]:
        yield name(saga), "the client has not been told yet"


def _messages(facts: Facts, saga: Row) -> list[Row]:
    return [row for row in facts.messages if row["about"] == name(saga)]


def _collections(facts: Facts) -> list[Row]:
    return [saga for saga in facts.sagas if saga["kind"] == SagaKind.COLLECTION]
