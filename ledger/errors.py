"""What the ledger refuses, and the SQLSTATE the database says it with.

LedgerError
├── ScopeMissing      KL001  app.org or app.mode is not set, or was cleared before commit
├── ForeignAccount    KL002  the entry or one of its accounts is another organisation's
├── EntryDiffers      KL003  the id stands with other moves or another receipt: open a case
├── Overdrawn         KL004  a decided entry would take an account below zero
├── DoesNotHold       KL006  lines missing, unequal, of two currencies, or memo mixed with money
├── NotTheReverse     KL007  it does not turn round the entry it names
└── AppendOnly        KL008  history was to be changed

The transaction is lost with each of them; nothing of it is written.
"""

import psycopg


class LedgerError(Exception):
    """The ledger refused an entry; the transaction is aborted."""


class ScopeMissing(LedgerError):
    """The transaction belongs to no organisation."""


class ForeignAccount(LedgerError):
    """The entry reaches for another organisation."""


class EntryDiffers(LedgerError):
    """The entry id stands with other moves or another receipt."""


class Overdrawn(LedgerError):
    """An entry we decide would overdraw an account."""


class DoesNotHold(LedgerError):
    """The lines do not make a balanced, complete entry."""


class NotTheReverse(LedgerError):
    """The entry is not the reverse of the one it names."""


class AppendOnly(LedgerError):
    """Entries, lines and links are never changed or removed."""


BY_SQLSTATE: dict[str, type[LedgerError]] = {
    "KL001": ScopeMissing,
    "KL002": ForeignAccount,
    "KL003": EntryDiffers,
    "KL004": Overdrawn,
    "KL006": DoesNotHold,
    "KL007": NotTheReverse,
    "KL008": AppendOnly,
    "42501": ForeignAccount,  # the row-level policy refused the account's owner
}


def refusal_of(error: psycopg.Error) -> LedgerError | None:
    """The ledger's own error behind a database error; None when it is not the ledger's."""
    known = BY_SQLSTATE.get(error.sqlstate or "")
    return None if known is None else known(str(error).partition("\n")[0])
