"""Settings of publishing."""

from tactful.kernel.settings import Setting


def _address(url: str) -> str | None:
    fits = not url or url.startswith(("redis://", "rediss://", "unix://"))
    return None if fits else "is not an address like redis://valkey.example:6379/0"


URL = Setting(
    "pubsub.url",
    "",
    "The Valkey or Redis to publish on. Empty: the engine's own. A password in it is best given in the environment.",
    secret=True,
    check=_address,
)
TIMEOUT = Setting("pubsub.timeout", 5.0, "How long publishing may take.", unit="seconds", low=0.1, high=60)
PACE = Setting(
    "pubsub.pace", 1000.0, "Deliveries at most, of all workers together.", unit="per second", low=0.01, high=100_000
)

SETTINGS = (URL, TIMEOUT, PACE)
