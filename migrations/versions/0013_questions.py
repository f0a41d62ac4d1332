"""Schema step 0013: questions."""

from migrations import script

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0013_questions.sql`."""
    script.run("0013_questions.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0013_questions_down.sql")
