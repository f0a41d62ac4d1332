"""Every provider: what is said becomes the verdict it means, by whichever road it comes."""

import json
from dataclasses import replace

import pytest

from models.charge import Charge
from models.ids import callback_path
from models.money import Money
from models.reading import Reading, Reason, Verdict
from providers.registry import BUILTIN
from tests.providers.sheets.every import SHEETS
from tests.providers.sheets.sheet import Sheet, Wire, on

FINAL = (Verdict.SETTLED, Verdict.REFUSED)
UNREADABLE = (
    Wire(body=b""),
    Wire(body=b"<html><h1>502 Bad Gateway</h1></html>", status=502),
    Wire(body=b"<html>ok</html>"),
    Wire(body=b'{"ResponseCode":"0","stat'),
    Wire(body=b"[1,2]"),
)


def test_every_builtin_provider_has_a_case_sheet() -> None:
    names = {module.split(".")[1] for module in BUILTIN}
    assert {sheet.provider.name for sheet in SHEETS} == names


@pytest.mark.parametrize("verdict", [Verdict.PENDING, Verdict.REFUSED, Verdict.UNKNOWN])
async def test_an_acknowledgement_is_never_payment(sheet: Sheet, verdict: Verdict) -> None:
    for wire in sheet.acks[verdict]:
        client, rail = on(sheet, wire)
        reading = await client.prompt(sheet.charge)
        assert (reading.verdict, reading.retryable) == (verdict, False), wire
        assert len(rail.sent) == 1


@pytest.mark.parametrize("verdict", list(Verdict))
async def test_the_answer_to_a_question_is_read_as_it_is(sheet: Sheet, verdict: Verdict) -> None:
    assert sheet.answers[verdict]
    for wire in sheet.answers[verdict]:
        client, _ = on(sheet, wire)
        assert (await client.inquire(sheet.charge)).verdict is verdict, wire


async def test_what_was_refused_before_acting_may_be_sent_again(sheet: Sheet) -> None:
    for wire in sheet.not_now:
        client, rail = on(sheet, wire)
        reading = await client.prompt(sheet.charge)
        assert (reading.verdict, reading.retryable) == (Verdict.REFUSED, True), wire
        assert len(rail.sent) == 1


async def test_a_refused_question_leaves_the_money_unknown(sheet: Sheet) -> None:
    for wire in (*sheet.not_now, *sheet.acks[Verdict.REFUSED]):
        client, _ = on(sheet, wire)
        reading = await client.inquire(sheet.charge)
        assert (reading.verdict, reading.retryable) == (Verdict.UNKNOWN, False), wire


@pytest.mark.parametrize("wire", UNREADABLE, ids=lambda wire: repr(wire.body[:12]))
async def test_an_unreadable_answer_is_unknown(sheet: Sheet, wire: Wire) -> None:
    client, rail = on(sheet, wire, wire)
    readings = await client.prompt(sheet.charge), await client.inquire(sheet.charge)
    assert [r.verdict for r in readings] == [Verdict.UNKNOWN, Verdict.UNKNOWN]
    assert {r.reason for r in readings} == {Reason.UNREADABLE}
    assert len(rail.sent) == 2


@pytest.mark.parametrize("moment", ["before", "after", "twice", "never"])
@pytest.mark.parametrize("verdict", FINAL)
async def test_the_final_word_is_the_same_whenever_the_callback_comes(
    sheet: Sheet, verdict: Verdict, moment: str
) -> None:
    notice, answer = sheet.notices[verdict][0], sheet.answers[verdict][0]
    client, _ = on(sheet, sheet.acks[Verdict.PENDING][0], answer)
    heard: list[Reading] = []
    if moment == "before":
        heard.append(sheet.callbacks.read(notice))
    heard.append(await client.prompt(sheet.charge))
    if moment in {"after", "twice"}:
        heard += [sheet.callbacks.read(notice)] * (2 if moment == "twice" else 1)
    heard.append(await client.inquire(sheet.charge))
    assert {r.verdict for r in heard if r.verdict and r.verdict.final} == {verdict}
    assert [r.verdict for r in heard].count(Verdict.PENDING) == 1


