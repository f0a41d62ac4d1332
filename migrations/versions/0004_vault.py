"""Schema step 0004: vault."""

from migrations import script

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply `sql/0004_vault.sql`."""
    script.run("0004_vault.sql")


def downgrade() -> None:
    """Undo it."""
    script.run("0004_vault_down.sql")
