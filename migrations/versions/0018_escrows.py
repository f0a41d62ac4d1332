"""Schema step 0018: escrows."""

from migrations import script

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0018_escrows.sql`."""
    script.run("0018_escrows.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0018_escrows_down.sql")
