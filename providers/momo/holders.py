"""Who holds a wallet, as MTN tells it. Pure; never raises."""

from models.money_out import Holder
from models.reading import Reading
from providers.http import Answer
from providers.momo.errors import read_error
from providers.names import same_name
from providers.readings import about_no_money
from providers.wire import parse, text


def active_in(answer: Answer) -> bool | None:
    """Whether the number has an open wallet; None where MTN does not say."""
    said = parse(answer.body) or {}
    if answer.status == 404 and text(said.get("code")) == "RESOURCE_NOT_FOUND":
        return False
    result = (text(said.get("result")) or "").lower()
    return {"true": True, "false": False}.get(result) if answer.status == 200 else None


def named_in(answer: Answer, known_as: str | None) -> Holder:
    """The name of an open wallet, compared with the one we know; some markets tell none."""
    said = (parse(answer.body) if answer.status == 200 else None) or {}
    parts = (text(said.get("given_name")), text(said.get("family_name")))
    name = text(said.get("name")) or " ".join(filter(None, parts)) or None
    return Holder(active=True, name=name, matches=same_name(name, known_as))


def read_active(body: bytes, http_status: int = 200) -> Reading:
    """Whether a wallet is open: says nothing about money; the word is the code."""
    said = parse(body) if http_status == 200 else None
    if said is None or "result" not in said:
        return about_no_money(read_error(body, http_status))
    return Reading(verdict=None, provider_code=text(said.get("result")))


def read_user_info(body: bytes, http_status: int = 200) -> Reading:
    """Whose wallet it is: says nothing about money. The name stays out of the reading."""
    said = parse(body) if http_status == 200 else None
    if said is None or not {"name", "given_name", "family_name"} & said.keys():
        return about_no_money(read_error(body, http_status))
    return Reading(verdict=None, provider_code=text(said.get("status")))
