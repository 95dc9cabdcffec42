"""Handing letters to mail servers of every temper: what is said, over what, and what their codes mean."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tactful.bootstrap.where import agreements, setting_rows
from tactful.deliver.email import Email
from tactful.deliver.email.settings import (
    CA_FILE,
    CONNECTIONS,
    HOST,
    PASSWORD,
    PORT,
    SECURITY,
    SENDER,
    TIMEOUT,
    USER,
)
from tactful.kernel.errors import BadSetting, CannotStart, ChannelRefused, Refusal
from tactful.kernel.records import Delivery, Message
from tactful.kernel.settings import Setting, Settings, read
from tactful.testing.certificates import certified
from tactful.testing.smtp import Answer, HangUp, Letter, MailServer
from tests.living import NOW

DELIVERY = Delivery(
    7, "email", "ana@example.org", Message("Hello", "You are back.", ""), NOW + timedelta(hours=1), mark="m-7"
)


def channel(server: MailServer, **more: Any) -> Email:
    values: dict[Setting[Any], Any] = {
        HOST: "127.0.0.1",
        PORT: server.port,
        SECURITY: "plain",
        SENDER: "hello@tactful.example",
        TIMEOUT: 1.0,
    }
    named = {row.name: value for row, value in values.items()}
    made = Email.of(Settings(named | {f"email.{name}": value for name, value in more.items()}))
    assert made is not None
    return made


async def send(server: MailServer, **more: Any) -> str:
    made = channel(server, **more)
    try:
        return (await made.send(DELIVERY, NOW)).reference
    finally:
        await made.close()


def at(step: str, reply: str) -> Answer:
    return lambda now, letter: reply if now == step else None


@pytest.mark.parametrize(
    ("step", "reply", "refusal"),
    [
        ("RCPT", "550 5.1.1 Nobody here", Refusal.GONE),
        ("RCPT", "556 5.1.10 Takes no mail", Refusal.GONE),
        ("RCPT", "550 No such user", Refusal.GONE),
        ("RCPT", "550 5.2.1 Switched off", Refusal.GONE),
        ("RCPT", "552 5.2.2 Full", Refusal.INVALID),
        ("RCPT", "550 5.7.1 By our rules no", Refusal.INVALID),
        ("RCPT", "450 4.2.1 Later", Refusal.RETRY),
        ("RCPT", "421 4.3.2 Closing", Refusal.RETRY),
        ("letter", "554 5.6.0 Cannot be read", Refusal.INVALID),
        ("letter", "550 5.1.1 Nobody after all", Refusal.GONE),
        ("letter", "452 4.3.1 No room", Refusal.RETRY),
        ("DATA", "451 4.3.0 Not now", Refusal.RETRY),
        ("MAIL", "550 5.7.1 Not you", Refusal.RETRY),
        ("MAIL", "421 4.7.0 Too many", Refusal.RETRY),
        ("greeting", "554 5.7.1 Not you", Refusal.RETRY),
        ("greeting", "421 4.3.2 Closing", Refusal.RETRY),
    ],
)
async def test_codes_say_what_is_to_be_done(step: str, reply: str, refusal: Refusal) -> None:
    with MailServer(at(step, reply)) as server:
        with pytest.raises(ChannelRefused) as refused:
            await send(server)
        assert refused.value.refusal is refusal
        assert server.letters == []


@pytest.mark.parametrize("step", ["greeting", "MAIL", "RCPT", "DATA"])
async def test_cut_off_before_the_letter_was_said_nothing_was_carried(step: str) -> None:
    def answer(now: str, letter: Letter) -> str | None:
        if now == step:
            raise HangUp
        return None

    with MailServer(answer) as server:
        with pytest.raises(ChannelRefused) as refused:
            await send(server)
        assert refused.value.refusal is Refusal.RETRY


@pytest.mark.parametrize("reply", [None, "gibberish", "250-and then nothing"])
async def test_cut_off_after_the_letter_was_said_it_is_in_doubt(reply: str | None) -> None:
    def answer(now: str, letter: Letter) -> str | None:
        if now != "letter":
            return None
        if reply is None:
            raise HangUp
        return reply

    with MailServer(answer) as server:
        with pytest.raises(Exception) as told:
            await send(server)
        assert not isinstance(told.value, ChannelRefused)


async def test_the_receipt_is_the_name_under_which_the_server_keeps_it() -> None:
    with MailServer() as server:
        assert await send(server) == "T0"
    with MailServer(at("letter", "250 2.6.0 taken, thank you")) as server:
        assert await send(server) == "2.6.0 taken, thank you"


async def test_what_comes_back_will_carry_the_mark() -> None:
    with MailServer() as server:
        await send(server)
        assert server.letters[0].options == ["ENVID=m-7", "RET=HDRS"]


async def test_a_line_that_is_a_dot_does_not_end_the_letter() -> None:
    with MailServer() as server:
        made = channel(server)
        said = Message("Hello", "One\n.\n..two\nRCPT TO:<eve@example.org>", "")
        await made.send(Delivery(7, "email", "ana@example.org", said, NOW + timedelta(hours=1)), NOW)
        await made.close()
        (letter,) = server.letters
        assert b"\r\n.\r\n..two\r\n" in letter.raw
        assert letter.to == ["ana@example.org"]


async def test_connections_are_kept_and_never_more_than_allowed() -> None:
    with MailServer() as server:
        made = channel(server, connections=3)
        for _ in range(4):
            await asyncio.gather(*(made.send(DELIVERY, NOW) for _ in range(5)))
        await made.close()
        assert len(server.letters) == 20
        assert server.connections <= 3


async def test_a_connection_that_was_refused_on_carries_the_next_letter() -> None:
    replies = iter(["550 5.1.1 Nobody"])
    with MailServer(lambda step, letter: next(replies, None) if step == "RCPT" else None) as server:
        made = channel(server, connections=1)
        with pytest.raises(ChannelRefused):
            await made.send(DELIVERY, NOW)
        assert (await made.send(DELIVERY, NOW)).reference
        await made.close()
        assert server.connections == 1


async def test_a_kept_connection_that_the_server_has_closed_is_replaced() -> None:
    tired = {"left": 1}

    def answer(step: str, letter: Letter) -> str | None:
        if step == "MAIL" and server.connections == 1 and server.letters and tired["left"]:
            tired["left"] = 0
            return "421 4.4.2 Idle for too long"
        return None

    with MailServer(answer) as server:
        made = channel(server, connections=1)
        for _ in range(2):
            await made.send(DELIVERY, NOW)
        await made.close()
        assert (len(server.letters), server.connections) == (2, 2)


@pytest.fixture(params=["starttls", "tls"])
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[MailServer, dict[str, str]]]:
    context, file = certified(tmp_path)
    users = {"ana": "s3cret, with ümlaut"}
    with MailServer(tls=context, from_the_start=request.param == "tls", users=users) as server:
        yield server, {SECURITY.name: request.param, CA_FILE.name: str(file)}


def named(settings: dict[str, str]) -> dict[str, str]:
    return {name.removeprefix("email."): value for name, value in settings.items()}


async def test_letters_are_guarded_on_the_way_and_the_server_knows_us(
    guarded: tuple[MailServer, dict[str, str]],
) -> None:
    server, settings = guarded
    assert await send(server, **named(settings), user="ana", password="s3cret, with ümlaut")
    (letter,) = server.letters
    assert (letter.safe, letter.signed_in) == (True, True)


async def test_a_wrong_password_is_mended_by_hand_and_then_it_goes_out(
    guarded: tuple[MailServer, dict[str, str]],
) -> None:
    server, settings = guarded
    with pytest.raises(ChannelRefused) as refused:
        await send(server, **named(settings), user="ana", password="wrong")
    assert refused.value.refusal is Refusal.RETRY
    assert "535" in refused.value.detail


async def test_a_server_that_nobody_vouches_for_is_told_nothing(guarded: tuple[MailServer, dict[str, str]]) -> None:
    server, settings = guarded
    with pytest.raises(ChannelRefused) as refused:
        await send(server, security=settings[SECURITY.name])
    assert refused.value.refusal is Refusal.RETRY
    assert server.letters == []


async def test_no_letter_goes_in_the_open_where_it_was_to_be_guarded() -> None:
    with MailServer() as server:
        with pytest.raises(ChannelRefused) as refused:
            await send(server, security="starttls")
        assert refused.value.refusal is Refusal.RETRY
        assert server.letters == []


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({HOST: "mail.example"}, SENDER),
        ({HOST: "mail.example", SENDER: "Ana <a@b.example>"}, SENDER),
        ({HOST: "mail.example", SENDER: "a@b.example", SECURITY: "plain", USER: "ana"}, SECURITY),
    ],
)
def test_settings_that_cannot_work_are_refused_at_the_start(values: dict[Any, str], named: Any) -> None:
    environ = {row.variable: value for row, value in values.items()}
    with pytest.raises(BadSetting) as refused:
        read(setting_rows(), environ=environ, file=None, agreements=agreements())
    assert named.name in refused.value.fields


def test_a_file_of_certificates_that_is_not_there_is_said_at_the_start() -> None:
    values = {HOST.name: "mail.example", SENDER.name: "a@b.example", CA_FILE.name: "/nowhere.pem"}
    with pytest.raises(CannotStart) as refused:
        Email.of(Settings(values))
    assert refused.value.fields == [CA_FILE.name]


def test_passwords_are_never_shown() -> None:
    assert PASSWORD.secret
    assert CONNECTIONS.name in Settings({}).public(setting_rows())
    assert PASSWORD.name not in Settings({PASSWORD.name: "x"}).public(setting_rows())
