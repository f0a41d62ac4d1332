"""A saga and everything that happened to it, printed."""

from typing import Any

from cli.calls import call, show

#: What says most about a thing that happened, in this order.
_NAMED = ("from", "to", "verdict", "type", "event", "rule", "cause", "state", "reason", "receipt")


def tell(where: str, key: str, *, as_json: bool) -> None:
    """An object of the API as its fields, then its story line by line; or both as one document."""
    shown, story = call("GET", where, key), call("GET", f"{where}/timeline", key)
    if as_json:
        show({**shown, "timeline": story["data"]}, (), as_json=True)
        return
    show(shown, (), as_json=False)
    lines = [{**item, "what": _line(item)} for item in story["data"]]
    show({"data": lines}, ("at", "kind", "what"), as_json=False)


def _line(item: dict[str, Any]) -> str:
    return " ".join(str(item[name]) for name in _NAMED if item.get(name))
