"""Schema step 0016: payouts."""

from migrations import script

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0016_payouts.sql`."""
    script.run("0016_payouts.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0016_payouts_down.sql")
