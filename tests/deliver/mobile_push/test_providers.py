"""Google and Apple: tokens that are asked for once, and what their refusals mean."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tactful.bootstrap.where import agreements, setting_rows
from tactful.deliver.calling import Caller
from tactful.deliver.mobile_push import MobilePush
from tactful.deliver.mobile_push.apns import Apns, Key
from tactful.deliver.mobile_push.fcm import Fcm, account
from tactful.deliver.mobile_push.settings import APNS_KEY, APNS_KEY_ID, FCM_ACCOUNT
from tactful.kernel.errors import BadSetting, CannotStart, ChannelRefused, Refusal
from tactful.kernel.records import Delivery, Message
from tactful.kernel.settings import Settings, read
from tactful.testing import apns, fcm
from tactful.testing.certificates import certified
from tactful.testing.mobile_push_peer import MobilePushPeer
from tactful.uses.sending.result import attempt
from tactful.uses.sending.wave import Parcel
from tests.living import NOW

DEVICE, TOKEN = "ab" * 32, "t" * 60
TEAM, OWN = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65_537, 2048)


def delivery(body: str = "You are back.", mark: str = "mark-7") -> Delivery:
    said = Message("Hello", body, "https://learn.example/today")
    return Delivery(7, "mobile_push", None, said, NOW + timedelta(hours=1), out="https://x.example/out", mark=mark)


@asynccontextmanager
async def google(folder: Path, answer: fcm.Answer | None = None) -> AsyncIterator[tuple[fcm.Fcm, Fcm]]:
    with fcm.Fcm(OWN.public_key(), answer) if answer else fcm.Fcm(OWN.public_key()) as there:
        key = OWN.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        told = {"project_id": fcm.PROJECT, "client_email": fcm.EMAIL, "token_uri": there.token_url, "private_key": key}
        (folder / "account.json").write_text(json.dumps(told))
        caller = Caller(timeout=2.0, private=True)
        yield there, Fcm(caller, account(str(folder / "account.json")), there.url)
        await caller.close()


@asynccontextmanager
async def apple(folder: Path, answer: apns.Answer = lambda told: (200, "")) -> AsyncIterator[tuple[apns.Apns, Apns]]:
    tls, trusted = certified(folder, "h2")
    with apns.Apns(TEAM.public_key(), tls, answer) as there:
        caller = Caller(timeout=2.0, private=True, ca_file=str(trusted))
        yield there, Apns(caller, Key(TEAM, "ABCDEFGHIJ", "KLMNOPQRST", "example.app"), there.url)
        await caller.close()


async def test_google_is_asked_for_a_token_once_however_many_send(tmp_path: Path) -> None:
    async with google(tmp_path) as (there, ours):
        await asyncio.gather(*(ours.send(delivery(), TOKEN, NOW) for _ in range(10)))
        await ours.send(delivery(), TOKEN, NOW + timedelta(minutes=50))
        assert len(there.tokens) == 1
        await ours.send(delivery(), TOKEN, NOW + timedelta(minutes=59))
        assert len(there.tokens) == 2


async def test_a_token_that_google_no_longer_believes_is_asked_for_anew(tmp_path: Path) -> None:
    async with google(tmp_path) as (there, ours):
        await ours.send(delivery(), TOKEN, NOW)
        there.tokens.clear()
        with pytest.raises(ChannelRefused) as refused:
            await ours.send(delivery(), TOKEN, NOW)
        assert refused.value.refusal is Refusal.RETRY
        assert (await ours.send(delivery(), TOKEN, NOW)).reference == "projects/x/messages/1"


@pytest.mark.parametrize(
    ("told", "refusal", "after"),
    [
        (fcm.refused(404, "UNREGISTERED"), Refusal.GONE, None),
        (fcm.refused(403, "SENDER_ID_MISMATCH"), Refusal.GONE, None),
        (fcm.refused(400, "INVALID_ARGUMENT", fieldViolations=[{"field": "message.token"}]), Refusal.GONE, None),
        (fcm.refused(400, "INVALID_ARGUMENT"), Refusal.INVALID, None),
        (fcm.refused(429, "QUOTA_EXCEEDED"), Refusal.RETRY, 30.0),
        (fcm.refused(503, "UNAVAILABLE"), Refusal.RETRY, 30.0),
        (fcm.refused(403, "PERMISSION_DENIED"), Refusal.RETRY, 30.0),
        ((500, {"error": "not what it should be"}), Refusal.RETRY, 30.0),
    ],
)
async def test_refusals_of_google_say_what_is_to_be_done(
    told: tuple[int, dict[str, Any]], refusal: Refusal, after: float | None, tmp_path: Path
) -> None:
    async with google(tmp_path, lambda message: (*told, {"Retry-After": "30"})) as (_, ours):
        with pytest.raises(ChannelRefused) as refused:
            await ours.send(delivery(), TOKEN, NOW)
        assert (refused.value.refusal, refused.value.after) == (refusal, after)


async def test_google_is_told_what_it_takes_the_place_of_and_until_when_it_counts(tmp_path: Path) -> None:
    async with google(tmp_path) as (there, ours):
        await ours.send(delivery(), TOKEN, NOW)
    (message,) = there.messages
    assert message["token"] == TOKEN
    assert message["android"] == {"collapse_key": "mark-7", "ttl": "3600s", "notification": {"tag": "mark-7"}}
    assert message["data"]["mark"] == "mark-7"


async def test_apple_believes_one_token_for_a_while_on_one_connection(tmp_path: Path) -> None:
    async with apple(tmp_path) as (there, ours):
        await ours.send(delivery(), DEVICE, NOW)
        await asyncio.gather(*(ours.send(delivery(), DEVICE, NOW) for _ in range(10)))
        await ours.send(delivery(), DEVICE, NOW + timedelta(minutes=39))
        assert (len(there.tokens), there.connections) == (1, 1)
        await ours.send(delivery(), DEVICE, NOW + timedelta(minutes=41))
        assert len(there.tokens) == 2


async def test_apple_is_told_what_it_takes_the_place_of_and_until_when_it_counts(tmp_path: Path) -> None:
    async with apple(tmp_path) as (there, ours):
        first = await ours.send(delivery(), DEVICE, NOW)
        copy = await ours.send(delivery(), DEVICE, NOW)
        other = await ours.send(delivery(mark="m" * 100), DEVICE, NOW)
    headers = there.notified[0].headers
    assert (headers["apns-collapse-id"], headers["apns-topic"]) == ("mark-7", "example.app")
    assert headers["apns-expiration"] == str(int((NOW + timedelta(hours=1)).timestamp()))
    assert first == copy != other
    assert len(there.notified[2].headers["apns-collapse-id"]) <= 64


@pytest.mark.parametrize(
    ("status", "reason", "refusal"),
    [
        (410, "Unregistered", Refusal.GONE),
        (400, "BadDeviceToken", Refusal.GONE),
        (400, "DeviceTokenNotForTopic", Refusal.GONE),
        (400, "BadExpirationDate", Refusal.INVALID),
        (400, "TopicDisallowed", Refusal.RETRY),
        (403, "ExpiredProviderToken", Refusal.RETRY),
        (429, "TooManyRequests", Refusal.RETRY),
        (503, "ServiceUnavailable", Refusal.RETRY),
    ],
)
async def test_refusals_of_apple_say_what_is_to_be_done(
    status: int, reason: str, refusal: Refusal, tmp_path: Path
) -> None:
    async with apple(tmp_path, lambda told: (status, reason)) as (_, ours):
        with pytest.raises(ChannelRefused) as refused:
            await ours.send(delivery(), DEVICE, NOW)
        assert refused.value.refusal is refusal
        assert reason in refused.value.detail


async def test_whoever_says_to_be_apple_without_proof_is_told_nothing(tmp_path: Path) -> None:
    async with apple(tmp_path) as (there, _):
        caller = Caller(timeout=2.0, private=True)
        with pytest.raises(ChannelRefused) as refused:
            await Apns(caller, Key(TEAM, "A", "B", "C"), there.url).send(delivery(), DEVICE, NOW)
        await caller.close()
        assert refused.value.refusal is Refusal.RETRY
        assert there.tokens == set()


@pytest.mark.parametrize("letter", ["a", "\U0001f600", '"'])
async def test_long_words_are_cut_to_what_a_phone_takes(letter: str, tmp_path: Path) -> None:
    async with apple(tmp_path) as (there, ours):
        await ours.send(delivery(letter * 10_000), DEVICE, NOW)
    assert 4_000 < len(there.notified[0].body) <= 4_096
    assert there.notified[0].told["aps"]["alert"]["body"].endswith("\u2026")


@pytest.fixture
def only_google() -> Iterator[MobilePush]:
    with MobilePushPeer() as peer:
        made = MobilePush.of(Settings({name: value for name, value in peer.settings().items() if "apns" not in name}))
        assert made is not None
        yield made


async def test_phones_of_a_provider_that_is_not_set_up_get_nothing_and_keep_their_address(
    only_google: MobilePush,
) -> None:
    before = Delivery(7, "mobile_push", f"apns:{DEVICE}", Message("Hello", "", ""), NOW)
    outcome = await attempt(only_google, Parcel(1, 2, before), NOW)
    await only_google.close()
    # Gone would switch the address off for good, for want of a key of ours.
    assert outcome.refusal is Refusal.INVALID


def test_device_tokens_are_kept_in_small_letters() -> None:
    with MobilePushPeer("apns") as peer:
        made = MobilePush.of(Settings(peer.settings()))
        assert made is not None
        assert made.address("apns:" + DEVICE.upper()) == f"apns:{DEVICE}"


@pytest.mark.parametrize("row", [FCM_ACCOUNT, APNS_KEY])
@pytest.mark.parametrize("text", [None, "{}", "-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----"])
def test_files_that_are_no_keys_are_said_at_the_start(row: Any, text: str | None, tmp_path: Path) -> None:
    file = tmp_path / "key"
    if text is not None:
        file.write_text(text)
    with pytest.raises(CannotStart) as refused:
        MobilePush.of(Settings({row.name: str(file)}))
    assert refused.value.fields == [row.name]


def test_half_a_key_is_refused_at_the_start() -> None:
    environ = {APNS_KEY.variable: "key.p8", APNS_KEY_ID.variable: "ABCDEFGHIJ"}
    with pytest.raises(BadSetting, match="all of them"):
        read(setting_rows(), environ=environ, file=None, agreements=agreements())
