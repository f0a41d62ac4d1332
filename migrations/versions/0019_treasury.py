"""Schema step 0019: treasury."""

from migrations import script

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0019_treasury.sql`."""
    script.run("0019_treasury.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0019_treasury_down.sql")
