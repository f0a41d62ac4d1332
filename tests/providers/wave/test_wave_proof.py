"""Webhooks are believed to be Wave's only with the proof that was chosen."""

import hashlib
import hmac

import httpx
import pytest

from providers.wave.proof import TOLERANCE, is_from_wave, signature, signed
from providers.wave.settings import WaveSettings

NOW = 1_639_081_943
BODY = b'{"id":"EV_1","type":"test.test_event","data":{}}'


def settings(**changes: str) -> WaveSettings:
    chosen = {"base_url": "https://w.example", "api_key": "k", "webhook_secret": "wh-secret"}
    return WaveSettings(**{**chosen, **changes})  # type: ignore[arg-type]  # one of its fields each


def believed(header: str, *, body: bytes = BODY, now: float = NOW, **changes: str) -> bool:
    headers = httpx.Headers({"Wave-Signature": header})
    return is_from_wave(settings(**changes), body, headers, clock=lambda: now)


def v1(secret: str = "wh-secret", stamp: int = NOW) -> str:
    return signature(secret, str(stamp), BODY)


def test_the_signature_covers_stamp_and_body_without_a_dot() -> None:
    plain = hmac.new(b"wh-secret", f"{NOW}".encode() + BODY, hashlib.sha256).hexdigest()
    dotted = hmac.new(b"wh-secret", f"{NOW}.".encode() + BODY, hashlib.sha256).hexdigest()
    assert believed(f"t={NOW},v1={plain}")
    assert not believed(f"t={NOW},v1={dotted}")


def test_any_of_several_signatures_will_do_while_secrets_change() -> None:
    assert believed(f"t={NOW},v1={v1('old')},v1={v1()}")
    assert believed(f"t={NOW}, v1={v1()}")
    assert not believed(f"t={NOW},v1={v1('old')},v1={v1('older')}")


@pytest.mark.parametrize("away", [-TOLERANCE - 1, TOLERANCE + 1])
def test_a_stale_stamp_is_refused(away: int) -> None:
    assert not believed(f"t={NOW},v1={v1()}", now=NOW + away)


@pytest.mark.parametrize("away", [-TOLERANCE, TOLERANCE])
def test_a_stamp_within_five_minutes_is_taken(away: int) -> None:
    assert believed(f"t={NOW},v1={v1()}", now=NOW + away)


@pytest.mark.parametrize(
    "header", ["", "t=,v1=", f"t={NOW}", f"v1={'0' * 64}", "t=abc,v1=é", "t=1e3,v1=x", "nonsense"]
)
def test_what_is_no_signature_is_refused(header: str) -> None:
    headers = {"wave-signature": header}
    assert not is_from_wave(settings(), BODY, headers, clock=lambda: NOW)


def test_another_body_is_refused() -> None:
    assert not believed(f"t={NOW},v1={v1()}", body=BODY + b" ")


def test_without_a_secret_nothing_is_believed() -> None:
    assert not believed(f"t={NOW},v1={v1('')}", webhook_secret="")
    empty = settings(webhook_secret="", webhook_proof="bearer")
    assert not is_from_wave(empty, BODY, {"authorization": "Bearer "})


def test_a_shared_secret_is_compared_where_it_was_chosen() -> None:
    chosen = settings(webhook_proof="bearer")
    assert is_from_wave(chosen, BODY, {"authorization": "Bearer wh-secret"})
    assert not is_from_wave(chosen, BODY, {"authorization": "Bearer other"})
    assert not is_from_wave(chosen, BODY, {"wave-signature": f"t={NOW},v1={v1()}"})


def test_our_own_requests_are_signed_the_same_way() -> None:
    assert signed("wh-secret", BODY, clock=lambda: NOW + 0.9) == f"t={NOW},v1={v1()}"
