"""Schema step 0022: rails."""

from migrations import script

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0022_rails.sql`."""
    script.run("0022_rails.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0022_rails_down.sql")