@pytest.mark.parametrize("verdict", [*FINAL, Verdict.UNKNOWN])
def test_a_callback_says_the_same_every_time(sheet: Sheet, verdict: Verdict) -> None:
    for body in sheet.notices[verdict]:
        first, again = sheet.callbacks.read(body), sheet.callbacks.read(body)
        assert first == again
        assert first.verdict is verdict, body


def test_a_paid_callback_states_a_receipt_and_the_amount_where_it_names_one(sheet: Sheet) -> None:
    for body in sheet.notices[Verdict.SETTLED]:
        reading = sheet.callbacks.read(body)
        assert reading.amount == (sheet.charge.amount if sheet.told_amount else None)
        assert reading.receipt


def test_a_success_without_an_amount_is_only_a_hint(sheet: Sheet) -> None:
    assert sheet.callbacks.hint(Reading(verdict=Verdict.SETTLED))


def test_the_callback_path_is_neutral_and_its_answer_is_json(sheet: Sheet) -> None:
    path = callback_path(sheet.charge.attempt_id, sheet.callbacks.slug, b"key")
    refused = ("mpesa", "safaricom", "exe", "exec", "cmd", "sql", "query")
    assert not [word for word in refused if word in path]
    assert path == path.lower()
    assert json.loads(json.dumps(dict(sheet.callbacks.answer))) == sheet.callbacks.answer
    assert "POST" in sheet.callbacks.methods


def test_questions_come_ever_less_often_and_end_at_the_horizon(sheet: Sheet) -> None:
    terms = sheet.provider.terms(sheet.settings)
    assert list(terms.ask_every) == sorted(terms.ask_every)
    assert 0 < terms.patience < terms.prompt_lifetime < terms.horizon
    assert terms.settle_time >= 60


@pytest.mark.parametrize(
    "change",
    [{"amount": Money(100, "GHS")}, {"payer": "0712 000 111"}, {"payer": "+254712000111"}],
    ids=["currency", "local number", "plus"],
)
async def test_what_the_rail_cannot_carry_is_refused_unsent(
    sheet: Sheet, change: dict[str, object]
) -> None:
    client, rail = on(sheet)
    charge: Charge = replace(sheet.charge, **change)  # type: ignore[arg-type]  # one of its fields
    reading = await client.prompt(charge)
    assert (reading.verdict, reading.reason) == (Verdict.REFUSED, Reason.BAD_REQUEST)
    assert rail.sent == []
    assert rail.token_calls == 0


async def test_nothing_or_less_is_refused_unsent(sheet: Sheet) -> None:
    for minor in (0, -100):
        client, rail = on(sheet)
        amount = Money(minor, sheet.charge.amount.currency)
        reading = await client.prompt(replace(sheet.charge, amount=amount))
        assert reading.verdict is Verdict.REFUSED
        assert rail.sent == []


async def test_the_reference_we_show_people_is_the_one_on_the_wire(sheet: Sheet) -> None:
    client, rail = on(sheet, sheet.acks[Verdict.PENDING][0])
    await client.prompt(sheet.charge)
    assert sheet.provider.reference(sheet.charge.attempt_id) in sheet.reference(rail.sent[0])


@pytest.mark.parametrize(
    "ours", [one for one in SHEETS if one.provider.asks_by_ours], ids=lambda one: one.provider.name
)
async def test_who_is_asked_by_our_reference_alone_sends_and_says_the_same_without_a_handle(
    ours: Sheet,
) -> None:
    client, rail = on(ours, *[ours.answers[Verdict.SETTLED][0]] * 2)
    told = replace(ours.charge, provider_reference="told", redirect_url="https://page.example/1")
    known = replace(ours.charge, provider_reference=None, redirect_url=None)
    readings = [await client.inquire(told), await client.inquire(known)]
    assert readings[0] == readings[1]
    assert rail.sent[0].url == rail.sent[1].url
    assert rail.sent[0].content == rail.sent[1].content
