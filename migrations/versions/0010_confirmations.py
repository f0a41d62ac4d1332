"""Schema step 0010: confirmations of collections are asked about."""

from migrations import script

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0010_confirmations.sql`."""
    script.run("0010_confirmations.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0010_confirmations_down.sql")
