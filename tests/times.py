"""How times are told: what tests hold every answer and every event to."""

import json
import re
from typing import Any

import httpx

_LOOKS_LIKE_A_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*")
_TOLD = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


def told_otherwise(document: Any, at: str = "") -> list[str]:
    """Where a document tells a time in another form than `2026-11-21T10:00:00.000Z`."""
    if isinstance(document, dict):
        return [
            one for name, value in document.items() for one in told_otherwise(value, f"{at}/{name}")
        ]
    if isinstance(document, list):
        return [one for value in document for one in told_otherwise(value, at)]
    told = isinstance(document, str) and _LOOKS_LIKE_A_TIME.fullmatch(document)
    return [f"{at}: {document}"] if told and not _TOLD.fullmatch(document) else []


async def hold_answer(answer: httpx.Response) -> None:
    """Read with every JSON answer: its times are told in one form."""
    if "json" in answer.headers.get("content-type", "") and answer.url.path != "/openapi.json":
        wrong = told_otherwise(json.loads(await answer.aread() or b"null"))
        assert wrong == [], f"{answer.url.path} tells times in another form"
