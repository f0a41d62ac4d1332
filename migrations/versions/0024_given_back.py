"""Schema step 0024: given back."""

from migrations import script

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0024_given_back.sql`."""
    script.run("0024_given_back.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0024_given_back_down.sql")
