"""Schema step 0005: partners."""

from migrations import script

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0005_partners.sql`."""
    script.run("0005_partners.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0005_partners_down.sql")
