"""Notifications of browsers, by the push services that they chose."""

from datetime import datetime
from typing import TYPE_CHECKING, Self

from tactful.deliver.web_push.settings import CONTACT, KEY, PACE, PRIVATE, TIMEOUT
from tactful.kernel import ids
from tactful.kernel.errors import BadInput, ChannelRefused, Refusal
from tactful.kernel.ports import Can, Promise
from tactful.kernel.records import Delivery, Receipt
from tactful.kernel.settings import Settings

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

    from tactful.deliver.calling import Answer, Caller
    from tactful.deliver.web_push.subscriptions import Subscription

# What says "not now" rather than "never": too slow, too early, too many.
NOT_NOW = (408, 425, 429)


class WebPush:
    """Seals notifications for browsers. key: ours; contact: see `web_push.contact`; pace: [1/s]."""

    name = "web_push"
    promise = Promise.IDEMPOTENT
    can = frozenset({Can.BUTTONS})
    pace: float = PACE.default

    def __init__(
        self, caller: "Caller", key: "EllipticCurvePrivateKey", *, contact: str, private: bool, pace: float
    ) -> None:
        self._caller, self._key, self._contact, self._private = caller, key, contact, private
        self.pace = pace

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The channel as these settings have it; None without a key or a contact."""
        if not settings[KEY] or not settings[CONTACT]:
            return None
        from tactful.deliver.calling import Caller
        from tactful.deliver.web_push.keys import private_key

        caller = Caller(timeout=settings[TIMEOUT], private=settings[PRIVATE])
        key, private = private_key(settings[KEY]), settings[PRIVATE]
        return cls(caller, key, contact=settings[CONTACT], private=private, pace=settings[PACE])

    def address(self, told: str) -> str:
        """A browser's subscription. raises: BadInput."""
        return self._read(told).kept

    def _read(self, told: str) -> "Subscription":
        from tactful.deliver.web_push.subscriptions import subscription

        return subscription(told, private=self._private)

    async def send(self, delivery: Delivery, at: datetime) -> Receipt:
        """Hand it to the push service. raises: ChannelRefused."""
        from tactful.deliver.web_push.keys import authorization
        from tactful.deliver.web_push.notification import topic

        browser = self._known(delivery)
        headers = {
            "authorization": authorization(self._key, browser.endpoint, self._contact, at),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(max(0, int((delivery.expires_at - at).total_seconds()))),
            "urgency": "normal",
            "topic": topic(delivery),
        }
        return _receipt(await self._caller.post(browser.endpoint, _sealed(delivery, browser), headers))

    def _known(self, delivery: Delivery) -> "Subscription":
        try:
            return self._read(delivery.address or "")
        except BadInput as wrong:
            raise ChannelRefused(f"The address {wrong.detail}.", refusal=Refusal.GONE) from wrong

    async def close(self) -> None:
        """Hang up."""
        await self._caller.close()


def key_for_browsers(settings: Settings) -> str | None:
    """What browsers subscribe with, in base64 for addresses; None without a key or a contact."""
    if not settings[KEY] or not settings[CONTACT]:
        return None
    from tactful.deliver.web_push.keys import private_key, public_key

    return public_key(private_key(settings[KEY]))


def _sealed(delivery: Delivery, browser: "Subscription") -> bytes:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

    from tactful.deliver.web_push.keys import decoded
    from tactful.deliver.web_push.notification import payload
    from tactful.deliver.web_push.sealing import seal

    own, salt = generate_private_key(SECP256R1()), decoded(ids.token(16))
    return seal(payload(delivery), browser.point, browser.auth, own=own, salt=salt)


def _receipt(answer: "Answer") -> Receipt:
    status = answer.status
    if 200 <= status < 300:
        return Receipt(reference=answer.headers.get("location", str(status))[:500])
    if status in (404, 410):
        raise ChannelRefused(f"The browser is no longer subscribed ({status}).", refusal=Refusal.GONE)
    if status < 500 and status not in NOT_NOW:
        raise ChannelRefused(f"The push service answered {status}.", refusal=Refusal.INVALID)
    raise ChannelRefused(f"The push service answered {status}.", refusal=Refusal.RETRY, after=answer.after)
