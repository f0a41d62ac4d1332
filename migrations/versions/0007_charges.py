"""Schema step 0007: charges."""

from migrations import script

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0007_charges.sql`."""
    script.run("0007_charges.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0007_charges_down.sql")
