"""The invariants of cases, credits of nobody and messages, as functions over facts.

Each gives what breaks it. What is still under way breaks I6: the sweep asks again until nothing
is broken, or the time is up.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from cli.demo.vault.bank import POOL
from cli.sweep.cells import CASE, CREDIT, EXCEPTION, MESSAGE
from cli.sweep.desk.cells import ACCEPT, GIVEN, REFUND
from cli.sweep.desk.endings import SUSPENDED, allowed
from cli.sweep.desk.facts import Facts
from cli.sweep.desk.filed import Filed
from cli.sweep.desk.notices import i3_believed
from cli.sweep.facts import Row
from cli.sweep.invariants import Violation
from models.messages import POLICIES, Channel, MessageClass

Found = Iterator[tuple[str, str]]
_TRUST, _BANK = f"bank:ncba:{POOL}:trust", "ncba"
#: Who holds what a word is about.
_HOUSE = {ACCEPT: "mpesa", REFUND: "momo"}
_WENT, _NEVER_WENT = {"submitted", "delivered"}, {"failed", "expired"}


def audit(facts: Facts) -> list[Violation]:
    """Everything that is broken."""
    return [
        Violation(invariant=invariant, payment=subject, says=says)
        for invariant, rule in RULES.items()
        for subject, says in rule(facts)
    ]


def stands(facts: Facts, one: Filed) -> str:
    """Where it stands, in one word."""
    if one.cell.saga == MESSAGE:
        text = next((row for row in facts.texts(one) if row["channel"] == Channel.SMS), None)
        return str(text["state"]) if text else "not told"
    cases = facts.cases_of(one)
    if one.cell.saga == CREDIT:
        return SUSPENDED if cases else "missing"
    return str((cases and cases[0]["decision"]) or "open")


def i3_once(facts: Facts) -> Found:
    """Money is held with one case; a decision is made by two people and told once."""
    for one in facts.of(CREDIT):
        cases = facts.cases_of(one)
        if len(cases) > 1 or any(case["state"] != "open" for case in cases):
            yield one.subject, f"{len(cases)} cases, {[case['state'] for case in cases]}"
    for one in facts.of(CASE, EXCEPTION):
        for case in facts.cases_of(one):
            if case["state"] == "decided" and len({case["actor"], case["approver"], None}) != 3:
                yield one.subject, "decided by fewer than two people"
    told = {row["step"]: row["times"] for row in facts.told}
    for one in facts.of(CASE):
        if stands(facts, one) != "open" and told.get(f"{one.subject}/decided") != 1:
            yield one.subject, "the decision is not told exactly once"


def i4_bank_agrees(facts: Facts) -> Found:
    """What came to the pool account and left it again is what we booked there."""
    for one in facts.of(CREDIT, EXCEPTION):
        lines = [line for line in facts.bank if abs(line["minor"]) == one.minor]
        moved, booked = sum(line["minor"] for line in lines), facts.lies(one, _TRUST)
        if moved != booked:
            yield one.subject, f"{moved} moved at the bank, {booked} is booked"


def i4_suspense_drained(facts: Facts) -> Found:
    """Undecided money lies in suspense; decided, it lies where the word says, to the cent."""
    for one in facts.of(CASE, CREDIT, EXCEPTION):
        for account, due in _due(facts, one).items():
            lies = -facts.lies(one, account)
            if lies != due:
                yield one.subject, f"{lies} lies in {account}, {due} is due"


def i5_sent_as_its_class_allows(facts: Facts) -> Found:
    """A message reaches its phone once, and again only as often as it may have been lost."""
    for one in facts.of(MESSAGE):
        for row in facts.texts(one):
            came, policy = _arrived(facts, one, row), POLICIES[MessageClass(row["class"])]
            if came > 1 + min(row["doubts"], policy.resends):
                yield one.subject, f"{row['channel']} came {came} times, {row['doubts']} doubts"
            if row["state"] in _WENT and not came:
                yield one.subject, f"{row['channel']} is {row['state']}, and nobody has it"
            if row["state"] in _NEVER_WENT and row["provider_ref"] is None and came:
                yield one.subject, f"{row['channel']} is {row['state']}, and came"


def i5_given_back_once(facts: Facts) -> Found:
    """What two people give back is one refund, which the payer has; anything else is none."""
    for one in facts.of(CASE):
        ended = [row["state"] for row in facts.refunds_of(one)]
        if ended != ["succeeded"] * (stands(facts, one) == REFUND):
            yield one.subject, f"decided {stands(facts, one)}, its refunds are {ended}"


def i6_ends(facts: Facts) -> Found:
    """Decided, held, or sent as far as it goes; the money of a message does not wait for it."""
    for one in facts.filed:
        if stands(facts, one) not in allowed(one.cell):
            yield one.subject, f"is {stands(facts, one)}"
    credited = {row["reference"] for row in facts.topups if row["state"] == "credited"}
    if len(credited) != len(facts.topups):
        yield "", "a top-up beside a message is not credited"


def i10_told(facts: Facts) -> Found:
    """One text and one mail per top-up, and neither waits any more."""
    for one in facts.of(MESSAGE):
        channels = Counter(row["channel"] for row in facts.texts(one))
        if channels != {Channel.SMS: 1, Channel.EMAIL: 1}:
            yield one.subject, f"told by {dict(channels)}"
        for row in facts.texts(one):
            if row["state"] in {"queued", "sending"}:
                yield one.subject, f"its {row['channel']} is {row['state']}"


def i11_no_orphans(facts: Facts) -> Found:
    """Nothing waits to be started or delivered, and no workflow is left behind."""
    for row in facts.waiting:
        yield "", row["says"]
    for name, status in facts.runs.items():
        if status not in {"COMPLETED", "NONE"}:
            yield "", f"the workflow {name} is {status}"
    for one in facts.of(CASE):
        if facts.runs[one.subject] != "COMPLETED":
            yield one.subject, f"its decision is {facts.runs[one.subject]}"


RULES: Mapping[str, Callable[[Facts], Found]] = {
    "I3": i3_once,
    "I3 believed": i3_believed,
    "I4": i4_bank_agrees,
    "I4 suspense": i4_suspense_drained,
    "I5": i5_sent_as_its_class_allows,
    "I5 given back": i5_given_back_once,
    "I6": i6_ends,
    "I10": i10_told,
    "I11": i11_no_orphans,
}


def _due(facts: Facts, one: Filed) -> dict[str, int]:
    """What has to lie in each place, by where it stands."""
    rail = _HOUSE[one.cell.provider] if one.cell.saga == CASE else _BANK
    word, wallet = stands(facts, one), f"partner:{facts.org}:wallet"
    undecided = word in {"open", SUSPENDED}
    due = {
        f"suspense:{rail}": one.minor * undecided,
        f"suspense:{rail}:held": 0,
    }
    return due if one.cell.saga == CASE else {**due, wallet: one.minor * (word == GIVEN)}


def _arrived(facts: Facts, one: Filed, message: Row) -> int:
    """How often it is in somebody's hands."""
    mail = message["channel"] == Channel.EMAIL
    texts = [text for text in facts.inbox if one.about and one.about in text["text"]]
    return sum((text["via"] == "smtp") == mail for text in texts)
