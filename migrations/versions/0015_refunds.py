"""Schema step 0015: refunds."""

from migrations import script

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0015_refunds.sql`."""
    script.run("0015_refunds.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0015_refunds_down.sql")
