"""How many messages a connection may send: so many at once, and so many a second in the long run."""


class Bucket:
    """A bucket of tokens. per_second: how fast it fills; most: how many fit.

    >>> bucket = Bucket(per_second=1, most=2, now=0.0)
    >>> [bucket.take(0.0), bucket.take(0.0), bucket.take(0.5), bucket.take(1.5)]
    [True, True, False, True]
    """

    __slots__ = ("_at", "_left", "_most", "_per_second", "refused")

    def __init__(self, *, per_second: float, most: int, now: float) -> None:
        self._per_second = per_second
        self._most = most
        self._left = float(most)
        self._at = now
        # How many were refused one after the other.
        self.refused = 0

    def take(self, now: float) -> bool:
        """Whether one more may come. now: seconds of a clock that never goes back."""
        self._left = min(self._most, self._left + (now - self._at) * self._per_second)
        self._at = now
        if self._left < 1:
            self.refused += 1
            return False
        self._left -= 1
        self.refused = 0
        return True
