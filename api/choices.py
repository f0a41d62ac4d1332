"""What may be asked of a list: closed sets of words, each told to whoever misses it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import Query, Request
from fastapi.dependencies.models import Dependant
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from api.errors import Invalid
from models import ids
from models.event_types import EVENT_TYPES
from models.floats import FLOAT
from models.money import EXPONENTS
from models.saga_view import PREFIXES
from models.wording import WORDING


@dataclass(frozen=True, slots=True, init=False)
class Among:
    """One of these words; anything else is refused with all of them named."""

    words: tuple[str, ...]

    def __init__(self, words: Iterable[str]) -> None:
        object.__setattr__(self, "words", tuple(sorted(words)))

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._known, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "enum": list(self.words)}

    def _known(self, word: str) -> str:
        if word not in self.words:
            raise PydanticCustomError(
                "enum", "use one of {words}", {"words": ", ".join(self.words)}
            )
        return word


EventType = Annotated[str, Among(EVENT_TYPES)]
Letter = Annotated[str, Among(WORDING)]
Currency = Annotated[str, Among(EXPONENTS), Query(description="ISO 4217.")]
CaseState = Literal["open", "decided"]
#: The kinds of ids events are about, and letters.
TOLD_OF = (
    *(ids.PAYMENT, *PREFIXES.values(), ids.CREDENTIAL, ids.PRODUCT, ids.ENDPOINT, FLOAT, ids.ORG),
)
WRITTEN_OF = (*TOLD_OF, ids.CASE, ids.USER)


async def known_parameters(request: Request) -> None:
    """Nothing that is asked is passed over: raises Invalid for a name the route does not take."""
    if not request.query_params or request.method != "GET" or not of_the_api(request):
        return
    takes = sorted(_names(request.scope["route"].dependant))
    strange = [name for name in request.query_params if name not in takes]
    if strange:
        detail = f"not taken here; use one of {', '.join(takes)}" if takes else "not taken here"
        errors = [{"pointer": f"query/{name[:40]}", "detail": detail} for name in strange[:20]]
        raise Invalid(f"{errors[0]['pointer']}: {detail}", errors=errors)


def of_the_api(request: Request) -> bool:
    """Pages and providers' callbacks may carry whatever links to them add."""
    return request.url.path.startswith("/v1/")


def _names(dependant: Dependant) -> set[str]:
    own = {field.alias for field in dependant.query_params}
    return own.union(*(_names(one) for one in dependant.dependencies))
