"""Google: FCM HTTP v1, with tokens that a service account signs for itself."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tactful.deliver.calling import Answer, Caller
from tactful.deliver.mobile_push.words import collapse_key, data, fitted, title
from tactful.kernel.errors import CannotStart, ChannelRefused, Refusal
from tactful.kernel.records import Delivery, Receipt

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
HOUR = timedelta(hours=1)
# A token is replaced while it is still good for so long.
EARLY = timedelta(minutes=5)
# Four weeks: what FCM keeps at most [s].
LONGEST = 2_419_200
GONE = {"UNREGISTERED", "SENDER_ID_MISMATCH"}


@dataclass(frozen=True, slots=True)
class Account:
    """A service account."""

    project: str
    email: str
    token_url: str
    key_id: str
    key: Any


def account(file: str) -> Account:
    """The service account that a file has. raises: CannotStart."""
    try:
        read = json.loads(Path(file).read_text(encoding="utf-8"))
        key = load_pem_private_key(read["private_key"].encode(), None)
        return Account(
            read["project_id"], read["client_email"], read["token_uri"], str(read.get("private_key_id", "")), key
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, UnsupportedAlgorithm) as error:
        raise CannotStart(
            f"{file} is not the file of a service account.", fields=["mobile_push.fcm_account"]
        ) from error


class Fcm:
    """Sends to registration tokens. url: where FCM is."""

    def __init__(self, caller: Caller, account: Account, url: str) -> None:
        self._caller, self._account = caller, account
        self._url = f"{url}/v1/projects/{account.project}/messages:send"
        self._token, self._until = "", datetime.min
        self._asking = asyncio.Lock()

    async def send(self, delivery: Delivery, token: str, at: datetime) -> Receipt:
        """Hand it over. raises: ChannelRefused."""
        access = await self._access(at)
        headers = {"authorization": f"Bearer {access}", "content-type": "application/json"}
        answer = await self._caller.post(self._url, message(delivery, token, at), headers)
        if answer.status == 401 and access == self._token:
            self._token = ""
        return _receipt(answer)

    async def _access(self, at: datetime) -> str:
        """A token that is good for a while; asked for by one at a time."""
        async with self._asking:
            if not self._token or at.replace(tzinfo=None) >= self._until:
                self._token, good_for = await self._ask(at)
                self._until = at.replace(tzinfo=None) + good_for - min(EARLY, good_for / 4)
            return self._token

    async def _ask(self, at: datetime) -> tuple[str, timedelta]:
        ours, now = self._account, int(at.timestamp())
        claims = {"iss": ours.email, "scope": SCOPE, "aud": ours.token_url, "iat": now, "exp": now + 3600}
        signed = jwt.encode(claims, ours.key, algorithm="RS256", headers={"kid": ours.key_id})
        body = f"grant_type={GRANT.replace(':', '%3A')}&assertion={signed}".encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        answer = await self._caller.post(ours.token_url, body, headers)
        told = _read(answer)
        if answer.status != 200 or not isinstance(told.get("access_token"), str):
            detail = f"Google gave no token for the service account ({answer.status})."
            raise ChannelRefused(detail, refusal=Refusal.RETRY, after=answer.after)
        return told["access_token"], min(HOUR, timedelta(seconds=float(told.get("expires_in", 3600))))


def message(delivery: Delivery, token: str, at: datetime) -> bytes:
    """What FCM is told. raises: ChannelRefused where it would be too long."""
    key, ttl = collapse_key(delivery), max(0, min(LONGEST, int((delivery.expires_at - at).total_seconds())))

    def written(body: str) -> bytes:
        told = {
            "token": token,
            "notification": {"title": title(delivery), "body": body},
            "data": data(delivery),
            "android": {"collapse_key": key, "ttl": f"{ttl}s", "notification": {"tag": key}},
            "apns": {"headers": {"apns-collapse-id": key}},
            "webpush": {"headers": {"TTL": str(ttl)}},
        }
        return json.dumps({"message": told}, ensure_ascii=False).encode("utf-8", "replace")

    return fitted(delivery, written)


def _receipt(answer: Answer) -> Receipt:
    told = _read(answer)
    if answer.status == 200:
        return Receipt(reference=str(told.get("name", "200"))[:500])
    error = told.get("error")
    meaning, name = _meaning(answer.status, error if isinstance(error, dict) else {})
    detail = f"FCM answered {answer.status}{f' ({name})' if name else ''}."
    raise ChannelRefused(detail, refusal=meaning, after=answer.after if meaning is Refusal.RETRY else None)


def _meaning(status: int, error: dict[str, Any]) -> tuple[Refusal, str]:
    details = error.get("details")
    parts = [each for each in details if isinstance(each, dict)] if isinstance(details, list) else []
    name = next((str(each["errorCode"]) for each in parts if "errorCode" in each), str(error.get("status", "")))
    fields = [each.get("field") for part in parts for each in part.get("fieldViolations", ()) if isinstance(each, dict)]
    if name in GONE or status == 404 or "message.token" in fields:
        return Refusal.GONE, name
    # Our own right to send is mended by hand, and then it goes out.
    later = status >= 500 or status in (401, 403, 408, 429)
    return (Refusal.RETRY if later else Refusal.INVALID), name


def _read(answer: Answer) -> dict[str, Any]:
    try:
        read = json.loads(answer.body)
    except ValueError:
        return {}
    return read if isinstance(read, dict) else {}
