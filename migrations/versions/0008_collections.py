"""Schema step 0008: collections."""

from migrations import script

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0008_collections.sql`."""
    script.run("0008_collections.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0008_collections_down.sql")
