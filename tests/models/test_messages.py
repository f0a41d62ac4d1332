"""Messages in words and in rules: every event in every language, parts, policies."""

import ast
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from activities import message_rules as rules
from models.gsm import is_gsm, plain, segments
from models.messages import POLICIES, Language, MessageClass, MessageState, Notice
from models.templates import MissingFact, named, rendered
from models.wording import WORDING
from providers.messaging import Rejected, Scope, Submitted, Unknown

EVERY = [(event, language) for event in WORDING for language in Language]
SILENT = Unknown(code="no_answer")


def every_fact(event: str) -> set[str]:
    """What the event may tell: the facts it needs, and those it can do without."""
    words = WORDING[event]
    return set(re.findall(r"\{(\w+)\}", "".join([*words.said.values(), *words.subjects.values()])))


def notice(event: str, language: Language = Language.ENGLISH, **changes: str) -> Notice:
    facts = {name: f"<{name}>" for name in every_fact(event)}
    return Notice(event=event, key="ld_1/paid", language=language, facts={**facts, **changes})


@pytest.mark.parametrize(("event", "language"), EVERY)
def test_every_event_tells_every_fact_in_every_language(event: str, language: Language) -> None:
    text = rendered(notice(event, language))
    told = {name for name in every_fact(event) if f"<{name}>" in text.sms}
    assert told == every_fact(event)
    assert not set("{}[]") & set(text.sms + text.subject + text.mail)


@pytest.mark.parametrize(("event", "language"), EVERY)
def test_what_is_not_known_is_left_out_with_its_half_sentence(
    event: str, language: Language
) -> None:
    facts = dict.fromkeys(named(event), "KES 1.00")
    text = rendered(Notice(event=event, key="k", language=language, facts=facts))
    assert not set("{}[]") & set(text.sms + text.subject)
    assert "  " not in text.sms
    assert text.sms[-1] in ".0"


@pytest.mark.parametrize(("event", "language"), EVERY)
def test_our_own_words_fit_the_cheap_alphabet_and_two_parts(event: str, language: Language) -> None:
    facts = dict.fromkeys(every_fact(event), "KES 12,500.00")
    text = rendered(Notice(event=event, key="k", language=language, facts=facts))
    assert is_gsm(text.sms)
    assert segments(text.sms) <= 2


@pytest.mark.parametrize("event", WORDING)
def test_a_missing_or_empty_fact_is_an_error_and_never_half_a_message(event: str) -> None:
    for name in named(event):
        short = notice(event)
        facts = {fact: value for fact, value in short.facts.items() if fact != name}
        with pytest.raises(MissingFact, match=name):
            rendered(Notice(event=event, key="k", facts=facts))
        with pytest.raises(MissingFact, match=name):
            rendered(Notice(event=event, key="k", facts={**facts, name: " "}))


