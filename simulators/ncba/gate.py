"""What stands before the bank: its firewall, its subscription keys, its tokens."""

from fastapi import Request

from simulators.door import Refused
from simulators.ncba import answers
from simulators.settings import Settings
from simulators.tokens import Tokens

#: Of open banking; the till has tokens of its own.
PRODUCT = "open-banking"
_LIBRARIES = ("python-", "httpx", "aiohttp")


class Gate:
    """Raises Refused for whoever may not pass."""

    def __init__(self, settings: Settings, tokens: Tokens) -> None:
        self._settings = settings
        self._tokens = tokens

    def check_caller(self, request: Request) -> None:
        """A page for callers the firewall dislikes, 401 for those without our subscription."""
        agent = request.headers.get("user-agent", "").lower()
        if not agent or agent.startswith(_LIBRARIES):
            raise Refused(answers.firewall())
        sent = request.headers.get("ocp-apim-subscription-key", "")
        if sent != self._settings.ncba_subscription_key:
            raise Refused(answers.gateway(401, "Access denied due to invalid subscription key"))

    def check(self, request: Request) -> None:
        """As check_caller, and the token lives."""
        self.check_caller(request)
        if self._tokens.user(request.headers.get("authorization", ""), PRODUCT) is None:
            raise Refused(answers.unauthorized())
