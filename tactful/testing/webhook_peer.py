"""An endpoint of an organisation's own program, as the other side of a channel."""

from base64 import b64encode
from typing import Any, Self

from tactful.deliver.webhook.settings import PRIVATE, TIMEOUT
from tactful.kernel.errors import Refusal
from tactful.testing.peers import Taken
from tactful.testing.webhooks import Endpoint, Posted

# What `tactful.testing` signs with, where a test needs a secret.
SECRET = "whsec_" + b64encode(b"a secret that anybody may know..").decode()
STATUS = {None: 204, Refusal.GONE: 410, Refusal.INVALID: 422, Refusal.RETRY: 429}


class WebhookPeer:
    """See `tactful.testing.peers.Peer`.

    >>> with WebhookPeer() as peer:
    ...     peer.address("ana").endswith("/hook?who=ana")
    True
    """

    refuses = frozenset({Refusal.GONE, Refusal.INVALID, Refusal.RETRY})
    strange: tuple[str, ...] = ("ana", "ftp://example.org/", "http://exa mple.org/", "https://example.org/\r\nX: y")

    def __init__(self) -> None:
        self.taken: list[Taken] = []
        self._status: int | None = 204
        self._taking = True
        self._endpoint = Endpoint(self._answer)

    def settings(self) -> dict[str, Any]:
        """It listens inside, without TLS."""
        return {PRIVATE.name: True, TIMEOUT.name: 2.0}

    def address(self, who: str) -> str:
        """An endpoint for one person."""
        return f"{self._endpoint.url}?who={who}"

    def refuse(self, refusal: Refusal | None, *, after: float | None = None) -> None:
        """Answer with the status that says so."""
        self._status, self._taking = STATUS[refusal], refusal is None
        self._endpoint.headers = {"Retry-After": f"{after:g}"} if after is not None else {}

    def hang_up(self, *, taking: bool) -> None:
        """Close the connection without an answer."""
        self._status, self._taking = None, taking

    def leave(self) -> None:
        """Stop listening."""
        self._endpoint.leave()

    def _answer(self, posted: Posted) -> int:
        if self._taking:
            self.taken.append(_taken(self._endpoint.url, posted))
        if self._status is None:
            raise ConnectionAbortedError
        return self._status

    def __enter__(self) -> Self:
        self._endpoint.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._endpoint.__exit__()


def _taken(url: str, posted: Posted) -> Taken:
    told = posted.told["data"]
    text = f"{told['title']}\n{told['message']}"
    raw = {"type": posted.told["type"], "signed": posted.proves(SECRET), "headers": posted.headers}
    return Taken(url.removesuffix("/hook") + posted.path, text, told["action"], told["out"], posted.key, raw=raw)
