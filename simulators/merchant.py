"""A demo merchant: receives Kauri's webhooks, checks their signatures, remembers the order."""

import asyncio
import json
from collections import deque
from typing import Any

from fastapi import FastAPI, Request, Response
from standardwebhooks.webhooks import EmptyWebhookSecretError, Webhook, WebhookVerificationError


class Merchant:
    """Webhook inboxes by name. An inbox without a secret verifies nothing."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self._secrets: dict[str, list[Webhook]] = {}
        self._answers: deque[tuple[int, float]] = deque()

    def trust(self, inbox: str, secrets: list[str]) -> None:
        """Signatures by any of these `whsec_` secrets verify; raises ValueError for a bad one."""
        try:
            self._secrets[inbox] = [Webhook(secret) for secret in secrets]
        except EmptyWebhookSecretError as empty:
            raise ValueError(str(empty)) from empty

    def answer(self, *, status: int, seconds: float, times: int) -> None:
        """The next `times` deliveries are answered so, after `seconds`."""
        self._answers.extend([(status, seconds)] * times)

    def reset(self) -> None:
        """Forget what was received, the secrets and the orders."""
        self.received.clear()
        self._secrets.clear()
        self._answers.clear()

    def app(self) -> FastAPI:
        """POST /hooks/{inbox}."""
        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.add_api_route("/hooks/{inbox}", self.hook, methods=["POST"])
        return app

    async def hook(self, request: Request) -> Response:
        """Take one delivery: 204, or as ordered."""
        inbox, body = request.path_params["inbox"], await request.body()
        status, seconds = self._answers.popleft() if self._answers else (204, 0.0)
        self.received.append(
            {
                "order": len(self.received) + 1,
                "inbox": inbox,
                "id": request.headers.get("webhook-id", ""),
                "verified": self._verified(inbox, body, dict(request.headers)),
                "answered": status,
                **_facts(body),
            }
        )
        await asyncio.sleep(seconds)
        return Response(status_code=status)

    def _verified(self, inbox: str, body: bytes, headers: dict[str, str]) -> bool:
        return any(_signed(secret, body, headers) for secret in self._secrets.get(inbox, []))


def _signed(secret: Webhook, body: bytes, headers: dict[str, str]) -> bool:
    try:
        secret.verify(body, headers, json_parse=False)
    except (WebhookVerificationError, ValueError):
        return False
    return True


def _facts(body: bytes) -> dict[str, Any]:
    """Type, object and sequence of an event; None where the body does not say."""
    try:
        event = json.loads(body)
    except ValueError:
        event = None
    event = event if isinstance(event, dict) else {}
    data = event.get("data")
    data = data if isinstance(data, dict) else {}
    about = data.get("object")
    about = about if isinstance(about, dict) else {}
    return {
        "type": event.get("type"),
        "object": about.get("id"),
        "sequence": data.get("sequence", event.get("sequence")),
    }
