"""Schema step 0027: what is taken back leaves an escrow first."""

from migrations import script

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0027_taken_from_escrows.sql`."""
    script.run("0027_taken_from_escrows.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0027_taken_from_escrows_down.sql")
