"""The providers of mobile push and their phones, as the other side of a channel."""

import json
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tactful.deliver.mobile_push.settings import (
    APNS_KEY,
    APNS_KEY_ID,
    APNS_TEAM,
    APNS_TOPIC,
    APNS_URL,
    CA_FILE,
    FCM_ACCOUNT,
    FCM_URL,
    TIMEOUT,
)
from tactful.kernel.errors import Refusal
from tactful.testing import fcm
from tactful.testing.apns import Apns, Notified
from tactful.testing.certificates import certified
from tactful.testing.peers import Taken

FCM_SAYS = {
    Refusal.GONE: fcm.refused(404, "UNREGISTERED"),
    Refusal.INVALID: fcm.refused(400, "INVALID_ARGUMENT"),
    Refusal.RETRY: fcm.refused(429, "QUOTA_EXCEEDED"),
}
APNS_SAYS = {
    Refusal.GONE: (410, "Unregistered"),
    Refusal.INVALID: (400, "BadExpirationDate"),
    Refusal.RETRY: (429, "TooManyRequests"),
}
Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class MobilePushPeer:
    """See `tactful.testing.peers.Peer`. provider: where its people have their phones, `fcm` or `apns`.

    >>> with MobilePushPeer() as peer:
    ...     peer.address("ana")[:8]
    'fcm:ana-'
    """

    refuses = frozenset(FCM_SAYS)
    strange: tuple[str, ...] = (
        "ana", "fcm:", "apns:xyz", "apns:" + "0" * 31, "fcm:a b", "gcm:" + "a" * 40, "fcm:" + "a" * 40 + "/../x",
        "apns:" + "0" * 64 + "\r\nx: y",
    )  # fmt: skip

    def __init__(self, provider: str = "fcm") -> None:
        self.taken: list[Taken] = []
        self.provider, self.says_how_long = provider, provider == "fcm"
        self._refusal: Refusal | None = None
        self._after: dict[str, str] = {}
        self._hanging_up: bool | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        folder = Path(self._stack.enter_context(TemporaryDirectory()))
        team, own = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65_537, 2048)
        tls, trusted = certified(folder, "h2")
        self._apns = self._stack.enter_context(Apns(team.public_key(), tls, self._from_apns))
        self._fcm = self._stack.enter_context(fcm.Fcm(own.public_key(), self._from_fcm))
        account = {
            "type": "service_account", "project_id": fcm.PROJECT, "client_email": fcm.EMAIL, "private_key_id": "one",
            "private_key": _written(own), "token_uri": self._fcm.token_url,
        }  # fmt: skip
        (folder / "account.json").write_text(json.dumps(account), encoding="utf-8")
        (folder / "key.p8").write_text(_written(team), encoding="utf-8")
        self._settings = {
            FCM_ACCOUNT.name: str(folder / "account.json"), FCM_URL.name: self._fcm.url, TIMEOUT.name: 2.0,
            APNS_KEY.name: str(folder / "key.p8"), APNS_KEY_ID.name: "ABCDEFGHIJ", APNS_TEAM.name: "KLMNOPQRST",
            APNS_TOPIC.name: "example.tactful.app", APNS_URL.name: self._apns.url, CA_FILE.name: str(trusted),
        }  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def settings(self) -> dict[str, Any]:
        """Both providers, with an account and a key that they believe."""
        return self._settings

    def address(self, who: str) -> str:
        """Somebody's phone."""
        if self.provider == "apns":
            return f"apns:{who.encode().hex():0<64}"
        return f"fcm:{who}-{'t' * 40}"

    def refuse(self, refusal: Refusal | None, *, after: float | None = None) -> None:
        """Answer as the provider says it."""
        self._refusal, self._hanging_up = refusal, None
        self._after = {"Retry-After": f"{after:g}"} if after is not None else {}

    def hang_up(self, *, taking: bool) -> None:
        """Close the connection without an answer."""
        self._hanging_up = taking

    def leave(self) -> None:
        """Stop listening."""
        self._apns.leave()
        self._fcm.leave()

    def _from_fcm(self, told: dict[str, Any]) -> tuple[int, dict[str, Any], dict[str, str]]:
        if self._refusal is not None:
            return *FCM_SAYS[self._refusal], self._after
        said, data = told["notification"], told["data"]
        self._take(f"fcm:{told['token']}", said, data, told["android"]["collapse_key"], told)
        return 200, {"name": f"projects/{fcm.PROJECT}/messages/{len(self.taken)}"}, {}

    def _from_apns(self, notified: Notified) -> tuple[int, str]:
        if self._refusal is not None:
            return APNS_SAYS[self._refusal]
        told = notified.told
        raw = {"headers": notified.headers, "told": told}
        key = notified.headers["apns-collapse-id"]
        self._take(f"apns:{notified.device}", told["aps"]["alert"], told["tactful"], key, raw)
        return 200, ""

    def _take(self, who: str, said: dict[str, str], data: dict[str, str], key: str, raw: dict[str, Any]) -> None:
        """raises: ConnectionAbortedError to hang up."""
        if self._hanging_up is not False:
            text = f"{said['title']}\n{said['body']}"
            self.taken.append(Taken(who, text, data["action"], data["out"], key, raw=raw))
        if self._hanging_up is not None:
            raise ConnectionAbortedError


def _written(key: Key) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
