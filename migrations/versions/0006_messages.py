"""Schema step 0006: messages."""

from migrations import script

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0006_messages.sql`."""
    script.run("0006_messages.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0006_messages_down.sql")
