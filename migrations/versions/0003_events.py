"""Schema step 0003: events."""

from migrations import script

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0003_events.sql`."""
    script.run("0003_events.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0003_events_down.sql")
