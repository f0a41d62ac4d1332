"""Schema step 0021: pages."""

from migrations import script

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0021_pages.sql`."""
    script.run("0021_pages.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0021_pages_down.sql")
