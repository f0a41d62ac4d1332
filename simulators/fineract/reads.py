"""Questions: lists with their quirks, single records, search, calendar, configuration."""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import Request

from simulators.fineract import answers, shapes
from simulators.fineract.records import Client, Loan, User
from simulators.fineract.tenant import Tenant

Answer = dict[str, Any] | list[dict[str, Any]]
#: Tasks a checker may be asked for.
_CHECKABLE = ("DISBURSE_LOAN", "DISBURSALUNDO_LOAN", "REPAYMENT_LOAN", "DEPOSIT_SAVINGSACCOUNT")


def loans(tenant: Tenant, user: User, request: Request) -> Answer:
    """A page. Without an order rows come as last touched; `offset` counts only with `limit`."""
    query = request.query_params
    found = [loan for loan in tenant.loans.values() if _in_sight(tenant, user, loan)]
    if tenant.switches.modern and "status" in query:
        wanted = _status(query["status"])
        found = [loan for loan in found if loan.status == wanted]
    for name, read in _FILTERS.items():
        if name in query:
            found = [loan for loan in found if read(loan) == query[name]]
    if query.get("orderBy") in {"id", "l.id"}:
        found.sort(key=lambda loan: loan.id, reverse=query.get("sortOrder", "ASC") == "DESC")
    else:
        found.sort(key=lambda loan: -loan.touched)
    shown = found
    if "limit" in query:
        start = int(query.get("offset", 0))
        shown = found[start : start + int(query["limit"])]
    rows = [shapes.listed_loan(tenant, loan) for loan in shown]
    return {"totalFilteredRecords": len(found), "pageItems": rows}


def loan(tenant: Tenant, user: User, request: Request) -> Answer:
    """One loan; without `associations` the basic object only."""
    key = int(request.path_params["id"])
    found = tenant.loans.get(key)
    if found is None or not _in_sight(tenant, user, found):
        raise answers.not_found("loan", key)
    return shapes.whole_loan(tenant, found, _associations(request))


def loan_by_external_id(tenant: Tenant, user: User, request: Request) -> Answer:
    """One loan by the lender's own name for it."""
    key = request.path_params["external_id"]
    for found in tenant.loans.values():
        if found.external_id == key and _in_sight(tenant, user, found):
            return shapes.whole_loan(tenant, found, _associations(request))
    raise answers.not_found("loan", key)


def savings(tenant: Tenant, user: User, request: Request) -> Answer:
    """A savings account."""
    key = int(request.path_params["id"])
    found = tenant.savings.get(key)
    if found is None or not _sees(user, tenant.clients[found.client_id]):
        raise answers.not_found("savingsaccount", key)
    return shapes.savings(tenant, found, _associations(request))


def client(tenant: Tenant, user: User, request: Request) -> Answer:
    """A borrower."""
    return shapes.client(_client(tenant, user, request))


def client_accounts(tenant: Tenant, user: User, request: Request) -> Answer:
    """Loans and savings accounts of a borrower."""
    of = _client(tenant, user, request)
    return {
        "loanAccounts": [
            {
                "id": loan.id,
                "accountNo": loan.account_no,
                "externalId": loan.external_id,
                "status": shapes.status(loan.status),
            }
            for loan in tenant.loans.values()
            if loan.client_id == of.id
        ],
        "savingsAccounts": [
            {
                "id": account.id,
                "accountNo": account.account_no,
                "externalId": account.external_id,
                "status": shapes.savings_status(active=account.active),
            }
            for account in tenant.savings.values()
            if account.client_id == of.id
        ],
    }


def search(tenant: Tenant, user: User, request: Request) -> Answer:
    """Clients, loans and savings accounts with that number, id, name or phone."""
    query = request.query_params
    sought, exact = query.get("query", ""), query.get("exactMatch") == "true"
    wanted = query.get("resource", "clients,loans,savings").split(",")

    def fits(*names: str | None) -> bool:
        return any(sought == name or (not exact and sought in name) for name in names if name)

    return [hit for kind in wanted if kind in _HITS for hit in _HITS[kind](tenant, user, fits)]


def products(tenant: Tenant, _user: User, _request: Request) -> Answer:
    """Every product: a plain array."""
    return [shapes.product(of) for of in tenant.products.values()]


def payment_types(tenant: Tenant, _user: User, _request: Request) -> Answer:
    """Every payment type; ids differ per tenant."""
    return [shapes.payment_type(of) for of in tenant.payment_types.values()]


