"""Schema step 0001: core."""

from migrations import script

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0001_core.sql`."""
    script.run("0001_core.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0001_core_down.sql")
