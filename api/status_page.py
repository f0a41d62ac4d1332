"""The public status page: what works, in plain words. Nothing on it is about one organisation."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from typing import Any

from api import rail_view
from api.parts import Parts
from api.rail_view import WORDS
from models.moments import moment
from models.rail_health import WORST, RailState

_TITLES = {"collect": "Payments", "payout": "Payouts", "refund": "Refunds"}
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1b1b;background:#fff}table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #d8d8d8}"
    ".up{color:#0b5d1e}.degraded,.half_open{color:#7a4b00}.open{color:#a30000}"
    ".maintenance{color:#0b4a8f}strong{font-weight:600}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
#: No script, nothing from elsewhere; the one style is named by its digest.
HEADERS = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "public, max-age=5",
}
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="refresh" content="30"><title>Status</title><style>{style}</style></head>
<body><main><h1>Status</h1><p class="{state}"><strong>{summary}</strong></p>
<table><caption>Payment methods</caption><thead><tr><th scope="col">Method</th>
<th scope="col">For</th><th scope="col">State</th><th scope="col">Since (UTC)</th></tr></thead>
<tbody>{rails}</tbody></table>{windows}{changes}
<p>Read by programs: <a href="/status.json">status.json</a></p></main></body></html>
"""
_SUMMARIES = {
    RailState.UP: "Everything works.",
    RailState.DEGRADED: "Some calls to a provider fail; they are tried again.",
    RailState.HALF_OPEN: "A provider is coming back.",
    RailState.OPEN: "A provider does not answer. Other methods work.",
    RailState.MAINTENANCE: "A provider is in maintenance.",
}


async def document(parts: Parts) -> dict[str, Any]:
    """The status as JSON."""
    titles = rail_view.titles(parts)
    known = await parts.rails.all()
    rails = [
        {
            "provider": rail.provider,
            "title": titles[rail.provider],
            "country": rail.country or None,
            "operation": str(rail.operation),
            "state": str(circuit.state),
            "since": moment(circuit.since),
        }
        for rail, circuit in known.items()
        if rail.provider in titles
    ]
    notices = await parts.board.notices()
    states = [circuit.state for rail, circuit in known.items() if rail.provider in titles]
    return {
        "object": "status",
        "state": str(max(states, key=WORST.index, default=RailState.UP)),
        "rails": rails,
        "maintenance": [_window(row) for row in notices.windows],
        "changes": [_change(row) for row in notices.changes],
    }


def page(status: Mapping[str, Any]) -> str:
    """The same for people."""
    state = RailState(status["state"])
    titles = {one["provider"]: one["title"] for one in status["rails"]}
    return _PAGE.format(
        style=_STYLE,
        state=state,
        summary=_SUMMARIES[state],
        rails="".join(_row(one) for one in status["rails"]),
        windows=_listed("Maintenance ahead", [_ahead(o, titles) for o in status["maintenance"]]),
        changes=_listed("Last seven days", [_past(one, titles) for one in status["changes"]]),
    )


def _window(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "provider": row["provider"],
        "operation": row["operation"],
        "from": moment(row["starts_at"]),
        "to": moment(row["ends_at"]),
    }


def _change(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "provider": row["provider"],
        "operation": row["operation"],
        "from_state": row["from_state"],
        "to_state": row["to_state"],
        "at": moment(row["at"]),
    }


def _row(one: Mapping[str, Any]) -> str:
    state = RailState(one["state"])
    where = f" ({escape(one['country'])})" if one["country"] else ""
    return (
        f"<tr><td>{escape(one['title'])}{where}</td><td>{_TITLES[one['operation']]}</td>"
        f'<td class="{state}">{WORDS[state]}</td><td>{_when(one["since"])}</td></tr>'
    )


def _ahead(one: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    what = _TITLES.get(one["operation"] or "", "Everything").lower()
    name = escape(titles.get(one["provider"], one["provider"]))
    return f"{name}, {what}: {_when(one['from'])} to {_when(one['to'])} UTC"


def _past(one: Mapping[str, Any], titles: Mapping[str, str]) -> str:
    name = escape(titles.get(one["provider"], one["provider"]))
    what, word = _TITLES[one["operation"]].lower(), WORDS[RailState(one["to_state"])]
    return f"{_when(one['at'])}: {name}, {what}: {word}"


def _listed(title: str, lines: Sequence[str]) -> str:
    if not lines:
        return ""
    return f"<h2>{title}</h2><ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"


def _when(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M}"
