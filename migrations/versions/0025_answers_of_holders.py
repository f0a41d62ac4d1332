"""Schema step 0025: answers of holders."""

from migrations import script

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0025_answers_of_holders.sql`."""
    script.run("0025_answers_of_holders.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0025_answers_of_holders_down.sql")
