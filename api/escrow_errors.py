"""What is refused about escrows: a branch of the tree in api/errors.py."""

from api.errors import Conflict


class EscrowHoldsNothing(Conflict):
    """The escrow was not paid yet, or all of its money has left; `status` says which."""

    code, title = "escrow_holds_nothing", "The escrow holds no money"


class EscrowDisputed(Conflict):
    """While a dispute is open nothing leaves the escrow."""

    code, title = "escrow_disputed", "The escrow is disputed"


class EscrowNotDisputed(Conflict):
    """There is no open dispute to decide."""

    code, title = "escrow_not_disputed", "The escrow is not disputed"


class EscrowOwedBack(Conflict):
    """Two people gave a part to the payer, its refund failed, and nobody has decided since."""

    code, title = "escrow_owed_back", "The payer was given what the escrow holds"


class EscrowTooSmall(Conflict):
    """More was asked for than is left; `left` is minor units nobody has decided about."""

    code, title = "escrow_too_small", "Less is left in the escrow"


class EscrowRuleRefuses(Conflict):
    """The escrow's own rule does not let money go this way."""

    code, title = "escrow_rule_refuses", "The escrow is not released this way"


class EscrowReferenceInUse(Conflict):
    """Another escrow has the reference."""

    code, title = "escrow_reference_in_use", "Another escrow has this reference"
