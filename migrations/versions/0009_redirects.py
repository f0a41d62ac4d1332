"""Schema step 0009: redirects."""

from migrations import script

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0009_redirects.sql`."""
    script.run("0009_redirects.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0009_redirects_down.sql")
