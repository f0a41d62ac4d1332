"""Which methods payers can be asked by, and what each carries."""

from dataclasses import asdict

from fastapi import APIRouter
from starlette.responses import Response

from api import rail_view
from api.answers import answer
from api.deps import Reader, Wired
from api.schemas.problems import refusals
from api.schemas.providers import MethodList

router = APIRouter(prefix="/v1/providers", tags=["providers"])


@router.get("", response_model=MethodList, responses=refusals())
async def list_providers(_caller: Reader, parts: Wired) -> Response:
    """The live methods with their countries, currencies, limits and health."""
    data = [
        {
            "id": name,
            "object": "provider",
            "title": ready.offer.title,
            "countries": list(ready.offer.countries),
            "limits": [asdict(one) for one in ready.offer.limits],
            "available": await rail_view.available(parts, name),
            "health": await rail_view.health_of(parts, ready),
        }
        for name, ready in parts.providers.items()
        if ready.provider.collects is not None
    ]
    return answer({"object": "list", "data": data, "has_more": False, "next_cursor": None})
