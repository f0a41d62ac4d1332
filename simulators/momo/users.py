"""Sandbox provisioning: API users, their keys and callback hosts."""

import json
import secrets
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import JSONResponse

from simulators.door import Refused
from simulators.momo import answers, orders
from simulators.settings import Settings


@dataclass(slots=True)
class _User:
    host: str
    key: str = ""


class Users:
    """API users by id; the one of the settings exists from the start."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        host = settings.momo_callback_host
        self._known = {
            settings.momo_api_user: _User(host, settings.momo_api_key),
            settings.momo_disbursement_api_user: _User(host, settings.momo_disbursement_api_key),
        }

    def check_subscription(self, request: Request, product: str) -> None:
        """Raises Refused where the subscription key is not the product's."""
        sent = request.headers.get("ocp-apim-subscription-key", "")
        keys = {
            "collection": self._settings.momo_subscription_key,
            "disbursement": self._settings.momo_disbursement_subscription_key,
        }
        if sent != keys[product]:
            raise Refused(answers.wrong_subscription())

    def key_of(self, user: str) -> str:
        """The API key of a user; empty where there is none."""
        known = self._known.get(user)
        return known.key if known else ""

    def host_of(self, user: str) -> str:
        """The host callbacks of this user go to."""
        return self._known[user].host

    async def create(self, request: Request) -> Response:
        """POST /v1_0/apiuser."""
        self.check_subscription(request, "collection")
        user = orders.reference(request)
        if user in self._known:
            return answers.error(409, "RESOURCE_ALREADY_EXIST")
        try:
            host = json.loads(await request.body())["providerCallbackHost"]
        except (ValueError, KeyError, TypeError) as wrong:
            raise Refused(answers.bad_request("providerCallbackHost")) from wrong
        self._known[user] = _User(str(host))
        return Response(status_code=201)

    async def show(self, request: Request) -> Response:
        """GET /v1_0/apiuser/{user}."""
        known = self._find(request)
        environment = self._settings.momo_target_environment
        return JSONResponse({"providerCallbackHost": known.host, "targetEnvironment": environment})

    async def new_key(self, request: Request) -> Response:
        """POST /v1_0/apiuser/{user}/apikey; the former key is dead."""
        known = self._find(request)
        known.key = secrets.token_hex(16)
        return JSONResponse({"apiKey": known.key}, 201)

    def _find(self, request: Request) -> _User:
        self.check_subscription(request, "collection")
        known = self._known.get(request.path_params["user"])
        if known is None:
            raise Refused(answers.error(404, "RESOURCE_NOT_FOUND"))
        return known
