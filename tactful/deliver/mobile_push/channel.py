"""Notifications of your own app, by the provider that each phone listens to."""

import re
import ssl
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, Self

from tactful.deliver.mobile_push.settings import (
    APNS_KEY,
    APNS_KEY_ID,
    APNS_TEAM,
    APNS_TOPIC,
    APNS_URL,
    CA_FILE,
    FCM_ACCOUNT,
    FCM_URL,
    PACE,
    TIMEOUT,
)
from tactful.kernel.errors import BadInput, CannotStart, ChannelRefused, Refusal
from tactful.kernel.ports import Can, Promise
from tactful.kernel.records import Delivery, Receipt
from tactful.kernel.settings import Settings

if TYPE_CHECKING:
    from tactful.deliver.calling import Caller

# Both are opaque; Apple says only that their length may grow.
TOKENS = {"fcm": re.compile(r"[A-Za-z0-9_:-]{20,1000}"), "apns": re.compile(r"([0-9a-f]{2}){16,100}")}


class Provider(Protocol):
    """One of the two."""

    async def send(self, delivery: Delivery, token: str, at: datetime, /) -> Receipt:
        """Hand it over. raises: ChannelRefused."""
        ...


class MobilePush:
    """Sends by `providers`, by the name that addresses begin with. pace: [1/s]."""

    name = "mobile_push"
    promise = Promise.IDEMPOTENT
    can: frozenset[Can] = frozenset()
    pace: float = PACE.default

    def __init__(self, caller: "Caller", providers: dict[str, Provider], *, pace: float) -> None:
        self._caller, self._providers = caller, providers
        self.pace = pace

    @classmethod
    def of(cls, settings: Settings) -> Self | None:
        """The channel as these settings have it; None without any provider. raises: CannotStart."""
        if not settings[FCM_ACCOUNT] and not settings[APNS_KEY]:
            return None
        from tactful.deliver.calling import Caller

        try:
            # Where it leads is the operator's word alone, so it may lead inside.
            caller = Caller(timeout=settings[TIMEOUT], private=True, ca_file=settings[CA_FILE])
        except (OSError, ssl.SSLError) as error:
            raise CannotStart(f"mobile_push.ca_file cannot be used: {error}.", fields=[CA_FILE.name]) from error
        return cls(caller, _providers(settings, caller), pace=settings[PACE])

    def address(self, told: str) -> str:
        """A provider and its token. raises: BadInput."""
        provider, _, token = told.partition(":")
        kept = token.lower() if provider == "apns" else token
        if provider not in TOKENS or not TOKENS[provider].fullmatch(kept):
            raise BadInput("must be fcm: and a registration token, or apns: and a device token in hexadecimal")
        # Whether its provider is set up just now says nothing of the phone: `send` finds out, and keeps the address.
        return f"{provider}:{kept}"

    async def send(self, delivery: Delivery, at: datetime) -> Receipt:
        """Hand it to the provider. raises: ChannelRefused."""
        name, _, token = (delivery.address or "").partition(":")
        if not token:
            raise ChannelRefused("There is no phone to send to.", refusal=Refusal.GONE)
        provider = self._providers.get(name)
        if provider is None:
            raise ChannelRefused(f"{name} is not set up here.", refusal=Refusal.INVALID)
        return await provider.send(delivery, token, at)

    async def close(self) -> None:
        """Hang up."""
        await self._caller.close()


def _providers(settings: Settings, caller: "Caller") -> dict[str, Provider]:
    from tactful.deliver.mobile_push.apns import Apns, Key, signing_key
    from tactful.deliver.mobile_push.fcm import Fcm, account

    found: dict[str, Provider] = {}
    if settings[FCM_ACCOUNT]:
        found["fcm"] = Fcm(caller, account(settings[FCM_ACCOUNT]), settings[FCM_URL])
    if settings[APNS_KEY]:
        key = Key(signing_key(settings[APNS_KEY]), settings[APNS_KEY_ID], settings[APNS_TEAM], settings[APNS_TOPIC])
        found["apns"] = Apns(caller, key, settings[APNS_URL])
    return found
