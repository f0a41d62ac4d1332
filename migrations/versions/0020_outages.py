"""Schema step 0020: outages."""

from migrations import script

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0020_outages.sql`."""
    script.run("0020_outages.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0020_outages_down.sql")
