"""Commands started beside a stack speak to that stack, unless told otherwise."""

import os
from pathlib import Path

from cli.stack.plan import Plan, Wishes
from cli.stack.state import State

STATE_VARIABLE = "KAURI_STATE"


def state_folder() -> Path:
    """KAURI_STATE, or .kauri in the current folder."""
    return Path(os.environ.get(STATE_VARIABLE) or ".kauri")


def join() -> None:
    """Take the settings of the stack in the state folder, if there is one.

    Variables that are already set stay as they are; with KAURI_DATABASE_URL set nothing is taken.
    """
    state = State(state_folder())
    if "KAURI_DATABASE_URL" in os.environ or "ports" not in state.read():
        return
    plan = Plan(state, Wishes(), lambda _line: None)
    told = {**plan.environment, "KAURI_API_URL": plan.urls.api}
    for name, value in told.items():
        os.environ.setdefault(name, value)
