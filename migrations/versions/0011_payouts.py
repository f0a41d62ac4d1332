"""Schema step 0011: results of payouts are asked about."""

from migrations import script

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0011_payouts.sql`."""
    script.run("0011_payouts.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0011_payouts_down.sql")
