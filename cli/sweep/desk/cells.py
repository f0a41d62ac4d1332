"""What the sweep tries on cases, credits of nobody and messages: kills, words, gateways' faults."""

from cli.sweep.cells import CASE, CREDIT, EXCEPTION, MESSAGE, VICTIMS, Cell, Point

#: What two people say; of `at_once` each of two pairs says another word at the same time.
ACCEPT, REFUND, AT_ONCE = "accept", "refund", "at_once"
GIVEN, RETURNED = "credit", "refunded"
XML, JSON = "account", "pay_bill"
AIRTOUCH, AFRICASTALKING = _GATEWAYS = ("airtouch", "africastalking")
ALL_DOWN, FIRST_DOWN, FORGED = "all_down", "first_down", "told_wrongly"

#: How the bank tells of money that is nobody's; the statement shows all of it.
_TELLINGS = ("paid", "told_both_ways", "told_to_nobody", FORGED)
#: How a gateway answers; neither stops a message that is sent to it twice.
_ANSWERS = (
    "paid",
    "lost_answer",
    "not_received",
    "reset_mid_body",
    "slow_drip",
    "error_after_accept",
    "rate_limited",
    "malformed_json",
    "html_error_page",
    "wrong_content_type",
)
#: How Africa's Talking reports delivery; AirTouch reports nothing.
_REPORTS = (
    "no_callback",
    "duplicate_callback",
    "out_of_order_callback",
    "callback_before_response",
    "contradictory_callback",
    "pending_for_ever",
    "declined",
)


def _point(saga: str, process: str, name: str) -> Point:
    return Point(process=process, name=name, about="", saga=saga)


def _both(saga: str, process: str, step: str) -> tuple[Point, ...]:
    return tuple(_point(saga, process, f"{step}.{side}") for side in ("before", "after"))


_DECIDED = (*_both(EXCEPTION, "api", "exception"), _point(EXCEPTION, "api", "exception.booked"))
_SUSPENDED = _both(CREDIT, "worker", "bank_credit.suspend")
_SENT = {gateway: _both(MESSAGE, "worker", f"message.send.{gateway}") for gateway in _GATEWAYS}

#: By the word that is said, the form the bank tells in, or the gateway.
POINTS: dict[tuple[str, str], tuple[Point, ...]] = {
    (CASE, ACCEPT): _both(CASE, "worker", "case"),
    (CASE, REFUND): _both(CASE, "worker", "case"),
    (EXCEPTION, GIVEN): _DECIDED,
    (EXCEPTION, RETURNED): _DECIDED,
    (CREDIT, XML): _SUSPENDED,
    (CREDIT, JSON): (*_both(CREDIT, "api", "kb3"), *_SUSPENDED),
    (MESSAGE, AIRTOUCH): _SENT[AIRTOUCH],
    (MESSAGE, AFRICASTALKING): (*_SENT[AFRICASTALKING], *_both(MESSAGE, "api", "sm1")),
}


def kills() -> list[Cell]:
    """Every victim at every point."""
    return [
        Cell(provider=which, fault=point.fault, victim=victim, point=point)
        for (_saga, which), points in POINTS.items()
        for point in points
        for victim in VICTIMS
    ]


def faults() -> list[Cell]:
    """Two pairs of people at once, and every way the bank and the gateways tell or answer."""
    tried = {
        (CASE, ACCEPT): (AT_ONCE,),
        (EXCEPTION, GIVEN): (AT_ONCE,),
        (CREDIT, XML): _TELLINGS,
        (CREDIT, JSON): _TELLINGS[:1],
        (MESSAGE, AIRTOUCH): (*_ANSWERS, FIRST_DOWN, ALL_DOWN),
        (MESSAGE, AFRICASTALKING): (*_ANSWERS, *_REPORTS),
    }
    return [
        Cell(provider=which, fault=fault, of=saga)
        for (saga, which), names in tried.items()
        for fault in names
    ]
