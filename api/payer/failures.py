"""What went wrong, as a page: in the reader's language, without a code."""

from collections.abc import Mapping

from fastapi import Request
from starlette.responses import Response

from api.errors import Problem
from api.payer.forms import FormStale
from api.payer.html import page
from api.payer.reading import language_for
from api.payer.view import everybody, frame
from api.payer.words import Voice

_PHRASES: Mapping[int, str] = {401: "gone", 404: "gone", 429: "often"}


def failure(problem: Problem, request: Request) -> Response:
    """The problem as somebody who pays reads it; a stale form leads back to its page."""
    merchant = everybody()
    voice = Voice(language_for(request, merchant))
    phrase = _PHRASES.get(problem.status, "broken")
    status = 404 if phrase == "gone" else problem.status
    told = voice("stale") if isinstance(problem, FormStale) else voice(f"{phrase}_text")
    path = request.url.path.removesuffix("/cancel")
    facts = {
        **frame(voice, merchant, path, livemode=True),
        "title": voice(phrase),
        "heading": voice(phrase),
        "told": told,
        "look": voice("look") if phrase != "gone" else None,
    }
    answer = page("told.html", facts, status)
    answer.headers.update(problem.headers)
    return answer
