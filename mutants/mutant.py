"""A bug to plant, and the check that must turn red."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """A selection of tests (arguments of pytest) or of sweep cells (a pattern of --only)."""

    kind: str
    selection: tuple[str, ...]

    @property
    def shown(self) -> str:
        """As the table prints it."""
        return f"{self.kind} {' '.join(self.selection)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One bug: in `file`, `old` (found exactly once) becomes `new`."""

    name: str
    file: str
    old: str
    new: str
    caught_by: Check


def tests(*selection: str) -> Check:
    """Tests that must turn red."""
    return Check("pytest", selection)


def sweep(pattern: str) -> Check:
    """Cells of the sweep that must be violated."""
    return Check("sweep", (pattern,))
