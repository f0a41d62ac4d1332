"""Schema step 0026: house guards."""

from migrations import script

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0026_house_guards.sql`."""
    script.run("0026_house_guards.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0026_house_guards_down.sql")
