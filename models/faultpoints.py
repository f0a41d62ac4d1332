"""Named places where the sweep may kill a process. A no-op unless a hook is installed at boot."""

from collections.abc import Awaitable, Callable

_Hook = Callable[[str, str], Awaitable[None]]


async def _nothing(_name: str, _about: str) -> None:
    """Outside the sweep a fault point does nothing."""


_installed: list[_Hook] = [_nothing]


def install(hook: _Hook) -> None:
    """Replace the hook; called once at boot by `runtime.faults` when the setting is on."""
    _installed[0] = hook


async def reach(name: str, about: str = "") -> None:
    """Say that execution has come to `name` (`step.before` or `step.after`) for one object.

    `about` is its public id (a checkout's, an attempt's where only that is known).
    """
    await _installed[0](name, about)