def business_dates(tenant: Tenant, _user: User, _request: Request) -> Answer:
    """The business date where the feature is on."""
    on = tenant.switches.business_date
    if on is None:
        return []
    return [{"type": "BUSINESS_DATE", "date": shapes.day(on.isoformat())}]


def holidays(tenant: Tenant, _user: User, _request: Request) -> Answer:
    """Holidays of an office."""
    return [
        {
            "id": number,
            "name": holiday.name,
            "fromDate": shapes.day(holiday.first.isoformat()),
            "toDate": shapes.day(holiday.last.isoformat()),
            "status": {"id": 300, "code": "holidayStatusType.active", "value": "Active"},
        }
        for number, holiday in enumerate(tenant.switches.holidays, 1)
    ]


def working_days(tenant: Tenant, _user: User, _request: Request) -> Answer:
    """The week."""
    return {"id": 1, "recurrence": f"FREQ=WEEKLY;INTERVAL=1;BYDAY={tenant.switches.working_days}"}


def configurations(tenant: Tenant, _user: User, _request: Request) -> Answer:
    """Global switches."""
    set_so = tenant.switches
    named = {
        "maker-checker": bool(set_so.maker_checker),
        "enable-business-date": set_so.business_date is not None,
        "allow-transactions-on-holiday": set_so.allow_holiday,
        "allow-transactions-on-non_workingday": set_so.allow_non_working_day,
    }
    lines = [{"name": name, "enabled": enabled} for name, enabled in named.items()]
    return {"globalConfiguration": lines}


def permissions(tenant: Tenant, _user: User, _request: Request) -> Answer:
    """Tasks a checker may be asked for; `selected`: one is."""
    return [
        {"code": code, "selected": code in tenant.switches.maker_checker} for code in _CHECKABLE
    ]


def hooks(tenant: Tenant, _user: User, _request: Request) -> Answer:
    """Every hook."""
    return [shapes.hook(of) for of in tenant.hooks.values()]


_FILTERS: dict[str, Callable[[Loan], str | None]] = {
    "externalId": lambda loan: loan.external_id,
    "accountNo": lambda loan: loan.account_no,
}
_Fits = Callable[..., bool]


def _client_hits(tenant: Tenant, user: User, fits: _Fits) -> Iterator[dict[str, Any]]:
    for of in tenant.clients.values():
        if _sees(user, of) and fits(of.account_no, of.external_id, of.name, of.mobile):
            yield _hit("CLIENT", of, of.name) | {"entityMobileNo": of.mobile}


def _account_hits(kind: str, table: str) -> Callable[..., Iterator[dict[str, Any]]]:
    def hits(tenant: Tenant, user: User, fits: _Fits) -> Iterator[dict[str, Any]]:
        for of in getattr(tenant, table).values():
            owner = tenant.clients[of.client_id]
            if _sees(user, owner) and fits(of.account_no, of.external_id):
                yield _hit(kind, of, owner.name) | {"parentId": owner.id, "parentName": owner.name}

    return hits


_HITS: dict[str, Callable[..., Iterator[dict[str, Any]]]] = {
    "clients": _client_hits,
    "loans": _account_hits("LOAN", "loans"),
    "savings": _account_hits("SAVING", "savings"),
}


def _hit(kind: str, of: Any, name: str) -> dict[str, Any]:
    return {
        "entityId": of.id,
        "entityAccountNo": of.account_no,
        "entityExternalId": of.external_id,
        "entityName": name,
        "entityType": kind,
    }


def _client(tenant: Tenant, user: User, request: Request) -> Client:
    key = int(request.path_params["id"])
    found = tenant.clients.get(key)
    if found is None or not _sees(user, found):
        raise answers.not_found("client", key)
    return found


def _in_sight(tenant: Tenant, user: User, loan: Loan) -> bool:
    return _sees(user, tenant.clients[loan.client_id])


def _sees(user: User, client: Client) -> bool:
    """The head office sees all, a branch its own."""
    return user.office_id in {1, client.office_id}


def _associations(request: Request) -> set[str]:
    return set(request.query_params.get("associations", "").split(","))


def _status(text: str) -> int:
    """A status id; anything else is a server error, not a 400."""
    if not text.isdecimal():
        raise answers.broken()
    return int(text)
