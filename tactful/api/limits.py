"""Rate limits per person, per organisation and per address, without a round trip for most requests.

Each process counts for itself and tells Valkey in portions of a twentieth of the limit; what
Valkey answers is the sum over all processes. So a person's ordinary traffic costs nothing, and
with n processes a limit is exceeded by at most (n - 1) twentieths before everybody knows. When
Valkey is away, each process goes on counting alone: the door stays open, limits become per
process, and the metric `tactful_limits_alone_total` says how often.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from limits import RateLimitItemPerMinute

from tactful.kernel.clock import Clock
from tactful.kernel.errors import TooMany

SECONDS = 60
PORTIONS = 20
# After Valkey failed to answer, how long we do not ask again.
REST = 5.0


class Shared(Protocol):
    """Where processes add up their counts."""

    async def add(self, item: RateLimitItemPerMinute, window: int, who: str, amount: int) -> int | None:
        """Add and answer the sum, or None when nobody answers."""
        ...


@dataclass(slots=True)
class Count:
    """One name's count in the present minute. told: the sum Valkey last answered; pending: ours since then."""

    told: int = 0
    pending: int = 0


class Limits:
    """Counts requests by name and refuses those beyond `per_minute`. on_alone: called when counting alone."""

    def __init__(self, shared: Shared, *, clock: Clock, on_alone: Callable[[], None]) -> None:
        self._shared = shared
        self._clock = clock
        self._on_alone = on_alone
        self._window = -1
        self._counts: dict[str, Count] = {}
        self._rest_until = float("-inf")

    async def pass_by(self, who: str, per_minute: int) -> None:
        """Count one request of `who`. raises: TooMany, knowing how long to wait."""
        now, window = self.check(who, per_minute)
        count = self._counts.setdefault(who, Count())
        count.pending += 1
        if count.pending >= max(1, per_minute // PORTIONS):
            await self._tell(who, count, window, per_minute, now)

    def check(self, who: str, per_minute: int) -> tuple[float, int]:
        """The time and its minute, without counting [epoch seconds, epoch minutes]. raises: TooMany."""
        now = self._clock.now().timestamp()
        window = int(now // SECONDS)
        if window != self._window:
            self._window, self._counts = window, {}
        count = self._counts.get(who)
        if count is not None and count.told + count.pending >= per_minute:
            raise _too_many(int((window + 1) * SECONDS - now) + 1)
        return now, window

    async def _tell(self, who: str, count: Count, window: int, per_minute: int, now: float) -> None:
        portion, count.pending = count.pending, 0
        count.told += portion
        resting = now < self._rest_until
        told = None if resting else await self._shared.add(RateLimitItemPerMinute(per_minute), window, who, portion)
        if told is None:
            if not resting:
                self._rest_until = now + REST
            self._on_alone()
            return
        count.told = max(count.told, told)
        if told > per_minute:
            raise _too_many(int((window + 1) * SECONDS - now) + 1)


def _too_many(seconds: int) -> TooMany:
    return TooMany(f"Too many requests; try again in {seconds} seconds.", seconds=seconds)
