"""Whose short code it is, and whether an account is there. Pure; never raises."""

from models.banking import ShortCodeCheck
from models.money_out import Holder
from models.reading import Reading
from providers.ncba.errors import ACCEPTED, code_in, error_in, is_firewall, read_error
from providers.readings import UNREADABLE, about_a_question, about_no_money
from providers.wire import masked, parse, text


def read_owner(body: bytes, http_status: int = 200, *, asked: str) -> ShortCodeCheck:
    """HTTP 200 answers unknown short codes too: only 000 with a name is an owner."""
    answer = (parse(body) if http_status // 100 == 2 else None) or {}
    code = code_in(answer)
    if code is None or is_firewall(body, http_status):
        reading = about_a_question(read_error(body, http_status))
        return ShortCodeCheck(name=None, reading=reading)
    if code not in ACCEPTED:
        return ShortCodeCheck(name=None, reading=error_in(answer, http_status))
    name = text(answer.get("OrganizationName"))
    echoed = text(answer.get("origanizationShortCode"))  # spelled so by the bank
    if name is None or echoed not in {None, asked}:
        return ShortCodeCheck(name=None, reading=UNREADABLE)
    said = Reading(verdict=None, provider_code=code, provider_message=masked(name))
    return ShortCodeCheck(name=name, reading=said)


#: PesaLink's own word for a good account.
_THERE = "00"


def read_account(body: bytes, http_status: int = 200) -> Holder:
    """HTTP 200 answers accounts that are not there too; whose it is, is not told."""
    code = _validated(body, http_status)
    return Holder(active=None if code is None else code == _THERE)


def read_validation(body: bytes, http_status: int = 200) -> Reading:
    """The same for people to read: says nothing about money."""
    code = _validated(body, http_status)
    if code is None:
        return about_no_money(read_error(body, http_status))
    words = masked((parse(body) or {}).get("StatusMessage"))
    return Reading(verdict=None, provider_code=code, provider_message=words)


def _validated(body: bytes, http_status: int) -> str | None:
    if http_status // 100 != 2 or is_firewall(body, http_status):
        return None
    return text((parse(body) or {}).get("StatusCode"))
