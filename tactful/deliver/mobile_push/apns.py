"""Apple: APNs over HTTP/2, with tokens that a key of your team signs."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tactful.deliver.calling import Answer, Caller
from tactful.deliver.mobile_push.words import collapse_key, data, fitted, title
from tactful.kernel.errors import CannotStart, ChannelRefused, Refusal
from tactful.kernel.records import Delivery, Receipt

# Apple refuses tokens older than an hour, and new ones more often than every twenty minutes.
KEPT = timedelta(minutes=40)
GONE = {"BadDeviceToken", "Unregistered", "DeviceTokenNotForTopic", "ExpiredToken"}
# Our own right to send: mended by hand or by the next token, and then it goes out.
OURS = {"ExpiredProviderToken", "InvalidProviderToken", "MissingProviderToken", "TopicDisallowed", "BadCertificate"}


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a team, and the app it sends for. topic: its bundle id."""

    key: EllipticCurvePrivateKey
    key_id: str
    team: str
    topic: str


def signing_key(file: str) -> EllipticCurvePrivateKey:
    """The key that a file has. raises: CannotStart."""
    try:
        key = load_pem_private_key(Path(file).read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CannotStart(f"{file} is not the file of a key for APNs.", fields=["mobile_push.apns_key"]) from error
    if not isinstance(key, EllipticCurvePrivateKey):
        raise CannotStart(f"{file} has a key of another kind than APNs takes.", fields=["mobile_push.apns_key"])
    return key


class Apns:
    """Sends to device tokens. url: where APNs is."""

    def __init__(self, caller: Caller, key: Key, url: str) -> None:
        self._caller, self._key, self._url = caller, key, url
        self._token, self._since = "", datetime.min

    async def send(self, delivery: Delivery, device: str, at: datetime) -> Receipt:
        """Hand it over. raises: ChannelRefused."""
        token = self._access(at)
        key = collapse_key(delivery)
        headers = {
            "authorization": f"bearer {token}",
            "apns-topic": self._key.topic,
            "apns-push-type": "alert",
            "apns-priority": "10",
            "apns-id": str(uuid5(NAMESPACE_URL, f"{device}/{key}")),
            "apns-collapse-id": key,
            "apns-expiration": str(int(delivery.expires_at.timestamp())),
            "content-type": "application/json",
        }
        answer = await self._caller.post(f"{self._url}/3/device/{device}", payload(delivery), headers)
        if answer.status == 403 and token == self._token:
            self._token = ""
        return _receipt(answer, headers["apns-id"])

    def _access(self, at: datetime) -> str:
        now = at.replace(tzinfo=None)
        if not self._token or not self._since <= now < self._since + KEPT:
            claims = {"iss": self._key.team, "iat": int(at.timestamp())}
            self._token = jwt.encode(claims, self._key.key, algorithm="ES256", headers={"kid": self._key.key_id})
            self._since = now
        return self._token


def payload(delivery: Delivery) -> bytes:
    """What the app is told. raises: ChannelRefused where it would be too long."""

    def written(body: str) -> bytes:
        aps = {"alert": {"title": title(delivery), "body": body}, "category": "tactful", "sound": "default"}
        return json.dumps({"aps": aps, "tactful": data(delivery)}, ensure_ascii=False).encode("utf-8", "replace")

    return fitted(delivery, written)


def _receipt(answer: Answer, ours: str) -> Receipt:
    if answer.status == 200:
        return Receipt(reference=answer.headers.get("apns-id", ours))
    reason = _reason(answer.body)
    if answer.status == 410 or reason in GONE:
        raise ChannelRefused(f"The app is no longer there ({reason or answer.status}).", refusal=Refusal.GONE)
    detail = f"APNs answered {answer.status}{f' ({reason})' if reason else ''}."
    if answer.status >= 500 or answer.status in (403, 408, 429) or reason in OURS:
        raise ChannelRefused(detail, refusal=Refusal.RETRY, after=answer.after)
    raise ChannelRefused(detail, refusal=Refusal.INVALID)


def _reason(body: bytes) -> str:
    try:
        read: Any = json.loads(body)
    except ValueError:
        return ""
    return str(read.get("reason", ""))[:100] if isinstance(read, dict) else ""
