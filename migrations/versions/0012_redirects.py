"""Schema step 0012: redirects."""

from migrations import script

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0012_redirects.sql`."""
    script.run("0012_redirects.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0012_redirects_down.sql")
