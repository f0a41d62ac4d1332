"""Schema step 0014: money out."""

from migrations import script

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0014_money_out.sql`."""
    script.run("0014_money_out.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0014_money_out_down.sql")
