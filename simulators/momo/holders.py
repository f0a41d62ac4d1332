"""Who holds a wallet, and whether it is open: the same under both products."""

from collections.abc import Callable, Mapping

from fastapi import FastAPI, Request, Response

from simulators import faults
from simulators.door import Refused
from simulators.faults import Outcome
from simulators.momo import answers, sandbox

_NAME = {
    "sub": "0",
    "name": "Awa Ngo Ndoumbe",
    "given_name": "Awa",
    "family_name": "Ngo Ndoumbe",
    "birthdate": "1990-01-01",
    "locale": "fr_CM",
    "gender": "FEMALE",
    "status": "ACTIVE",
    "updated_at": "1700000000",
}


class Holders:
    """Routes of look-ups. `say` answers as the account calls are ordered to."""

    def __init__(
        self,
        authorise: Callable[[Request], str],
        say: Callable[[Request, Mapping[str, object]], Response],
    ) -> None:
        self._authorise, self._say = authorise, say

    def mount(self, app: FastAPI) -> None:
        """Put the routes into the application."""
        for product in ("collection", "disbursement"):
            holder = f"/{product}/v1_0/accountholder/msisdn/{{msisdn}}"
            app.add_route(f"{holder}/active", self.active, methods=["GET"])
            app.add_route(f"{holder}/basicuserinfo", self.user_info, methods=["GET"])

    async def active(self, request: Request) -> Response:
        """Whether a number has a wallet."""
        number = self._number(request)
        known = faults.of_number(number).outcome is not Outcome.NOT_FOUND
        return self._say(request, {"result": known and number != sandbox.INACTIVE})

    async def user_info(self, request: Request) -> Response:
        """Whose wallet it is."""
        self._number(request)
        return self._say(request, _NAME)

    def _number(self, request: Request) -> str:
        self._authorise(request)
        number = str(request.path_params["msisdn"])
        refusal = sandbox.ACCOUNT_ERRORS.get(number)
        if refusal:
            raise Refused(answers.error(*refusal))
        return number
