"""Schema step 0009: safeguards of partners, and the languages they are written in."""

from migrations import script

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0009_safeguards.sql`."""
    script.run("0009_safeguards.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0009_safeguards_down.sql")
