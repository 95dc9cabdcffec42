"""How much a provider takes, of all workers together: counted in Valkey, by the generic cell rate algorithm."""

import time
from typing import Any

from redis.exceptions import RedisError

# What can go wrong when Valkey is away or slow.
AWAY = (RedisError, OSError, TimeoutError)
# How much of a second's worth may go at once [s].
BURST = 1.0

# KEYS: the channel's. ARGV: pace [1/s], how many are wanted, burst [s]. Answers how many may go, and the wait [us].
TAKE = """
local time = redis.call('TIME')
local now = time[1] + time[2] / 1e6
local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
local pace, wanted, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local free = math.floor((now + burst - full) * pace + 1e-6)
local taken = math.max(0, math.min(wanted, free))
if taken == 0 then
  return {0, math.ceil((full + 1 / pace - now - burst) * 1e6)}
end
full = full + taken / pace
redis.call('SET', KEYS[1], string.format('%.6f', full), 'EX', math.ceil(full - now) + 1)
return {taken, 0}
"""
REST = """
local time = redis.call('TIME')
local full = time[1] + time[2] / 1e6 + tonumber(ARGV[1]) + tonumber(ARGV[2])
if full > tonumber(redis.call('GET', KEYS[1]) or 0) then
  redis.call('SET', KEYS[1], string.format('%.6f', full), 'EX', math.ceil(tonumber(ARGV[1])) + 2)
end
"""

RESTING = """
local time = redis.call('TIME')
return math.ceil((tonumber(redis.call('GET', KEYS[1]) or 0) - time[1] - time[2] / 1e6 - tonumber(ARGV[1])) * 1e6)
"""


class Pacing:
    """Asked before anything goes out. Without Valkey each process keeps to the pace by itself."""

    def __init__(self, valkey: Any, *, burst: float = BURST) -> None:
        self._valkey, self._burst = valkey, burst
        self._full: dict[str, float] = {}

    async def take(self, channel: str, wanted: int, pace: float) -> tuple[int, float]:
        """How many of those `wanted` may go now, and where none may how long to wait [s]. pace: [1/s], inf for any."""
        if pace == float("inf"):
            return wanted, 0.0
        # One at a time has to be possible at any pace.
        burst = max(self._burst, 1 / pace)
        try:
            taken, wait = await self._valkey.eval(TAKE, 1, _key(channel), pace, wanted, burst)
            return int(taken), int(wait) / 1e6
        except AWAY:
            return self._alone(channel, wanted, pace, burst)

    async def rest(self, channel: str, seconds: float) -> None:
        """Send nothing through a channel for so long [s]: its provider asked for it, or is not there."""
        self._full[channel] = max(self._full.get(channel, 0.0), time.monotonic() + seconds + self._burst)
        try:
            await self._valkey.eval(REST, 1, _key(channel), seconds, self._burst)
        except AWAY:
            return

    async def resting(self, channel: str) -> float:
        """For how long nothing is sent through a channel [s]; 0 where it does not rest, or nobody can tell."""
        try:
            left = await self._valkey.eval(RESTING, 1, _key(channel), self._burst)
        except AWAY:
            return 0.0
        return max(0.0, int(left) / 1e6)

    def _alone(self, channel: str, wanted: int, pace: float, burst: float) -> tuple[int, float]:
        now = time.monotonic()
        full = max(self._full.get(channel, 0.0), now)
        taken = max(0, min(wanted, int((now + burst - full) * pace + 1e-6)))
        self._full[channel] = full + taken / pace
        return taken, 0.0 if taken else full + 1 / pace - now - burst


def _key(channel: str) -> str:
    return f"tactful:pace:{channel}"
