"""The command `kauri`. Each command's module is imported when it is asked for."""

import importlib
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

#: Command: module and what in it; a Typer is a group of commands.
COMMANDS = {
    "up": "cli.up:up",
    "down": "cli.up:down",
    "status": "cli.up:status",
    "doctor": "cli.doctor:doctor",
    "migrate": "cli.migrate:migrate",
    "keys": "cli.keys:keys_app",
    "orgs": "cli.orgs:orgs_app",
    "partners": "cli.partners:partners_app",
    "decode": "cli.decode:decode",
    "ledger": "cli.ledger:ledger_app",
    "payments": "cli.operator:payments_app",
    "cases": "cli.operator:cases_app",
    "exceptions": "cli.exceptions:exceptions_app",
    "wallet": "cli.wallet:wallet_app",
    "loans": "cli.loans:loans_app",
    "escrow": "cli.escrow:escrow_app",
    "float": "cli.float:float_app",
    "payouts": "cli.payouts:payouts_app",
    "refunds": "cli.refunds:refunds_app",
    "bank": "cli.bank:bank_app",
    "providers": "cli.providers:providers_app",
    "messages": "cli.messages:messages_app",
    "codec-server": "cli.codec_server:codec_server",
    "demo": "cli.demo.command:demo",
    "sweep": "cli.sweep.command:sweep",
}
#: These look after stacks themselves; all others join the one in the state folder.
_APART = {"up", "down", "status", "doctor", "migrate", "decode", "demo", "sweep"}


class OnDemand(TyperGroup):
    """Commands by name, loaded one by one: `kauri decode` does not wait for a server's code."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - signature of the base class
        """Every command there is."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | TyperGroup | None:  # noqa: ARG002 - signature of the base class
        """The command of that name, or None."""
        return load(cmd_name) if cmd_name in COMMANDS else None


def load(name: str) -> TyperCommand | TyperGroup:
    """Import a command."""
    if name not in _APART:
        from cli.stack.joining import join  # noqa: PLC0415 - most commands do without

        join()
    module, _, attribute = COMMANDS[name].partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if not isinstance(found, typer.Typer):
        single = typer.Typer(add_completion=False)
        single.command(name)(found)
        command: Any = typer.main.get_command(single)
    else:
        command = typer.main.get_group(found)
    command.name = name
    return command  # type: ignore[no-any-return]  # Typer's own click classes are untyped here


app = typer.Typer(
    cls=OnDemand, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
)


@app.callback()
def _kauri() -> None:
    """Payment sagas on Temporal: mobile money that is never lost and never paid twice."""


def main() -> None:
    """Run the command line."""
    app(prog_name="kauri")


if __name__ == "__main__":
    main()
