"""Schema step 0017: batches."""

from migrations import script

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0017_batches.sql`."""
    script.run("0017_batches.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0017_batches_down.sql")