def told_in_code() -> Iterator[tuple[str, str, set[str]]]:
    """Every `Notice(event="…", facts={…})` of ours: where, which event, which facts."""
    root = Path(__file__).parent.parent.parent
    for folder in ("activities", "api", "runtime", "workflows"):
        for path in sorted((root / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Notice":
                    given = {one.arg: one.value for one in node.keywords}
                    event, facts = given.get("event"), given.get("facts")
                    if isinstance(event, ast.Constant) and isinstance(facts, ast.Dict):
                        keys = {key.value for key in facts.keys if isinstance(key, ast.Constant)}
                        yield f"{path.name}:{node.lineno}", str(event.value), {*map(str, keys)}


def test_every_notice_of_ours_has_words_and_brings_the_facts_they_need() -> None:
    wrong = [
        (where, event, sorted(named(event) - facts))
        for where, event, facts in told_in_code()
        if event not in WORDING or named(event) - facts
    ]
    assert wrong == []
    assert list(told_in_code())


def test_an_event_without_words_is_an_error() -> None:
    with pytest.raises(MissingFact, match="no template"):
        rendered(Notice(event="weather", key="k"))


def test_a_fact_breaks_neither_a_line_nor_a_header_nor_the_bank() -> None:
    text = rendered(notice("loan_failed", reason="no\r\nBcc: all@x.example", client="x" * 500))
    assert "\r" not in text.sms
    assert "\n" not in text.sms
    assert "\n" not in text.subject
    assert len(text.sms) < 500


def test_a_notice_prints_neither_facts_nor_addresses() -> None:
    told = Notice(event="otp", key="k", to_phone="254700000001", facts={"code": "424242"})
    assert "424242" not in repr(told)
    assert "254700000001" not in repr(told)


@pytest.mark.parametrize(
    ("text", "plainly"),
    [
        ("prêt à l'hôtel", "pret à l'hotel"),
        ("«été» \u2013 œuf…", '"été" - oeuf...'),
        ("it\u2019s \u201cfine\u201d", 'it\'s "fine"'),
        ("façade", "facade"),
        ("Ç", "Ç"),
        ("ሰላም", "ሰላም"),
    ],
)
def test_letters_outside_the_alphabet_become_bare_ones(text: str, plainly: str) -> None:
    assert plain(text) == plainly


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("ê" * 134, 2),
        ("ê" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_parts_are_counted_as_gateways_bill_them(text: str, parts: int) -> None:
    assert segments(text) == parts


def test_a_pair_is_never_split_between_parts() -> None:
    assert segments("a" * 152 + "€" + "a" * 153) == 3


@pytest.mark.parametrize("of", MessageClass)
def test_what_may_have_gone_is_sent_once_more_at_most(of: MessageClass) -> None:
    policy = POLICIES[of]
    first, second = (rules.verdict(policy, SILENT, doubts=doubts) for doubts in (0, 1))
    assert (first.state, first.doubtful) == (MessageState.QUEUED, True)
    assert (second.state, second.doubtful) == (MessageState.UNKNOWN, True)


def test_a_code_goes_to_the_next_gateway_at_once_and_a_receipt_after_a_minute() -> None:
    pauses = {of: rules.verdict(POLICIES[of], SILENT, doubts=0).pause for of in MessageClass}
    assert pauses == {
        MessageClass.OTP: None,
        MessageClass.RECEIPT: timedelta(minutes=1),
        MessageClass.ALERT: timedelta(minutes=1),
    }


def test_what_nobody_took_comes_again_after_one_five_and_thirty_minutes() -> None:
    policy = POLICIES[MessageClass.RECEIPT]
    after = [
        rules.nobody_took_it(policy, tries=tries, doubts=0, code="x") for tries in (1, 2, 3, 4)
    ]
    minutes = [one.pause.total_seconds() / 60 for one in after if one.pause]
    assert minutes == [1, 5, 30]
    assert after[3].state is MessageState.FAILED


def test_a_message_that_may_have_gone_never_ends_as_expired_or_failed() -> None:
    policy = POLICIES[MessageClass.RECEIPT]
    ends = [
        rules.too_late(doubts=1).state,
        rules.nobody_took_it(policy, tries=9, doubts=1, code="x").state,
    ]
    assert ends == [MessageState.UNKNOWN, MessageState.UNKNOWN]
    assert rules.too_late(doubts=0).state is MessageState.EXPIRED


def test_a_wrong_number_ends_it_and_any_other_refusal_moves_it_on() -> None:
    policy = POLICIES[MessageClass.ALERT]
    states = {
        scope: rules.verdict(policy, Rejected(code="1", scope=scope), doubts=0).state
        for scope in Scope
    }
    assert states.pop(Scope.ADDRESS) is MessageState.FAILED
    assert set(states.values()) == {MessageState.QUEUED}
    taken = rules.verdict(policy, Submitted(provider_ref="7"), doubts=1)
    assert (taken.state, taken.provider_ref) == (MessageState.SUBMITTED, "7")


def test_a_code_outlives_no_five_minutes_and_a_receipt_no_day() -> None:
    lives = {of: policy.lifetime for of, policy in POLICIES.items()}
    assert lives == {
        MessageClass.OTP: timedelta(minutes=5),
        MessageClass.RECEIPT: timedelta(hours=24),
        MessageClass.ALERT: timedelta(hours=1),
    }
