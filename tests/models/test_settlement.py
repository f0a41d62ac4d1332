"""When captured money is available: cut-offs, days, holidays, zones and changes of the rule."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from models.settlement import Calendar, NoDay, Reserve, Rule

BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
CHRISTMAS = frozenset({date(2026, 12, 25), date(2026, 12, 26)})


def rule(days: int = 1, rail: str = "mpesa", valid_from: datetime = BEGUN, **more: object) -> Rule:
    plain: dict[str, object] = {"zone": "Africa/Nairobi", "opens": time(8), **more}
    return Rule(rail=rail, days=days, valid_from=valid_from, **plain)  # type: ignore[arg-type]  # a table of what differs


CARDS = rule(
    2, "cards", cut_off=time(17), working_days=frozenset(range(5)), calendar="KE", opens=time(0)
)
CALENDAR = Calendar(rules=(rule(), CARDS), holidays={"KE": CHRISTMAS})


def nairobi(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+03:00")


@pytest.mark.parametrize(
    ("captured", "available"),
    [
        ("2026-11-21T00:00:00", "2026-11-22T08:00:00"),
        ("2026-11-21T23:59:59", "2026-11-22T08:00:00"),
        ("2026-12-31T12:00:00", "2027-01-01T08:00:00"),
    ],
)
def test_the_next_day_follows_the_rails_own_midnight(captured: str, available: str) -> None:
    assert CALENDAR.available_at("mpesa", nairobi(captured)) == nairobi(available)


@pytest.mark.parametrize(
    ("captured", "available"),
    [
        ("2026-11-16T16:59:59", "2026-11-18T00:00:00"),  # a Monday, before the cut-off
        ("2026-11-16T17:00:00", "2026-11-19T00:00:00"),  # at it: Tuesday's money
        ("2026-11-19T12:00:00", "2026-11-23T00:00:00"),  # a Thursday: over the weekend
        ("2026-11-20T18:00:00", "2026-11-25T00:00:00"),  # late on Friday is Monday's
        ("2026-11-21T09:00:00", "2026-11-25T00:00:00"),  # and so is Saturday
        ("2026-12-24T10:00:00", "2026-12-29T00:00:00"),  # Friday is Christmas
        ("2026-12-23T10:00:00", "2026-12-28T00:00:00"),
        ("2026-12-24T17:30:00", "2026-12-30T00:00:00"),
    ],
)
def test_weekends_holidays_and_the_cut_off_are_no_days(captured: str, available: str) -> None:
    assert CALENDAR.available_at("cards", nairobi(captured)) == nairobi(available)


def test_the_same_day_is_available_when_it_opens_and_at_once_after_that() -> None:
    same = Calendar(rules=(rule(0),))
    assert same.available_at("mpesa", nairobi("2026-11-21T06:00")) == nairobi("2026-11-21T08:00")
    assert same.available_at("mpesa", nairobi("2026-11-21T09:30")) == nairobi("2026-11-21T09:30")


@pytest.mark.parametrize("rail", ["wave", None])
def test_a_rail_without_a_rule_is_available_at_once(rail: str | None) -> None:
    at = nairobi("2026-11-21T09:30")
    assert CALENDAR.available_at(rail, at) == at


def test_a_changed_rule_counts_for_what_is_captured_from_then_on() -> None:
    change = nairobi("2026-11-22T00:00")
    changed = Calendar(rules=(rule(3, valid_from=change), rule(1)))
    before, after = change - timedelta(seconds=1), change
    assert changed.available_at("mpesa", before) == nairobi("2026-11-22T08:00")
    assert changed.available_at("mpesa", after) == nairobi("2026-11-25T08:00")


def test_a_rule_that_has_not_begun_is_none() -> None:
    at = BEGUN - timedelta(days=1)
    assert CALENDAR.rule("mpesa", at) is None


def test_zones_with_summer_time_open_at_their_own_clock() -> None:
    paris = Calendar(rules=(rule(1, "sepa", zone="Europe/Paris"),))
    winter = paris.available_at("sepa", datetime(2026, 3, 27, 12, tzinfo=UTC))
    summer = paris.available_at("sepa", datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert winter == datetime(2026, 3, 28, 7, tzinfo=UTC)
    assert summer == datetime(2026, 3, 29, 6, tzinfo=UTC)


def test_never_before_it_was_captured_and_never_out_of_order() -> None:
    moments = [nairobi("2026-12-20T00:00") + timedelta(minutes=37 * n) for n in range(600)]
    for rail in ("mpesa", "cards"):
        available = [CALENDAR.available_at(rail, at) for at in moments]
        assert available == sorted(available)
        assert all(then >= at for then, at in zip(available, moments, strict=True))


def test_a_calendar_of_holidays_alone_is_a_mistake() -> None:
    never = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(800))
    closed = Calendar(rules=(CARDS,), holidays={"KE": never})
    with pytest.raises(NoDay):
        closed.available_at("cards", nairobi("2026-03-01T09:00"))


@pytest.mark.parametrize(("credited", "kept"), [(10_000, 500), (1, 1), (0, 0), (-700, 0), (21, 2)])
def test_a_reserve_is_a_share_rounded_up_and_never_below_nothing(credited: int, kept: int) -> None:
    assert Reserve(basis_points=500, days=90).of(credited) == kept
