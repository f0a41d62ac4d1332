"""Schema step 0002: ledger."""

from migrations import script

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0002_ledger.sql`."""
    script.run("0002_ledger.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0002_ledger_down.sql")
