"""Mail against a real SMTP server that misbehaves by mailbox."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from providers.mail.settings import MailSettings
from providers.mail.smtp import Mail
from providers.messaging import Outgoing, Rejected, Scope, Sent, Submitted, Unknown
from simulators.inbox import Inbox
from simulators.mailbox.server import Mailbox


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def mailbox(inbox: Inbox) -> AsyncIterator[Mailbox]:
    server = Mailbox(inbox)
    await server.start("127.0.0.1", 0)
    yield server
    await server.stop()


def settings(port: int, **changes: object) -> MailSettings:
    known = {"host": "127.0.0.1", "port": port, "sender": "kauri@example.org", "security": "none"}
    return MailSettings.model_validate({**known, "call_deadline": 30.0, **changes})


async def sent(mailbox: Mailbox, to: str, **changes: object) -> Sent:
    message = Outgoing(id="msg_1", to=to, subject="Prêt versé", text="Bonjour,\n\nêtre\n")
    return await Mail(settings(mailbox.port, **changes)).send(message)


async def test_a_mail_arrives_with_subject_text_and_our_id(mailbox: Mailbox, inbox: Inbox) -> None:
    assert await sent(mailbox, "amina@example.org") == Submitted()
    (mail,) = inbox.read("amina@example.org")
    assert (mail["subject"], mail["sender"]) == ("Prêt versé", "kauri@example.org")
    assert (mail["reference"], "être" in mail["text"]) == ("msg_1", True)


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("nobody", Rejected(code="550", scope=Scope.ADDRESS)),
        ("full", Rejected(code="552", scope=Scope.MESSAGE)),
        ("busy", Rejected(code="451", scope=Scope.MOMENT)),
    ],
)
async def test_a_refusal_says_what_it_is_about(
    mailbox: Mailbox, inbox: Inbox, name: str, outcome: Sent
) -> None:
    assert await sent(mailbox, f"{name}@example.org") == outcome
    assert inbox.read(None) == []


async def test_a_sender_the_server_does_not_know_is_ours_to_mend(mailbox: Mailbox) -> None:
    outcome = await sent(mailbox, "amina@example.org", sender="stranger@example.org")
    assert outcome == Rejected(code="550", scope=Scope.GATEWAY)


async def test_a_connection_cut_after_the_text_leaves_it_unknown(
    mailbox: Mailbox, inbox: Inbox
) -> None:
    assert await sent(mailbox, "lost@example.org") == Unknown(code="no_answer")
    assert len(inbox.read("lost@example.org")) == 1


async def test_a_server_that_is_away_was_sent_nothing(mailbox: Mailbox) -> None:
    await mailbox.stop()
    outcome = await sent(mailbox, "amina@example.org")
    assert outcome == Rejected(code="unreachable", scope=Scope.MOMENT)


async def test_without_encryption_nothing_is_sent_where_it_is_asked_for(
    mailbox: Mailbox, inbox: Inbox
) -> None:
    outcome = await sent(mailbox, "amina@example.org", security="starttls")
    assert isinstance(outcome, Rejected)
    assert inbox.read(None) == []


def test_settings_print_no_password() -> None:
    known = settings(25, username="u", password=SecretStr("canary-password"))
    assert "canary-password" not in repr(known)
