"""Schema step 0023: terms."""

from migrations import script

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0023_terms.sql`."""
    script.run("0023_terms.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0023_terms_down.sql")
